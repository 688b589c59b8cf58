import { describe, expect, test } from 'bun:test'
import type { ContractBed } from './contract-bed.ts'
import { recordSet } from './samples.ts'
import type { Zone } from './store.ts'

/** How every engine migrates and keeps transactions apart. */
export function transactionsContract(bed: ContractBed): void {
  const { newId, newZone, write } = bed

  describe('migrate', () => {
    test('can be repeated', async () => {
      await bed.store.migrate()
      expect(await bed.store.findZone(bed.tenant, bed.home.id)).toEqual(bed.home)
    })
  })

  describe('transaction', () => {
    test('takes everything back when the work throws, and throws the same', async () => {
      const fault = new Error('no')
      const other = newZone()
      const failed = write(async (tx) => {
        await tx.insertZone(other)
        await tx.insertRecordSets(bed.home.id, [recordSet(bed.home, { id: newId(), owner: bed.home.apex })])
        throw fault
      })
      expect(failed).rejects.toBe(fault)
      await failed.catch(() => {})
      expect(await bed.store.findZone(bed.tenant, other.id)).toBeUndefined()
      expect((await bed.store.findZone(bed.tenant, bed.home.id))!.recordCount).toBe(0)
    })

    test('sees its own writes, others see them after the commit', async () => {
      const other = newZone()
      let goOn = (): void => {}
      const pause = new Promise<void>((resolve) => {
        goOn = resolve
      })
      const writing = write(async (tx) => {
        await tx.insertZone(other)
        expect(await tx.findZone(bed.tenant, other.id)).toEqual(other)
        await pause
      })
      const reading = bed.store.findZone(bed.tenant, other.id)
      await Bun.sleep(5)
      goOn()
      await writing
      // A store of one connection answers the read afterwards, the others before: never with half of a transaction.
      expect([undefined, other]).toContainEqual(await reading)
      expect(await bed.store.findZone(bed.tenant, other.id)).toEqual(other)
    })

    test('two that read and write the same zone under its lock lose nothing', async () => {
      const raise = () =>
        write(async (tx) => {
          const locked = (await tx.lockZone(bed.tenant, bed.home.id))!
          await Bun.sleep(1)
          await tx.updateZone({ ...locked, serial: locked.serial + 1 })
        })
      await Promise.all(Array.from({ length: 8 }, raise))
      expect((await bed.store.findZone(bed.tenant, bed.home.id))!.serial).toBe(bed.home.serial + 8)
    })

    test('that lock two zones in opposite order both succeed', async () => {
      const other = newZone()
      await write((tx) => tx.insertZone(other))
      const lockBoth = (first: Zone, second: Zone) =>
        write(async (tx) => {
          await tx.lockZone(bed.tenant, first.id)
          await Bun.sleep(20)
          const locked = (await tx.lockZone(bed.tenant, second.id))!
          await tx.updateZone({ ...locked, revision: locked.revision + 1 })
        })
      await Promise.all([lockBoth(bed.home, other), lockBoth(other, bed.home)])
      expect((await bed.store.findZone(bed.tenant, bed.home.id))!.revision).toBe(bed.home.revision + 1)
      expect((await bed.store.findZone(bed.tenant, other.id))!.revision).toBe(other.revision + 1)
    })

    test('refuses the store inside, which would wait for ever', async () => {
      expect(write(async () => void (await bed.store.findZone(bed.tenant, bed.home.id)))).rejects.toThrow(
        'Inside a transaction',
      )
      expect(write(() => write(async () => {}))).rejects.toThrow('Inside a transaction')
    })
  })
}
