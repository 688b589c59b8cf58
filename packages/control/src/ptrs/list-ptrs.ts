import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { listed, readPage, readTagFilters, type Sorting } from '../http/paging.ts'
import type { Call } from '../http/route.ts'
import type { Ptr } from '../store/network-calls.ts'
import type { Listed } from '../store/store.ts'
import { readAddressRef } from './ptr-input.ts'

const SORTING: Sorting = { keys: [], defaultKey: 'created_at', defaultDir: 'desc', dirOfKey: 'desc' }

const STATUSES: ReadonlySet<string> = new Set([
  ...['ACTIVE', 'PENDING_CREATE', 'PENDING_UPDATE', 'PENDING_DELETE', 'PENDING_FREEZE'],
  ...['FREEZE', 'ILLEGAL', 'POLICE', 'ERROR'],
])

/** Enterprise project that stands for all that the caller may see. */
const ALL_PROJECTS = 'all_granted_eps'

/**
 * The PTR records of the caller's project, newest first. A marker is an id of either generation. Codes: DNS.0315, 1003 and those of
 * paging.
 */
export async function listPtrs(context: Context, call: Call): Promise<Listed<Ptr>> {
  const { tenant } = call
  const { sort_key: _key, sort_dir: _dir, marker, ...query } = call.query
  if (query.status !== undefined && !STATUSES.has(query.status)) throw apiError('STATUS_INVALID')
  const filter = {
    status: query.status,
    tags: readTagFilters(query.tags),
    enterpriseProjectId:
      query.enterprise_project_id === ALL_PROJECTS ? undefined : query.enterprise_project_id,
  }
  const page = readPage(query, SORTING)
  return listed(
    context.store.listPtrs(tenant, filter, { ...page, marker: await readMarker(context, call, marker) }),
  )
}

async function readMarker(
  { store }: Context,
  { tenant }: Call,
  marker: string | undefined,
): Promise<string | undefined> {
  if (marker === undefined || /^[0-9a-f]{32}$/.test(marker)) return marker
  try {
    const ptr = await store.findPtrOfAddress(tenant, readAddressRef(marker).addressId)
    if (ptr !== undefined) return ptr.id
  } catch {
    // No id at all: the same fault as one of nothing.
  }
  throw apiError('MARKER_INVALID')
}
