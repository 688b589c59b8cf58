import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { zone } from './samples.ts'
import { RowMissing, type Store } from './store.ts'
import type { ZoneKeyRow } from './zone-key-calls.ts'

const id = (n: number): string => n.toString(16).padStart(32, '0')

/** What every engine must do with the keys of zones. */
export function zoneKeysContract(openEmpty: () => Promise<Store>): void {
  let store: Store
  const signed = zone({ id: id(0xa1), apex: 'signed.example.' })
  const other = zone({ id: id(0xa2), apex: 'other.example.' })

  beforeAll(async () => {
    store = await openEmpty()
    await store.migrate()
    await store.transaction(async (tx) => {
      await tx.insertZone(signed)
      await tx.insertZone(other)
    })
  })
  afterAll(() => store.close())

  const key = (n: number, special: Partial<ZoneKeyRow> = {}): ZoneKeyRow => ({
    id: id(n),
    zoneId: signed.id,
    flags: 257,
    algorithm: 13,
    publicKey: Uint8Array.of(0, 1, 254, 255),
    sealedSecret: 'c2VhbGVk',
    publishedAt: 1_700_000_000_000,
    activeAt: 1_700_000_000_001,
    retiredAt: null,
    removedAt: null,
    createdAt: 1_700_000_000_000 - n,
    ...special,
  })

  describe('keys of zones', () => {
    test('are kept with all their fields, the oldest first, and go with their zone', async () => {
      const keys = [
        key(1),
        key(2, { flags: 256, retiredAt: 1_800_000_000_000 }),
        key(3, { zoneId: other.id }),
      ]
      await store.transaction(async (tx) => {
        for (const each of keys) await tx.insertZoneKey(each)
      })
      expect(await store.zoneKeys(signed.id)).toEqual([keys[1]!, keys[0]!])
      expect(await store.readSnapshot((snapshot) => snapshot.zoneKeys())).toEqual([
        keys[1]!,
        keys[0]!,
        keys[2]!,
      ])

      const later = { ...keys[0]!, retiredAt: 1_900_000_000_000, removedAt: 1_900_000_000_009 }
      await store.transaction((tx) => tx.updateZoneKey(later))
      expect(await store.zoneKeys(signed.id)).toEqual([keys[1]!, later])

      await store.transaction((tx) => tx.removeZoneKey(keys[1]!.id))
      expect(await store.zoneKeys(signed.id)).toEqual([later])
      await store.transaction((tx) => tx.removeZone(signed.id))
      expect(await store.zoneKeys(signed.id)).toEqual([])
      expect(await store.zoneKeys(other.id)).toEqual([keys[2]!])
    })

    test('are found by the zones whose serial should rise for them', async () => {
      const { domainId, projectId } = other
      const owned = { zoneId: other.id, domainId, projectId }
      const made = key(10, { zoneId: other.id, activeAt: 20, createdAt: 10, retiredAt: 30, removedAt: 40 })
      await store.transaction(async (tx) => {
        for (const { id } of await tx.zoneKeys(other.id)) await tx.removeZoneKey(id)
        await tx.insertZoneKey(made)
        await tx.insertZoneKey({ ...made, id: id(11) })
      })
      expect(await store.zonesToAnnounce(10, 19, 9)).toEqual([])
      expect(await store.zonesToAnnounce(11, 19, 9)).toEqual([owned])
      expect(await store.zonesToAnnounce(10, 20, 9)).toEqual([owned])
      for (const moment of [20, 30, 40]) {
        expect(await store.zonesToAnnounce(10, moment, 9)).toEqual([owned])
        await store.transaction((tx) => tx.markKeysAnnounced(other.id, moment))
        expect(await store.zonesToAnnounce(10, moment + 9, 9)).toEqual([])
      }
      await store.transaction(async (tx) => {
        for (const { id } of await tx.zoneKeys(other.id)) await tx.removeZoneKey(id)
      })
    })

    test('are found by the zones that they have signed for long', async () => {
      const [old, young, leaving] = [
        key(20, { zoneId: other.id, flags: 256, activeAt: 10 }),
        key(21, { zoneId: other.id, flags: 256, activeAt: 30 }),
        key(22, { zoneId: other.id, flags: 256, activeAt: 10, retiredAt: 40 }),
      ]
      await store.transaction(async (tx) => {
        for (const each of [young, leaving]) await tx.insertZoneKey(each)
      })
      expect(await store.zonesWithKeysOf(256, 20, 9)).toEqual([])
      await store.transaction((tx) => tx.insertZoneKey(old))
      const { domainId, projectId } = other
      expect(await store.zonesWithKeysOf(256, 20, 9)).toEqual([{ zoneId: other.id, domainId, projectId }])
      expect(await store.zonesWithKeysOf(256, 31, 1)).toHaveLength(1)
      await store.transaction((tx) => tx.updateZone({ ...other, status: 'DISABLE' }))
      expect(await store.zonesWithKeysOf(256, 20, 9)).toEqual([])
    })

    test('belong to a zone that is there, and only what is there can be changed', async () => {
      const insert = store.transaction((tx) => tx.insertZoneKey(key(9, { zoneId: id(0xff) })))
      await expect(insert).rejects.toBeInstanceOf(RowMissing)
      const update = store.transaction((tx) => tx.updateZoneKey(key(9)))
      await expect(update).rejects.toBeInstanceOf(RowMissing)
    })
  })
}
