import { describe, expect, test } from 'bun:test'
import { type ContractBed, id, ids } from './contract-bed.ts'
import { task } from './samples.ts'
import { RowExists, RowMissing } from './store.ts'

/** What every engine must do with zones. */
export function zonesContract(bed: ContractBed): void {
  const { fill, newId, newZone, write } = bed

  describe('zones', () => {
    test('come back as they went in', async () => {
      const full = newZone({
        name: 'bücher.example.',
        apex: `xn--bcher-kva${bed.tenant.domainId}.example.`,
        zoneType: 'private',
        description: 'Ünï "quoted" \\ \n',
        status: 'FREEZE',
        serial: 4_294_967_295,
        revision: 2 ** 40,
        proxyPattern: 'RECURSIVE',
        routers: [{ routerId: 'vpc-1', routerRegion: 'r', status: 'ACTIVE' }],
        tags: [{ key: 'k', value: 'välue' }],
        updatedAt: 1_800_000_000_001,
      })
      await write((tx) => tx.insertZone({ ...full, recordCount: 99 }))
      expect(await bed.store.findZone(bed.tenant, full.id)).toEqual(full)
      const changed = {
        ...full,
        ttl: 60,
        routers: [],
        status: 'ACTIVE' as const,
        proxyPattern: null,
        updatedAt: null,
      }
      await write((tx) => tx.updateZone({ ...changed, recordCount: 99 }))
      expect(await bed.store.findZone(bed.tenant, full.id)).toEqual(changed)
    })

    test('public ones belong to the account, private ones to the project', async () => {
      const inner = newZone({ zoneType: 'private' })
      await write((tx) => tx.insertZone(inner))
      const otherProject = { ...bed.tenant, projectId: id(0xffff) }
      const otherAccount = { ...bed.tenant, domainId: id(0xffff) }
      expect(await bed.store.findZone(otherProject, bed.home.id)).toEqual(bed.home)
      expect(await bed.store.findZone(otherProject, inner.id)).toBeUndefined()
      expect(await bed.store.findZone(otherAccount, bed.home.id)).toBeUndefined()
      expect(await bed.store.findZone(otherAccount, inner.id)).toBeUndefined()
      expect(await bed.store.countZones(otherProject, 'public')).toBe(1)
      expect(await write((tx) => tx.lockZone(otherAccount, bed.home.id))).toBeUndefined()
    })

    test('are counted over all projects of their account', async () => {
      await write((tx) => tx.insertZone(newZone({ zoneType: 'private' })))
      const otherProject = { ...bed.tenant, projectId: id(0xffff) }
      const otherAccount = { ...bed.tenant, domainId: id(0xffff) }
      expect(await bed.store.countZones(otherProject, 'private')).toBe(1)
      expect(await bed.store.countZones(otherAccount, 'private')).toBe(0)
    })

    test('are read by id where they are visible', async () => {
      const inner = newZone({ zoneType: 'private' })
      await write((tx) => tx.insertZone(inner))
      const asked = [inner.id, bed.home.id, bed.home.id, id(0xabcdef)]
      expect(ids(await bed.store.zonesById(bed.tenant, asked)).sort()).toEqual(ids([bed.home, inner]).sort())
      expect(await bed.store.zonesById({ ...bed.tenant, projectId: id(0xffff) }, asked)).toEqual([bed.home])
      expect(await bed.store.zonesById({ ...bed.tenant, domainId: id(0xffff) }, asked)).toEqual([])
      expect(await bed.store.zonesById(bed.tenant, [])).toEqual([])
    })

    test('of another account cannot be locked', async () => {
      const otherAccount = { ...bed.tenant, domainId: id(0xffff) }
      expect(await write((tx) => tx.lockZone(otherAccount, bed.home.id))).toBeUndefined()
    })

    test('a public name exists once, a private one as often as wanted', async () => {
      const twin = { ...newZone(), apex: bed.home.apex }
      expect(write((tx) => tx.insertZone(twin))).rejects.toThrow(RowExists)
      await write((tx) => tx.insertZone({ ...twin, id: newId(), zoneType: 'private' }))
      await write((tx) => tx.insertZone({ ...twin, id: newId(), zoneType: 'private' }))
      expect((await bed.store.zonesByApex(bed.home.apex, 'private')).length).toBe(2)
      expect(await bed.store.zonesByApex(bed.home.apex, 'public')).toEqual([bed.home])
    })

    test('a change of one that is gone is a fault', () => {
      expect(write((tx) => tx.updateZone(newZone()))).rejects.toThrow(RowMissing)
    })

    test('are removed with their record sets and tasks', async () => {
      const [set] = await fill({ owner: 'a' })
      const work = task({ id: newId(), zoneId: bed.home.id, ...bed.tenant })
      await write(async (tx) => {
        await tx.insertTask(work, [{ no: 0, first: 0, count: 1, items: [1] }])
        await tx.insertTaskErrors(work.id, [{ index: 0, item: {}, code: 'x', message: 'y' }])
        await tx.insertTaskEffects(work.id, 0, [{ index: 0, recordSetId: 'r', before: null, after: null }])
        await tx.removeZone(bed.home.id)
      })
      expect(await bed.store.findZone(bed.tenant, bed.home.id)).toBeUndefined()
      expect(await bed.store.findTask(bed.tenant, work.id)).toBeUndefined()
      expect(await bed.store.readTaskChunk(work.id, 0)).toBeUndefined()
      expect(await bed.store.listTaskErrors(work.id, { limit: 9, offset: 0 })).toEqual([])
      expect(await bed.store.listTaskEffects(work.id)).toEqual([])
      expect(await bed.store.recordSetsAt(bed.home.id, [set!.owner])).toEqual([])
      await write((tx) => tx.insertZone(bed.home)) // and the id of the set is free again
      await write((tx) => tx.insertRecordSets(bed.home.id, [set!]))
    })
  })
}
