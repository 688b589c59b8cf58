import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { readCount } from '../http/paging.ts'
import type { Call } from '../http/route.ts'
import type { CustomLine, LineGroup, Tenant } from '../store/store.ts'
import { showZone } from '../zones/zones.ts'
import { segmentsOf } from './custom-lines.ts'
import { MAX_GROUP_NAME, MAX_LINE_NAME, NAME_CHARACTERS } from './line-input.ts'
import { isKnownLine, LINES, type Line } from './lines.ts'
import { contains, readIpv4 } from './segments.ts'

/** One page of a list and the number of all matches. */
export interface LinePage<T> {
  readonly rows: readonly T[]
  readonly total: number
}

const MAX_OFFSET = 2147483647
const SYSTEM_LIMIT = 1000
const ZONE_LIMIT = 500
const GROUP_LIMIT = 500
const DETAIL_LIMIT = 100
const BRIEF_LIMIT = 3000
const LOCALES: ReadonlySet<string> = new Set(['zh-cn', 'en-us', 'es-us', 'pt-br'])
const STATUSES: ReadonlySet<string> = new Set([
  ...['DOWN', 'ACTIVE', 'ERROR', 'PENDING_CREATE', 'PENDING_UPDATE', 'PENDING_DELETE', 'FREEZE', 'DELETED'],
  ...['DISABLE', 'ENABLE', 'PENDING_DISABLE', 'POLICE', 'POLICE_ACTIVE', 'ILLEGAL', 'ILLEGAL_ACTIVE'],
  ...['PENDING_TRANSFER', 'PENDING_FREEZE', 'PENDING_POLICE', 'PENDING_ILLEGAL', 'PENDING_ACTIVE'],
])

type Query = Call['query']

/** The built-in lines in display order. Codes: DNS.0002 locale, 0006, 0017. */
export function listSystemLines(query: Query): LinePage<Line> & { readonly isChinese: boolean } {
  const locale = query.locale ?? 'zh-cn'
  if (!LOCALES.has(locale)) throw apiError('REQUEST_INVALID')
  return { ...pageOf(LINES, query, SYSTEM_LIMIT), isChinese: locale === 'zh-cn' }
}

/** Custom lines of the account, newest first. Codes: DNS.1601, 1602, 1605, 0315, 0038, 0006, 0017. */
export async function listCustomLines(
  context: Context,
  { query, tenant }: Call,
): Promise<LinePage<CustomLine> & { readonly isDetailed: boolean }> {
  const isDetailed = readShowDetail(query.show_detail)
  const matchesText = readTextFilters(query, MAX_LINE_NAME)
  const address = query.ip === undefined ? undefined : readIpv4(query.ip)
  if (query.ip !== undefined && address === undefined) throw apiError('SEGMENT_INVALID')
  if (query.status !== undefined && !STATUSES.has(query.status)) throw apiError('STATUS_INVALID')
  const lines = (await context.store.listCustomLines(tenant)).filter(
    (line) =>
      matchesText(line) &&
      (query.status === undefined || line.status === query.status) &&
      (address === undefined || segmentsOf(line).some((segment) => contains(segment, address))),
  )
  const page = pageOf(exactFirst(lines, query), query, isDetailed ? DETAIL_LIMIT : BRIEF_LIMIT)
  return { ...page, isDetailed }
}

/** Line groups of the account, newest first. Codes: DNS.1601, 1602, 0006, 0017. */
export async function listLineGroups(
  context: Context,
  { query, tenant }: Call,
): Promise<LinePage<LineGroup>> {
  const matchesText = readTextFilters(query, MAX_GROUP_NAME)
  const groups = (await context.store.listLineGroups(tenant)).filter(matchesText)
  return pageOf(exactFirst(groups, query), query, GROUP_LIMIT)
}

/** A line that a zone uses, with the name that the account has given it. */
export interface UsedLine {
  readonly line: string
  readonly name: string | null
  readonly createdAt: number
}

/** Lines that the record sets of a public zone are on. Codes: DNS.0302, 0008 private zone, 0006, 0017. */
export async function listZoneLines(context: Context, call: Call): Promise<LinePage<UsedLine>> {
  const { store } = context
  const zone = await showZone(context, call.tenant, call.params.zone_id!)
  if (zone.zoneType === 'private') throw apiError('ZONE_TYPE_UNSUPPORTED')
  const used = pageOf(await store.listZoneLines(zone.id), call.query, ZONE_LIMIT)
  const names = await ownLineNames(context, call.tenant, used.rows)
  const rows = used.rows.map(({ line, createdAt }) => ({ line, createdAt, name: names.get(line) ?? null }))
  return { ...used, rows }
}

const NO_NAMES: ReadonlyMap<string, string> = new Map()

/** Names that the account has given to its lines and groups, by id; none where no row is on one of them. */
export async function ownLineNames(
  { store }: Context,
  tenant: Tenant,
  rows: readonly { readonly line: string }[],
): Promise<ReadonlyMap<string, string>> {
  if (rows.every(({ line }) => isKnownLine(line))) return NO_NAMES
  const all = [...(await store.listCustomLines(tenant)), ...(await store.listLineGroups(tenant))]
  return new Map(all.map(({ lineId, name }) => [lineId, name]))
}

function readTextFilters(
  query: Query,
  maxName: number,
): (line: { readonly lineId: string; readonly name: string }) => boolean {
  const { line_id: id = '', name = '' } = query
  if (!/^[0-9a-zA-Z_]{0,50}$/.test(id)) throw apiError('LINE_ID_INVALID')
  if (name.length > maxName || !NAME_CHARACTERS.test(name)) throw apiError('LINE_NAME_INVALID')
  return (line) => line.lineId.includes(id) && line.name.includes(name)
}

/** Clients that ask for one id take the first row. */
const exactFirst = <T extends { readonly lineId: string }>(rows: readonly T[], { line_id: id }: Query): T[] =>
  rows.toSorted((a, b) => Number(b.lineId === id) - Number(a.lineId === id))

function readShowDetail(text: string | undefined): boolean {
  if (text === undefined || text === 'true') return true
  if (text === 'false') return false
  throw apiError('SHOW_DETAIL_INVALID')
}

function pageOf<T>(all: readonly T[], query: Query, maxLimit: number): LinePage<T> {
  const limit = readCount(query.limit, maxLimit, maxLimit)
  if (limit === undefined) throw apiError('LIMIT_INVALID')
  const offset = readCount(query.offset, 0, MAX_OFFSET)
  if (offset === undefined) throw apiError('OFFSET_INVALID')
  return { rows: all.slice(offset, offset + limit), total: all.length }
}
