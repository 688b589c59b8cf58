import { sql } from 'kysely'
import type { Session } from '../session.ts'
import type { FeedEntry, Reads, Tx } from '../store.ts'

export function feedReads({ db }: Session) {
  return {
    async feedBounds() {
      const { oldest, newest, size_bytes } = await db
        .selectFrom('feed_position')
        .select(['oldest', 'newest', 'size_bytes'])
        .executeTakeFirstOrThrow()
      return { oldest: newest === 0 ? 0 : oldest, newest, sizeBytes: size_bytes }
    },

    async readFeed(afterSeq, limit) {
      const rows = await db
        .selectFrom('feed_entry')
        .select(['seq', 'zone_id', 'serial', 'payload'])
        .where('seq', '>', afterSeq)
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map(
        (row): FeedEntry => ({ seq: row.seq, zoneId: row.zone_id, serial: row.serial, payload: row.payload }),
      )
    },

    async feedSizes(afterSeq, limit) {
      const rows = await db
        .selectFrom('feed_entry')
        .select(['seq', 'size_bytes'])
        .where('seq', '>', afterSeq)
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ seq: row.seq, sizeBytes: row.size_bytes }))
    },
  } satisfies Partial<Reads>
}

export function feedWrites(session: Session) {
  const { db, words } = session
  return {
    appendFeed: (entry) => session.appendFeed([entry]),

    appendFeedEntries: async (entries) => (entries.length === 0 ? 0 : session.appendFeed(entries)),

    async trimFeed(seq) {
      const position = await db
        .selectFrom('feed_position')
        .select('newest')
        .modifyEnd(words.forUpdate)
        .executeTakeFirstOrThrow()
      const last = Math.min(seq, position.newest)
      const { size } = await db
        .selectFrom('feed_entry')
        .select((e) => e.fn.coalesce(e.fn.sum<number>('size_bytes'), sql<number>`0`).as('size'))
        .where('seq', '<=', last)
        .executeTakeFirstOrThrow()
      await db.deleteFrom('feed_entry').where('seq', '<=', last).execute()
      await db
        .updateTable('feed_position')
        .set((e) => ({ oldest: last + 1, size_bytes: e('size_bytes', '-', size) }))
        .where('oldest', '<=', last)
        .execute()
    },
  } satisfies Partial<Tx>
}
