import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { ListedRecordSet, Tenant, Zone, ZoneType } from '../store/store.ts'
import { readMembers } from '../zones/zone-input.ts'

/** Rows of one call. */
const MAX_ROWS = 1000
const ID = /^[0-9a-zA-Z]{32}$|^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/

type Dimension = 'dns_public_zone_id' | 'dns_public_recordset_id' | 'dns_private_zone_id' | 'vpc_id'

/** The names that were in use before there were private zones. */
const OLD_NAMES: Readonly<Record<string, Dimension>> = {
  dns_zone_id: 'dns_public_zone_id',
  dns_recordset_id: 'dns_public_recordset_id',
}
/** A zone, and what may be named after it. */
const DIMENSIONS: Readonly<Record<string, { readonly zoneType: ZoneType; readonly within: Dimension }>> = {
  dns_public_zone_id: { zoneType: 'public', within: 'dns_public_recordset_id' },
  dns_private_zone_id: { zoneType: 'private', within: 'vpc_id' },
}

/** What one row of ids names: a zone, and a record set of it or a network that sees it, where that was asked for. */
export interface Instance {
  readonly zone: Zone
  readonly recordSet?: ListedRecordSet
  readonly network?: { readonly id: string; readonly name: string }
}

/** Finds what ids stand for, for monitors. Rows that name nothing are left out. Code: DNS.0002. */
export async function findInstances(context: Context, tenant: Tenant, body: unknown): Promise<Instance[]> {
  const sent = readMembers(body)
  const { zoneType, within, size } = readDimensions(sent.dim_name)
  const rows = readRows(sent.ids).filter((row) => row.length === size)
  const zones = byId(
    await context.store.zonesById(
      tenant,
      rows.map(([zoneId]) => zoneId!),
    ),
  )
  const inner = rows.flatMap(([, id]) => id ?? [])
  const sets =
    within === 'dns_public_recordset_id' ? byId(await context.store.recordSetsById(tenant, inner)) : undefined
  const networks = within === 'vpc_id' ? await networkNames(context, tenant, inner) : undefined

  return rows.flatMap(([zoneId, id]): Instance[] => {
    const zone = zones.get(zoneId!)
    if (zone?.zoneType !== zoneType) return []
    if (sets !== undefined) {
      const recordSet = sets.get(id!)
      return recordSet?.zoneId === zone.id ? [{ zone, recordSet }] : []
    }
    if (networks === undefined) return [{ zone }]
    const network = id!.toLowerCase()
    const isSeen = zone.routers.some((router) => router.routerId.toLowerCase() === network)
    return isSeen ? [{ zone, network: { id: network, name: networks.get(network)! } }] : []
  })
}

/** One or two names: a kind of zone, and what lies in it. */
function readDimensions(sent: unknown): { zoneType: ZoneType; within: Dimension | undefined; size: 1 | 2 } {
  if (!Array.isArray(sent) || sent.length < 1 || sent.length > 2) throw apiError('REQUEST_INVALID')
  const [first, second] = sent.map((name) => (Object.hasOwn(OLD_NAMES, name) ? OLD_NAMES[name] : name))
  const dimension = Object.hasOwn(DIMENSIONS, first) ? DIMENSIONS[first] : undefined
  if (dimension === undefined) throw apiError('REQUEST_INVALID')
  if (sent.length === 1) return { zoneType: dimension.zoneType, within: undefined, size: 1 }
  if (second !== dimension.within) throw apiError('REQUEST_INVALID')
  return { ...dimension, size: 2 }
}

function readRows(sent: unknown): readonly (readonly string[])[] {
  if (!Array.isArray(sent) || sent.length < 1 || sent.length > MAX_ROWS) throw apiError('REQUEST_INVALID')
  const isRow = (row: unknown) =>
    Array.isArray(row) && row.length <= 2 && row.every((id) => typeof id === 'string' && ID.test(id))
  if (!sent.every(isRow)) throw apiError('REQUEST_INVALID')
  return sent
}

const byId = <T extends { readonly id: string }>(rows: readonly T[]): Map<string, T> =>
  new Map(rows.map((row) => [row.id, row]))

/** Names by lower-case id; a network that is not registered is called by its id. */
async function networkNames(
  { store }: Context,
  tenant: Tenant,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const id of new Set(ids.map((each) => each.toLowerCase()))) {
    names.set(id, (await store.findNetwork(tenant, id))?.name ?? id)
  }
  return names
}
