import { sql } from 'kysely'
import { fromRecordSetRow } from '../rows.ts'
import type { Session } from '../session.ts'
import type { ListedRecordSet, Reads, TagInUse } from '../store.ts'
import { field, isTagged } from './filters.ts'
import { endPage } from './page.ts'
import { SHOWN_STATUS } from './record-set-list.ts'
import { visibleTo } from './zones.ts'

/** Reads over record sets that are neither of a name nor of a list. */
export function lookUps({ db, words }: Session) {
  return {
    async recordSetsById(tenant, recordSetIds) {
      const rows = await db
        .selectFrom('record_set as r')
        .innerJoin('zone as z', 'z.no', 'r.zone_no')
        .selectAll('r')
        .select(['z.id as zone_id', 'z.name as zone_name', 'z.project_id as project_id'])
        .select(SHOWN_STATUS.as('shown_status'))
        .where((e) => words.isAnyOf(e.ref('r.id'), recordSetIds))
        .where(visibleTo(tenant))
        .execute()
      return rows.map(
        (row): ListedRecordSet => ({
          ...fromRecordSetRow(row, row.zone_id),
          zoneName: row.zone_name,
          projectId: row.project_id,
          shownStatus: row.shown_status,
        }),
      )
    },

    async listOwnersOfTypes(zoneId, types, page) {
      const firsts = db
        .selectFrom('record_set')
        .where('zone_no', '=', (e) => e.selectFrom('zone').select('no').where('id', '=', zoneId))
        .where((e) => words.isAnyOf(e.ref('type'), types))
        .groupBy(['owner', 'type'])
        .select((e) => e.fn.min('id').as('id'))
      const { total } = await db
        .selectFrom(firsts.as('first'))
        .select((e) => e.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const pageOfFirsts = firsts
        .orderBy('owner')
        .orderBy('type')
        .limit(page.limit + 1)
        .offset(page.offset)
      const rows = await db
        .selectFrom('record_set as r')
        .innerJoin(pageOfFirsts.as('first'), 'first.id', 'r.id')
        .selectAll('r')
        .orderBy('r.owner')
        .orderBy('r.type')
        .execute()
      const sets = rows.map((row) => fromRecordSetRow(row, zoneId))
      return { ...endPage(sets, page.limit), total }
    },

    async countUrlRecordSets(tenant) {
      const { total } = await db
        .selectFrom('record_set as r')
        .innerJoin('zone as z', 'z.no', 'r.zone_no')
        .where('z.domain_id', '=', tenant.domainId)
        // The words of the index that holds nothing else.
        .where(sql<boolean>`r.type in ('REDIRECT_URL', 'FORWARD_URL')`)
        .select((e) => e.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      return total
    },

    async listTagsInUse(tenant, resource, zoneType) {
      const column = resource === 'zone' ? sql.ref<string>('z.tags') : sql.ref<string>('r.tags')
      const zones = db.selectFrom('zone as z').where(visibleTo(tenant)).where('z.zone_type', '=', zoneType)
      const tagged = (
        resource === 'zone' ? zones : zones.innerJoin('record_set as r', 'r.zone_no', 'z.no')
      ).where(isTagged(column))
      const columns = tagged.select(column.as('tags')).distinct()
      const { rows } = await sql<{ key: string; value: string }>`
        select distinct ${field('key')} as key, ${field('value')} as value
        from ${columns.as('tagged')} cross join ${words.objectsOf(sql.ref('tagged.tags'))}`.execute(db)
      return byKey(rows)
    },
  } satisfies Partial<Reads>
}

/** One entry a key, sorted here because the engines order texts out of JSON differently. */
export function byKey(rows: readonly { readonly key: string; readonly value: string }[]): TagInUse[] {
  const values = new Map<string, string[]>()
  for (const { key, value } of rows) {
    const known = values.get(key)
    if (known === undefined) values.set(key, [value])
    else known.push(value)
  }
  return [...values.keys()].sort().map((key) => ({ key, values: values.get(key)!.sort() }))
}
