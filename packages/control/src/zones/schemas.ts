import { z } from 'zod'
import { formatTime, formatTimeOrNull } from '../http/time.ts'
import { formatPrimary } from '../secondary/primaries.ts'
import type { Zone } from '../store/store.ts'

const Links = z.object({ self: z.string(), next: z.string().optional() })
const RouterBody = z.strictObject({ router_id: z.string(), router_region: z.string(), status: z.string() })
const TagBody = z.strictObject({ key: z.string(), value: z.string() })

/** A zone of either kind; which of the optional members are there depends on the operation. */
export const ZoneBody = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  email: z.string(),
  zone_type: z.enum(['public', 'private']),
  ttl: z.int(),
  serial: z.int(),
  status: z.string(),
  record_num: z.int(),
  pool_id: z.string(),
  project_id: z.string(),
  created_at: z.string(),
  updated_at: z.string().nullable(),
  links: Links,
  masters: z.array(z.string()),
  enterprise_project_id: z.string().optional(),
  tags: z.array(TagBody).optional(),
  proxy_pattern: z.string().nullable().optional(),
  router: RouterBody.optional(),
  routers: z.array(RouterBody).optional(),
  type: z.enum(['PRIMARY', 'SECONDARY']),
  action: z.enum(['NONE', 'CREATE', 'UPDATE', 'DELETE']),
  version: z.int(),
  attributes: z.strictObject({}),
  transferred_at: z.null(),
})

export const ZoneList = z.strictObject({
  links: Links,
  zones: z.array(ZoneBody),
  metadata: z.strictObject({ total_count: z.int() }),
})

export const NewZoneBody = z.looseObject({
  name: z.string(),
  zone_type: z.enum(['public', 'private']).optional(),
  description: z.string().max(255).optional(),
  email: z.string().optional(),
  ttl: z.int().min(1).max(2147483647).optional(),
  enterprise_project_id: z.string().optional(),
  tags: z.array(z.object({ key: z.string(), value: z.string().optional() })).optional(),
  /** SECONDARY: kept as a copy of the zone at `masters`, as clients of OpenStack Designate ask for it. */
  type: z.enum(['PRIMARY', 'SECONDARY']).optional(),
  masters: z.array(z.string()).optional(),
  router: z.object({ router_id: z.string(), router_region: z.string().optional() }).optional(),
  proxy_pattern: z.enum(['AUTHORITY', 'RECURSIVE']).optional(),
})

export const ZoneChangeBody = z.looseObject({
  description: z.string().max(255).optional(),
  email: z.string().optional(),
  ttl: z.int().min(1).max(2147483647).optional(),
})

export const ZoneStatusBody = z.object({ status: z.enum(['ENABLE', 'DISABLE']) })

export const ZoneListQuery = z.object({
  type: z.string().optional(),
  name: z.string().optional(),
  id: z.string().optional(),
  status: z.string().optional(),
  tags: z.string().optional(),
  search_mode: z.enum(['like', 'equal']).optional(),
  sort_key: z.enum(['name', 'created_at', 'updated_at']).optional(),
  sort_dir: z.enum(['asc', 'desc']).optional(),
  enterprise_project_id: z.string().optional(),
  router_id: z.string().optional(),
  limit: z.int().min(0).max(500).optional(),
  offset: z.int().min(0).max(2147483647).optional(),
  marker: z.string().optional(),
})

/** Server pools are no part of this product: one constant for each kind of zone. */
const POOLS = {
  public: '00000000000000000000000000000001',
  private: '00000000000000000000000000000002',
} as const

/** What an answer shows of a zone that is not a fact of the zone itself. */
export interface ZoneView {
  /** The word that a write answers instead of the state; the state when absent. */
  readonly status?: string
  readonly action?: 'CREATE' | 'UPDATE' | 'DELETE'
  /** Create, show and list show the enterprise project and the proxy pattern. */
  readonly isWhole?: boolean
  readonly hasTags?: boolean
  /** A creation shows its one private network under another name. */
  readonly routers?: 'one' | 'all'
}

/** A secondary that has been tried neither with nor without success is still under creation. */
const shownStatus = (zone: Zone): string =>
  zone.status === 'ACTIVE' && zone.primaries.length > 0 && zone.recordCount === 0
    ? 'PENDING_CREATE'
    : zone.status

/** A zone as the API shows it, with the members that clients of OpenStack Designate cannot do without. */
export function zoneBody(zone: Zone, baseUrl: string, view: ZoneView): z.infer<typeof ZoneBody> {
  const isPrivate = zone.zoneType === 'private'
  const routers = zone.routers.map(({ routerId, routerRegion, status }) => ({
    router_id: routerId,
    router_region: routerRegion,
    status: view.routers === 'one' ? 'PENDING_CREATE' : status,
  }))
  return {
    id: zone.id,
    name: zone.name,
    description: zone.description,
    email: zone.email,
    zone_type: zone.zoneType,
    ttl: zone.ttl,
    serial: zone.serial,
    status: view.status ?? shownStatus(zone),
    // A zone under creation or deletion has none yet, or no longer.
    record_num: view.action === 'CREATE' || view.action === 'DELETE' ? 0 : zone.recordCount,
    pool_id: POOLS[zone.zoneType],
    project_id: zone.projectId,
    created_at: formatTime(zone.createdAt),
    updated_at: formatTimeOrNull(zone.updatedAt),
    links: { self: `${baseUrl}/v2/zones/${zone.id}` },
    masters: zone.primaries.map(formatPrimary),
    ...(view.isWhole ? { enterprise_project_id: zone.enterpriseProjectId } : {}),
    ...(view.isWhole && isPrivate ? { proxy_pattern: zone.proxyPattern } : {}),
    ...(view.hasTags ? { tags: [...zone.tags] } : {}),
    ...(isPrivate && view.routers === 'one' ? { router: routers[0]! } : {}),
    ...(isPrivate && view.routers === 'all' ? { routers } : {}),
    type: zone.primaries.length === 0 ? 'PRIMARY' : 'SECONDARY',
    action: view.action ?? 'NONE',
    version: 1,
    attributes: {},
    transferred_at: null,
  }
}
