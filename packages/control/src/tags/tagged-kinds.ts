import { apiError } from '../errors.ts'
import { TAGGED_PTRS } from '../ptrs/ptr-tags.ts'
import { lockRecordSets } from '../record-sets/change-by-zone.ts'
import type { Reads, Tag, TagInUse, TagSearch, Tenant, Tx, ZoneType } from '../store/store.ts'

/** A resource as a search by tags finds it. */
export interface TaggedResource {
  readonly id: string
  readonly name: string
  readonly tags: readonly Tag[]
}

export interface ResourceSearch {
  readonly tagSearch: TagSearch
  /** Part of the name, without regard to case. */
  readonly namePart: string | undefined
  readonly limit: number
  readonly offset: number
}

/** What the tag calls need of a kind of resource. One that is not of the kind is not found: 404 with the code of the kind. */
export interface TaggedKind {
  find(store: Reads, tenant: Tenant, id: string): Promise<readonly Tag[]>
  /** Locks the resource and keeps what `change` makes of its tags; undefined: nothing is written. */
  change(
    tx: Tx,
    tenant: Tenant,
    id: string,
    change: (tags: readonly Tag[]) => readonly Tag[] | undefined,
  ): Promise<void>
  listInUse(store: Reads, tenant: Tenant): Promise<TagInUse[]>
  /** Newest first. */
  search(
    store: Reads,
    tenant: Tenant,
    search: ResourceSearch,
  ): Promise<{ readonly rows: readonly TaggedResource[]; readonly total: number }>
}

/** By the name that paths have for them. */
const KINDS: Readonly<Record<string, TaggedKind>> = {
  'DNS-public_zone': zones('public'),
  'DNS-private_zone': zones('private'),
  'DNS-public_recordset': recordSets('public'),
  'DNS-private_recordset': recordSets('private'),
  'DNS-ptr_record': TAGGED_PTRS,
}

/** Code: DNS.1002. */
export function taggedKind(name: string): TaggedKind {
  if (!Object.hasOwn(KINDS, name)) throw apiError('TAG_RESOURCE_INVALID')
  return KINDS[name]!
}

function zones(zoneType: ZoneType): TaggedKind {
  return {
    async find(store, tenant, id) {
      const zone = await store.findZone(tenant, id)
      if (zone?.zoneType !== zoneType) throw apiError('ZONE_NOT_FOUND')
      return zone.tags
    },
    async change(tx, tenant, id, change) {
      const zone = await tx.lockZone(tenant, id)
      if (zone?.zoneType !== zoneType) throw apiError('ZONE_NOT_FOUND')
      const tags = change(zone.tags)
      if (tags !== undefined) await tx.updateZone({ ...zone, tags, revision: zone.revision + 1 })
    },
    listInUse: (store, tenant) => store.listTagsInUse(tenant, 'zone', zoneType),
    search: (store, tenant, search) =>
      store.listZones(tenant, { zoneType, ...filterOf(search) }, pageOf(search)),
  }
}

function recordSets(zoneType: ZoneType): TaggedKind {
  return {
    async find(store, tenant, id) {
      const [row] = await store.recordSetsById(tenant, [id])
      const zone = row && (await store.findZone(tenant, row.zoneId))
      if (row === undefined || zone?.zoneType !== zoneType) throw apiError('RECORD_SET_NOT_FOUND')
      return row.tags
    },
    async change(tx, tenant, id, change) {
      const [placed] = await lockRecordSets(tx, tenant, [id])
      if (placed?.zone.zoneType !== zoneType) throw apiError('RECORD_SET_NOT_FOUND')
      const { zone, row } = placed
      const tags = change(row.tags)
      if (tags === undefined) return
      await tx.updateRecordSet({ ...row, tags })
      await tx.updateZone({ ...zone, revision: zone.revision + 1 })
    },
    listInUse: (store, tenant) => store.listTagsInUse(tenant, 'record_set', zoneType),
    search: (store, tenant, search) =>
      store.listRecordSets(tenant, { zoneType, ...filterOf(search) }, pageOf(search)),
  }
}

const filterOf = ({ tagSearch, namePart }: ResourceSearch) => ({
  tagSearch,
  name: namePart === undefined ? undefined : ({ value: namePart, mode: 'like' } as const),
})

const pageOf = ({ limit, offset }: ResourceSearch) =>
  ({ limit, offset, sortKey: 'created_at', sortDir: 'desc' }) as const
