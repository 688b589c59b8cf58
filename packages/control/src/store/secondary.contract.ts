import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { recordSet, zone } from './samples.ts'
import type { TransferState } from './secondary-calls.ts'
import { RowMissing, type Store } from './store.ts'

const id = (n: number): string => n.toString(16).padStart(32, '0')

/** What every engine must do with zones that are kept as a secondary. */
export function secondaryContract(openEmpty: () => Promise<Store>): void {
  let store: Store
  const primaries = [{ host: '192.0.2.1', port: 53, key: 'k.example.' }]
  const followed = zone({ id: id(0xb1), apex: 'followed.example.', primaries })
  const paused = zone({ id: id(0xb2), apex: 'paused.example.', primaries, status: 'DISABLE' })

  beforeAll(async () => {
    store = await openEmpty()
    await store.migrate()
    await store.transaction(async (tx) => {
      await tx.insertZone(followed)
      await tx.insertZone(paused)
    })
  })
  afterAll(() => store.close())

  const state = (zoneId: string, special: Partial<TransferState> = {}): TransferState => ({
    zoneId,
    nextAt: 10,
    checkedAt: null,
    transferredAt: null,
    expiresAt: null,
    failures: 0,
    tries: [],
    leftOut: {},
    ...special,
  })

  describe('secondary zones', () => {
    test('name their primaries, and keep how their transfers went', async () => {
      expect(await store.findZone(followed, followed.id)).toEqual(followed)
      const whole = state(followed.id, {
        checkedAt: 1,
        transferredAt: 2,
        expiresAt: 3,
        failures: 4,
        tries: [
          {
            at: 5,
            durationMs: 6,
            reason: 'notify',
            primary: '192.0.2.1:53',
            outcome: 'failed',
            serial: 4294967295,
            records: 0,
            error: 'The primary answers REFUSED.',
          },
        ],
        leftOut: { RRSIG: 7 },
      })
      await store.transaction((tx) => tx.putTransfer(state(followed.id)))
      await store.transaction((tx) => tx.putTransfer(whole))
      expect(await store.findTransfer(followed.id)).toEqual(whole)
      expect(await store.findTransfer(id(0xff))).toBeUndefined()
      await expect(store.transaction((tx) => tx.putTransfer(state(id(0xff))))).rejects.toBeInstanceOf(
        RowMissing,
      )
    })

    test('are found by the key of a primary', async () => {
      await store.transaction((tx) => tx.putTransfer(state(followed.id)))
      expect(await store.zonesFollowingBy('k.example.')).toEqual([followed.apex])
      expect(await store.zonesFollowingBy('other.example.')).toEqual([])
    })

    test('are due at their time, one taker each, and not while they are paused', async () => {
      await store.transaction(async (tx) => {
        await tx.putTransfer(state(followed.id))
        await tx.putTransfer(state(paused.id))
      })
      expect(await store.dueTransfers(9, 5)).toEqual([])
      const { domainId, projectId } = followed
      const due = { zoneId: followed.id, nextAt: 10, domainId, projectId }
      expect(await store.dueTransfers(10, 5)).toEqual([due])
      expect(await store.transaction((tx) => tx.claimTransfer(followed.id, 10, 99))).toBe(true)
      expect(await store.transaction((tx) => tx.claimTransfer(followed.id, 10, 99))).toBe(false)
      expect(await store.dueTransfers(98, 5)).toEqual([])
    })

    test('change the status of all their record sets at once, and take their state along', async () => {
      const sets = [1, 2].map((n) => recordSet(followed, { id: id(n), owner: `h${n}.followed.example.` }))
      await store.transaction((tx) => tx.insertRecordSets(followed.id, sets))
      await store.transaction((tx) => tx.setStatusInZone(followed.id, 'ERROR'))
      const rows = await store.recordSetsInOrder(followed.id, undefined, 9)
      expect(rows.map(({ status }) => status)).toEqual(['ERROR', 'ERROR'])
      await store.transaction((tx) => tx.removeTransfer(paused.id))
      expect(await store.findTransfer(paused.id)).toBeUndefined()
      await store.transaction((tx) => tx.removeZone(followed.id))
      expect(await store.findTransfer(followed.id)).toBeUndefined()
    })
  })
}
