import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { listed, readPage, readSearchMode, readTagFilters, type Sorting, textFilter } from '../http/paging.ts'
import type { Call } from '../http/route.ts'
import type { Listed, Zone, ZoneType } from '../store/store.ts'

const SORTING: Sorting = {
  keys: ['name', 'created_at', 'updated_at'],
  defaultKey: 'created_at',
  defaultDir: 'desc',
  dirOfKey: 'desc',
}

/** States that can be asked for; those in the second line belong to other products' insides and match nothing. */
const STATUSES: ReadonlySet<string> = new Set([
  ...['ACTIVE', 'PENDING_CREATE', 'PENDING_UPDATE', 'PENDING_DELETE', 'PENDING_FREEZE', 'FREEZE'],
  ...['ILLEGAL', 'POLICE', 'PENDING_DISABLE', 'DISABLE', 'ERROR'],
  ...['DOWN', 'DELETED', 'ENABLE', 'POLICE_ACTIVE', 'ILLEGAL_ACTIVE', 'PENDING_TRANSFER'],
  ...['PENDING_POLICE', 'PENDING_ILLEGAL', 'PENDING_ACTIVE'],
])

/** Enterprise project that stands for all that the caller may see. */
const ALL_PROJECTS = 'all_granted_eps'

/** The zones of one kind that the caller may see. Codes: DNS.0204, 0315, 1003, 0002 and those of paging. */
export function listZones(context: Context, call: Call): Promise<Listed<Zone>> {
  const { query, tenant } = call
  const zoneType = readKind(query.type)
  if (query.status !== undefined && !STATUSES.has(query.status)) throw apiError('STATUS_INVALID')
  const filter = {
    zoneType,
    id: query.id,
    name: textFilter(query.name, readSearchMode(query), 'like'),
    status: query.status,
    tags: readTagFilters(query.tags),
    enterpriseProjectId:
      query.enterprise_project_id === ALL_PROJECTS ? undefined : query.enterprise_project_id,
    routerId: zoneType === 'private' ? query.router_id?.toLowerCase() : undefined,
  }
  return listed(context.store.listZones(tenant, filter, readPage(query, SORTING)))
}

/** Clients of OpenStack Designate ask for `PRIMARY` zones. */
function readKind(text: string | undefined): ZoneType {
  if (text === undefined || text === 'public' || text === 'PRIMARY') return 'public'
  if (text === 'private') return 'private'
  throw apiError('ZONE_TYPE_INVALID')
}
