import { sql } from 'kysely'
import { fromRecordSetRow } from '../rows.ts'
import type { Session } from '../session.ts'
import type { StandInReads, StandInSet } from '../stand-in-calls.ts'
import type { ZoneStatus } from '../store.ts'

export function standInReads({ db, words }: Session) {
  // The words of the indexes that hold nothing else.
  const isUrl = sql<boolean>`r.type in ('REDIRECT_URL', 'FORWARD_URL')`
  const isAlias = sql<boolean>`r.alias_target is not null`

  async function list(isWanted: typeof isUrl, zoneIds: readonly string[] | undefined): Promise<StandInSet[]> {
    let query = db
      .selectFrom('record_set as r')
      .innerJoin('zone as z', 'z.no', 'r.zone_no')
      .selectAll('r')
      .select(['z.id as zone_id', 'z.domain_id', 'z.project_id', 'z.status as zone_status'])
      .where(isWanted)
    if (zoneIds !== undefined) query = query.where((e) => words.isAnyOf(e.ref('z.id'), zoneIds))
    const rows = await query.execute()
    return rows.map((row) => ({
      ...fromRecordSetRow(row, row.zone_id),
      domainId: row.domain_id,
      projectId: row.project_id,
      zoneStatus: row.zone_status as ZoneStatus,
    }))
  }

  return {
    listUrlRecordSets: (zoneIds) => list(isUrl, zoneIds),

    listAliasRecordSets: (zoneIds) => list(isAlias, zoneIds),

    async zonesInFeed(afterSeq) {
      const { newest } = await db.selectFrom('feed_position').select('newest').executeTakeFirstOrThrow()
      const rows = await db
        .selectFrom('feed_entry')
        .select('zone_id')
        .distinct()
        .where('seq', '>', afterSeq)
        .where('seq', '<=', newest)
        .execute()
      return { zoneIds: rows.map((row) => row.zone_id), newest }
    },
  } satisfies StandInReads
}
