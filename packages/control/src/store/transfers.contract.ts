import { afterAll, beforeAll, expect, test } from 'bun:test'
import { zone as zoneSample } from './samples.ts'
import { RowExists, type Store } from './store.ts'
import { ALL_ZONES, type TransferAccessRow, type TsigKeyRow } from './transfer-calls.ts'

/** What every engine must do with the keys and the access of transfers. `openEmpty` opens a store without a schema. */
export function transfersContract(openEmpty: () => Promise<Store>): void {
  let store: Store
  beforeAll(async () => {
    store = await openEmpty()
    await store.migrate()
  })
  afterAll(() => store.close())

  const key = (name: string): TsigKeyRow => ({
    ...{ name, algorithm: 'hmac-sha384', sealedSecret: 'sealed', createdAt: 7 },
  })

  test('keys have one name each and are listed by it', async () => {
    const [b, a] = [key('b.'), key('a.')]
    await store.transaction(async (tx) => {
      await tx.insertTsigKey(b)
      await tx.insertTsigKey(a)
    })
    expect(await store.tsigKeys()).toEqual([a, b])
    expect(store.transaction((tx) => tx.insertTsigKey(key('a.')))).rejects.toThrow(RowExists)
    await store.transaction((tx) => tx.removeTsigKey('b.'))
    expect(await store.tsigKeys()).toEqual([a])
  })

  test('access is written whole, for all zones and for single ones, and goes with its zone', async () => {
    const zone = zoneSample({ id: 'ab'.repeat(16), apex: 'transferred.example.' })
    const own: TransferAccessRow = {
      zoneId: zone.id,
      allow: [{ cidr: '192.0.2.0/24', key: 'a.' }],
      notify: [{ address: '192.0.2.1:53' }],
      updatedAt: 5,
    }
    const all: TransferAccessRow = { zoneId: ALL_ZONES, allow: [{ key: 'a.' }], notify: [], updatedAt: 6 }
    await store.transaction(async (tx) => {
      await tx.insertZone(zone)
      await tx.putTransferAccess({ ...own, allow: [] })
      await tx.putTransferAccess(own)
      await tx.putTransferAccess(all)
    })
    expect(await store.findTransferAccess(zone.id)).toEqual(own)
    expect(await store.transferAccess()).toEqual([all, own])
    expect(await store.readSnapshot((snapshot) => snapshot.transfers())).toMatchObject({ access: [all, own] })
    const { domainId, projectId } = zone
    expect(await store.ownerOfZone(zone.id)).toEqual({ domainId, projectId })
    expect(await store.ownerOfZone('f'.repeat(32))).toBeUndefined()
    await store.transaction((tx) => tx.removeZone(zone.id))
    expect(await store.transferAccess()).toEqual([all])
    await store.transaction((tx) => tx.removeTransferAccess(ALL_ZONES))
    expect(await store.findTransferAccess(ALL_ZONES)).toBeUndefined()
  })
}
