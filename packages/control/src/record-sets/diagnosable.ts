import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { readPage } from '../http/paging.ts'
import type { Call } from '../http/route.ts'
import type { Listed } from '../store/store.ts'
import { showZone } from '../zones/zones.ts'
import type { Placed } from './record-sets.ts'

/** What mail and web clients look up. */
export const EMAIL_TYPES = ['MX'] as const
export const WEBSITE_TYPES = ['A', 'AAAA', 'CNAME'] as const

/**
 * The names of a public zone at which mail or a website can be diagnosed: one record set for each name and type, whatever its
 * lines. Codes: DNS.0302, 0008 (private zone), 0006, 0017.
 */
export async function listDiagnosable(
  context: Context,
  { tenant, params, query }: Call,
  types: readonly string[],
): Promise<Listed<Placed>> {
  const page = readPage(query, { keys: [], defaultKey: 'name', defaultDir: 'asc', dirOfKey: 'asc' })
  const zone = await showZone(context, tenant, params.zone_id!)
  if (zone.zoneType !== 'public') throw apiError('ZONE_TYPE_UNSUPPORTED')
  const listed = await context.store.listOwnersOfTypes(zone.id, types, page)
  return { ...listed, rows: listed.rows.map((row) => ({ zone, row })) }
}
