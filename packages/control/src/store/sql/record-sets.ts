import { type SqlBool, sql } from 'kysely'
import { fromRecordSetRow, toRecordSetRow } from '../rows.ts'
import type { Session } from '../session.ts'
import { type Reads, type RecordSet, RowMissing, type Tx } from '../store.ts'
import { treeKey, treeRange } from './owner-tree.ts'
import { visibleTo } from './zones.ts'

/** SOA and NS, which every zone is made with and which count towards no quota. */
const DEFAULT_SETS = 2

export function recordSetReads(session: Session) {
  const { db, words } = session
  /** The rows of one zone. The id is resolved inside the query, so that it stays one round trip. */
  const inZone = (zoneId: string) =>
    db
      .selectFrom('record_set as r')
      .where('r.zone_no', '=', (e) => e.selectFrom('zone').select('no').where('id', '=', zoneId))

  return {
    async findRecordSet(tenant, zoneId, recordSetId) {
      const row = await db
        .selectFrom('record_set as r')
        .innerJoin('zone as z', 'z.no', 'r.zone_no')
        .selectAll('r')
        .where('r.id', '=', recordSetId)
        .where('z.id', '=', zoneId)
        .where(visibleTo(tenant))
        .executeTakeFirst()
      return row && fromRecordSetRow(row, zoneId)
    },

    async recordSetsAt(zoneId, owners) {
      if (owners.length === 0) return []
      const zoneNo = db.selectFrom('zone').select('no').where('id', '=', zoneId)
      const found = words.recordSetsAt(sql`${zoneNo}`, [...new Set(owners)])
      const rows = await db.selectFrom(found.as('r')).selectAll('r').execute()
      return rows.map((row) => fromRecordSetRow(row, zoneId))
    },

    async hasOwnersBelow(zoneId, owner) {
      const zone = await db
        .selectFrom('zone')
        .select(['no', 'apex'])
        .where('id', '=', zoneId)
        .executeTakeFirst()
      if (zone === undefined) return false
      const one = db.selectFrom('record_set').select('id').where('zone_no', '=', zone.no).limit(1)
      const range = treeRange(owner, zone.apex)
      const below =
        range !== null
          ? one.where('tree_key', '>', range.above).where('tree_key', '<', range.below).orderBy('tree_key')
          : one.where('owner', '!=', zone.apex)
      if (range === null && owner !== zone.apex) return false
      return (await below.executeTakeFirst()) !== undefined
    },

    async countRecordSets(tenant) {
      const { total } = await db
        .selectFrom('zone')
        .select(sql<number>`coalesce(sum(record_count - ${DEFAULT_SETS}), 0)`.as('total'))
        .where('domain_id', '=', tenant.domainId)
        .executeTakeFirstOrThrow()
      return Number(total)
    },

    async recordSetsInOrder(zoneId, after, limit) {
      let rest = inZone(zoneId).selectAll('r')
      if (after !== undefined) {
        const { owner, type, line, id } = after
        rest = rest.where(sql<SqlBool>`(r.owner, r.type, r.line, r.id) > (${owner}, ${type}, ${line}, ${id})`)
      }
      const rows = await inOrder(rest).limit(limit).execute()
      return rows.map((row) => fromRecordSetRow(row, zoneId))
    },
  } satisfies Partial<Reads>
}

/** Pages of what a zone publishes, never splitting an owner, type and line over two pages. */
export async function* publishedRecordSets(
  session: Session,
  zoneId: string,
  pageRows = 2000,
): AsyncGenerator<RecordSet[]> {
  const { db } = session
  const zone = await db.selectFrom('zone').select('no').where('id', '=', zoneId).executeTakeFirst()
  if (zone === undefined) return
  const published = db
    .selectFrom('record_set as r')
    .selectAll('r')
    .where('r.zone_no', '=', zone.no)
    .where('r.status', '=', 'ACTIVE')
    .where('r.rdatas', 'is not', null)
  let held: RecordSet[] = []
  for await (const rows of session.pages(inOrder(published), pageRows)) {
    const sets = held.concat(rows.map((row) => fromRecordSetRow(row, zoneId)))
    const last = sets.at(-1)!
    const cut = sets.findLastIndex((set) => !isSameGroup(set, last)) + 1
    if (cut > 0) yield sets.slice(0, cut)
    held = sets.slice(cut)
  }
  if (held.length > 0) yield held
}

const isSameGroup = (a: RecordSet, b: RecordSet): boolean =>
  a.owner === b.owner && a.type === b.type && a.line === b.line

/** By owner, type, line and id. */
function inOrder<Q extends InOrder<Q>>(query: Q): Q {
  return query.orderBy('r.owner').orderBy('r.type').orderBy('r.line').orderBy('r.id')
}
interface InOrder<Q> {
  orderBy(column: 'r.owner' | 'r.type' | 'r.line' | 'r.id'): Q
}

export function recordSetWrites(session: Session) {
  const { db, words } = session

  /** Counts rows in or out, and in PostgreSQL holds the zone until the transaction ends. */
  async function addToCount(zoneId: string, count: number): Promise<{ no: number; apex: string }> {
    const zone = await db
      .updateTable('zone')
      .set((e) => ({ record_count: e('record_count', '+', count) }))
      .where('id', '=', zoneId)
      .returning(['no', 'apex'])
      .executeTakeFirst()
    if (zone === undefined) throw new RowMissing(`No zone ${zoneId}.`)
    return zone
  }

  return {
    async insertRecordSets(zoneId, sets) {
      if (sets.length === 0) return
      const { no, apex } = await addToCount(zoneId, sets.length)
      await session.insertRows(
        'record_set',
        sets.map((set) => toRecordSetRow(set, no, treeKey(set.owner, apex))),
      )
    },

    async updateRecordSet(set) {
      const zone = await db
        .selectFrom('zone')
        .select(['no', 'apex'])
        .where('id', '=', set.zoneId)
        .executeTakeFirst()
      if (zone === undefined) throw new RowMissing(`No zone ${set.zoneId}.`)
      const { numUpdatedRows } = await db
        .updateTable('record_set')
        .set(toRecordSetRow(set, zone.no, treeKey(set.owner, zone.apex)))
        .where('id', '=', set.id)
        .where('zone_no', '=', zone.no)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No record set ${set.id}.`)
    },

    async removeRecordSets(zoneId, recordSetIds) {
      if (recordSetIds.length === 0) return
      const { numDeletedRows } = await db
        .deleteFrom('record_set')
        .where((e) => words.isAnyOf(e.ref('record_set.id'), recordSetIds))
        // An expression, so that no planner reads the zone instead of looking up the ids.
        .where(sql<number>`zone_no + 0`, '=', (e) =>
          e.selectFrom('zone').select('no').where('id', '=', zoneId),
        )
        .executeTakeFirstOrThrow()
      if (numDeletedRows > 0n) await addToCount(zoneId, -Number(numDeletedRows))
    },
  } satisfies Partial<Tx>
}
