import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import {
  listed,
  readPage,
  readSearchMode,
  readTagFilters,
  type SearchMode,
  type Sorting,
  textFilter,
} from '../http/paging.ts'
import type { Call } from '../http/route.ts'
import type { Listed, ListedRecordSet, RecordSetFilter } from '../store/store.ts'
import { readZoneType } from '../zones/zone-input.ts'
import { showZone } from '../zones/zones.ts'
import type { ApiVersion } from './draft-of-body.ts'
import { recordSetType } from './types.ts'

const V2_SORTING: Sorting = {
  keys: ['name', 'type'],
  defaultKey: 'created_at',
  defaultDir: 'asc',
  dirOfKey: 'asc',
}
const V21_SORTING: Sorting = {
  keys: ['name', 'type', 'created_at', 'updated_at', 'view_name'],
  defaultKey: 'created_at',
  defaultDir: 'desc',
  dirOfKey: 'desc',
}
const STATUSES: ReadonlySet<string> = new Set([
  ...['ACTIVE', 'PENDING_CREATE', 'PENDING_UPDATE', 'PENDING_DELETE', 'PENDING_DISABLE', 'DISABLE'],
  ...['PENDING_FREEZE', 'FREEZE', 'ILLEGAL', 'POLICE', 'ERROR'],
])
const MAX_RECORDS_FILTER = 4096
/** As many lines as one call can create record sets on. */
const MAX_LINES_FILTER = 50

/** Record sets of one zone. Codes: DNS.0302, 0315, 0307, 1003, 0002 and those of paging. */
export async function listRecordSetsOfZone(
  context: Context,
  call: Call,
  version: ApiVersion,
): Promise<Listed<ListedRecordSet>> {
  const zoneId = call.params.zone_id!
  await showZone(context, call.tenant, zoneId)
  return list(context, call, version, { zoneId, ...commonFilters(call, version) })
}

/** Record sets of all zones of one kind that the caller may see. Codes as above, DNS.0204 and 0301 in place of 0302. */
export async function listRecordSets(
  context: Context,
  call: Call,
  version: ApiVersion,
): Promise<Listed<ListedRecordSet>> {
  const { query } = call
  const mode = readSearchMode(query)
  if (query.records !== undefined && query.records.length > MAX_RECORDS_FILTER)
    throw apiError('REQUEST_INVALID')
  if (query.zone_id !== undefined && !/^[0-9a-zA-Z-]{1,32}$/.test(query.zone_id))
    throw apiError('ZONE_ID_INVALID')
  return list(context, call, version, {
    zoneType: readZoneType(query.zone_type),
    zoneId: query.zone_id,
    ...commonFilters(call, version),
    records: textFilter(query.records, mode, 'like'),
    healthCheckId: version === 'v2.1' ? query.health_check_id : undefined,
  })
}

function commonFilters({ query }: Call, version: ApiVersion): RecordSetFilter {
  const mode = readSearchMode(query)
  if (query.status !== undefined && !STATUSES.has(query.status)) throw apiError('STATUS_INVALID')
  if (query.type !== undefined && recordSetType(query.type) === undefined) throw apiError('TYPE_INVALID')
  return {
    id: textFilter(query.id, mode, 'equal'),
    name: textFilter(query.name, mode, 'like'),
    lines: version === 'v2.1' ? lineFilters(query.line_id, mode) : undefined,
    type: query.type,
    status: query.status,
    tags: readTagFilters(query.tags),
  }
}

/** One line or several with commas between. Code: DNS.0045. */
function lineFilters(text: string | undefined, mode: SearchMode): RecordSetFilter['lines'] {
  const ids = text?.split(',').filter((id) => id !== '')
  if (ids !== undefined && ids.length > MAX_LINES_FILTER) throw apiError('LINE_FILTER_LIMIT')
  return ids?.map((value) => ({ value, mode: mode ?? 'equal' }))
}

const list = (
  context: Context,
  { query, tenant }: Call,
  version: ApiVersion,
  filter: RecordSetFilter,
): Promise<Listed<ListedRecordSet>> =>
  listed(
    context.store.listRecordSets(
      tenant,
      filter,
      readPage(query, version === 'v2' ? V2_SORTING : V21_SORTING),
    ),
  )
