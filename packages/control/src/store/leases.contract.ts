import { beforeAll, describe, expect, test } from 'bun:test'
import type { ContractBed } from './contract-bed.ts'
import { task } from './samples.ts'

/** How every engine gives workers the right to tasks. */
export function leasesContract(bed: ContractBed): void {
  const { newId, newZone, write } = bed

  describe('leases', () => {
    const NOW = 1_800_000_000_000
    const add = (...specials: Partial<Parameters<typeof task>[0]>[]) =>
      write(async (tx) => {
        const tasks = specials.map((special) =>
          task({ id: newId(), zoneId: bed.home.id, ...bed.tenant, ...special }),
        )
        for (const one of tasks) await tx.insertTask(one, [])
        return tasks
      })
    const lease = (owner: string, now = NOW, until = now + 100) =>
      write((tx) => tx.leaseTask(owner, now, until))
    const finish = (one: ReturnType<typeof task>) => write((tx) => tx.updateTask({ ...one, status: 'DONE' }))
    // Only this part leases, and it starts with nothing pending.
    beforeAll(async () => {
      for (let left = await lease('sweep'); left !== undefined; left = await lease('sweep'))
        await finish(left)
    })

    test('are given for the oldest task, once at a time', async () => {
      const other = newZone()
      await write((tx) => tx.insertZone(other))
      const [young, old] = await add({ createdAt: 2 }, { createdAt: 1, zoneId: other.id })
      expect((await lease('a'))?.id).toBe(old!.id)
      expect((await lease('b'))?.id).toBe(young!.id)
      expect(await lease('c')).toBeUndefined()
      await finish(young!)
      await finish(old!)
      expect(await lease('c', NOW + 1000)).toBeUndefined()
    })

    test('are over at their time, and then taken by somebody else', async () => {
      const [one] = await add({})
      await lease('a')
      expect(await lease('b', NOW + 99)).toBeUndefined()
      expect((await lease('b', NOW + 100))?.id).toBe(one!.id)
      expect(await write((tx) => tx.renewLease(one!.id, 'a', NOW + 500))).toBe(false)
      expect(await write((tx) => tx.renewLease(one!.id, 'b', NOW + 500))).toBe(true)
      expect(await lease('c', NOW + 499)).toBeUndefined()
      await finish(one!)
    })

    test('of one zone follow the order of its tasks', async () => {
      const [second, first, third] = await add({ createdAt: 2 }, { createdAt: 1 }, { createdAt: 3 })
      expect((await lease('a'))?.id).toBe(first!.id)
      expect(await lease('b')).toBeUndefined()
      expect(await write((tx) => tx.leaseTaskById(second!.id, 'b', NOW, NOW + 1))).toBeUndefined()
      await finish(first!)
      expect(await write((tx) => tx.leaseTaskById(third!.id, 'b', NOW, NOW + 1))).toBeUndefined()
      expect((await write((tx) => tx.leaseTaskById(second!.id, 'b', NOW, NOW + 1)))?.id).toBe(second!.id)
      await finish(second!)
      expect((await lease('c'))?.id).toBe(third!.id)
      await finish(third!)
    })

    test('of many nodes that ask at once are all different', async () => {
      const zones = Array.from({ length: 12 }, () => newZone())
      await write(async (tx) => {
        for (const one of zones) await tx.insertZone(one)
      })
      const tasks = await add(...zones.map((one) => ({ zoneId: one.id })))
      const given: string[] = []
      const node = async (name: string) => {
        for (let one = await lease(name); one !== undefined; one = await lease(name)) given.push(one.id)
      }
      await Promise.all(Array.from({ length: 6 }, (_, i) => node(`node${i}`)))
      // A row that another node is just taking is passed over; somebody finds it on the next look.
      await node('last')
      expect(given.sort()).toEqual(tasks.map((one) => one.id).sort())
      for (const one of tasks) await finish(one)
    })

    test('of a finished or removed task are not renewed or given', async () => {
      const [one] = await add({})
      await lease('a')
      await write((tx) => tx.removeTask(one!.id))
      expect(await write((tx) => tx.renewLease(one!.id, 'a', NOW + 500))).toBe(false)
      expect(await write((tx) => tx.leaseTaskById(one!.id, 'a', NOW, NOW + 1))).toBeUndefined()
    })
  })
}
