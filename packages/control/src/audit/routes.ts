import { z } from 'zod'
import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { pageLinks, readCount } from '../http/paging.ts'
import { type Call, type Route, route } from '../http/route.ts'
import type { AuditEntry, AuditFilter } from '../store/access-calls.ts'
import type { Store } from '../store/store.ts'

const MAX_LIMIT = 500
const EXPORT_PAGE = 500

const AuditFilterQuery = z.object({
  user: z.string().optional(),
  operation: z.string().optional(),
  request_id: z.string().optional(),
  zone_id: z.string().optional(),
  from: z.string().optional(),
  until: z.string().optional(),
})
const AuditQuery = AuditFilterQuery.extend({
  limit: z.int().min(0).max(MAX_LIMIT).optional(),
  marker: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
})
const Change = z.object({
  kind: z.string(),
  id: z.string(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
})
const Entry = z.object({
  id: z.string(),
  time: z.string(),
  user: z.object({ id: z.string(), name: z.string() }),
  project_id: z.string(),
  address: z.string(),
  request_id: z.string(),
  operation: z.string(),
  request: z.string(),
  zone_id: z.string().nullable(),
  changes: z.array(Change),
  change_count: z.int(),
})
const AuditPage = z.object({
  links: z.object({ self: z.string(), next: z.string().optional() }),
  entries: z.array(Entry),
})

/** The audit log of the account: who wrote what, when, from where, and what it was before. */
export const auditRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'listAudit',
    method: 'GET',
    path: '/waymark/v1/audit',
    summary: 'Writes of the account, newest first',
    permission: 'waymark:audit:list',
    query: AuditQuery,
    responses: { 200: AuditPage },
    async handler(call, { store }) {
      const limit = readCount(call.query.limit, 100, MAX_LIMIT)
      if (limit === undefined) throw apiError('LIMIT_INVALID')
      const marker = readMarker(call.query.marker)
      const page = { limit: limit + 1, marker }
      const found = await store.listAudit(call.tenant.domainId, readFilter(call), page)
      const rows = found.slice(0, limit)
      const links = pageLinks(call, { rows, total: 0, hasMore: found.length > limit })
      return { status: 200, json: { links, entries: rows.map(entryBody) } }
    },
  }),
  route<Context>({
    operation: 'exportAudit',
    method: 'GET',
    path: '/waymark/v1/audit/export',
    summary: 'Writes of the account as JSON lines, newest first',
    permission: 'waymark:audit:list',
    query: AuditFilterQuery,
    responses: { 200: null },
    media: ['application/x-ndjson'],
    handler: (call, { store }) => ({
      status: 200,
      bytes: jsonLines(store, call.tenant.domainId, readFilter(call)),
      headers: { 'Content-Type': 'application/x-ndjson' },
    }),
  }),
]

function readFilter({ query }: Call): AuditFilter {
  return {
    userName: query.user,
    operation: query.operation,
    requestId: query.request_id,
    zoneId: query.zone_id,
    from: readTime('from', query.from),
    until: readTime('until', query.until),
  }
}

function readTime(field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const time = Date.parse(text)
  if (Number.isNaN(time))
    throw apiError('FIELD_INVALID', { field, reason: 'a time such as 2026-01-31T12:00:00Z is wanted' })
  return time
}

function readMarker(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[0-9a-f]{32}$/.test(text)) throw apiError('MARKER_INVALID')
  return text
}

const entryBody = (entry: AuditEntry) => ({
  id: entry.id,
  time: new Date(entry.at).toISOString(),
  user: { id: entry.userId, name: entry.userName },
  project_id: entry.projectId,
  address: entry.address,
  request_id: entry.requestId,
  operation: entry.operation,
  request: entry.request,
  zone_id: entry.zoneId,
  changes: entry.changes,
  change_count: entry.changeCount,
})

/** Page by page as fast as the reader takes them, so that a long log needs no memory. */
function jsonLines(store: Store, domainId: string, filter: AuditFilter): ReadableStream<Uint8Array> {
  let marker: string | undefined
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const rows = await store.listAudit(domainId, filter, { limit: EXPORT_PAGE, marker })
      marker = rows.at(-1)?.id
      if (rows.length > 0)
        controller.enqueue(encoder.encode(rows.map((row) => `${JSON.stringify(entryBody(row))}\n`).join('')))
      if (rows.length < EXPORT_PAGE) controller.close()
    },
  })
}
