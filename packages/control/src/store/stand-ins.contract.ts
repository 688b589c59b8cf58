import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { recordSet, zone } from './samples.ts'
import type { Store } from './store.ts'

const id = (n: number): string => n.toString(16).padStart(32, '0')
const owners = (rows: readonly { readonly owner: string }[]) => rows.map((row) => row.owner).sort()

/** What every engine must do with record sets that are answered with addresses which are not their values. */
export function standInsContract(openEmpty: () => Promise<Store>): void {
  let store: Store
  const home = zone({ id: id(1), apex: 'example.org.' })
  const paused = zone({ id: id(2), apex: 'example.net.', status: 'DISABLE', domainId: id(9) })

  beforeAll(async () => {
    store = await openEmpty()
    await store.migrate()
    const target = { resourceType: 'waf', resourceDomainName: 'x.waf.example.com' }
    await store.transaction(async (tx) => {
      for (const each of [home, paused]) await tx.insertZone(each)
      await tx.insertRecordSets(home.id, [
        recordSet(home, { id: id(11), owner: 'www.example.org.' }),
        recordSet(home, { id: id(12), owner: 'old.example.org.', type: 'REDIRECT_URL', rdatas: null }),
        recordSet(home, { id: id(13), owner: 'shop.example.org.', aliasTarget: target, rdatas: null }),
      ])
      await tx.insertRecordSets(paused.id, [
        recordSet(paused, { id: id(21), owner: 'go.example.net.', type: 'FORWARD_URL', status: 'DISABLE' }),
        recordSet(paused, { id: id(22), owner: 'example.net.', type: 'AAAA', aliasTarget: target }),
      ])
    })
  })
  afterAll(() => store.close())

  describe('record sets answered with addresses of others', () => {
    test('are listed whatever their account and status, with those of their zone', async () => {
      const forwards = await store.listUrlRecordSets()
      expect(owners(forwards)).toEqual(['go.example.net.', 'old.example.org.'])
      expect(forwards.find((set) => set.id === id(21))).toMatchObject({
        zoneId: paused.id,
        domainId: id(9),
        zoneStatus: 'DISABLE',
        status: 'DISABLE',
      })
      expect(owners(await store.listAliasRecordSets())).toEqual(['example.net.', 'shop.example.org.'])
    })

    test('are listed of some zones only', async () => {
      expect(owners(await store.listUrlRecordSets([home.id, id(99)]))).toEqual(['old.example.org.'])
      expect(owners(await store.listAliasRecordSets([paused.id]))).toEqual(['example.net.'])
      expect(await store.listAliasRecordSets([])).toEqual([])
    })

    test('are found by the zones that the log names', async () => {
      const first = await store.zonesInFeed(0)
      const append = (zoneId: string) =>
        store.transaction((tx) => tx.appendFeed({ zoneId, serial: 1, payload: Uint8Array.of(6) }))
      await append(home.id)
      await append(home.id)
      const seq = await append(paused.id)
      const { zoneIds, newest } = await store.zonesInFeed(first.newest)
      expect([zoneIds.sort(), newest]).toEqual([[home.id, paused.id], seq])
      expect(await store.zonesInFeed(seq - 1)).toEqual({ zoneIds: [paused.id], newest: seq })
      expect(await store.zonesInFeed(seq)).toEqual({ zoneIds: [], newest: seq })
    })
  })
}
