import type { Session } from '../session.ts'
import { RowMissing } from '../store.ts'
import type { ZoneKeyReads, ZoneKeyRow, ZoneKeyWrites } from '../zone-key-calls.ts'
import type { ZoneKeyTable } from '../zone-key-tables.ts'

/** The keys that zones are signed with. */
export function zoneKeyReads({ db }: Session) {
  return {
    async zoneKeys(zoneId) {
      const rows = await db
        .selectFrom('zone_key')
        .selectAll()
        .where('zone_id', '=', zoneId)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(fromZoneKeyRow)
    },

    async zonesWithKeysOf(flags, time, limit) {
      const rows = await db
        .selectFrom('zone_key as k')
        .innerJoin('zone as z', 'z.id', 'k.zone_id')
        .select(['z.id', 'z.domain_id', 'z.project_id'])
        .where('k.flags', '=', flags)
        .where('k.active_at', '<', time)
        .where('k.retired_at', 'is', null)
        .where('z.status', '=', 'ACTIVE')
        .orderBy('k.active_at')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ zoneId: row.id, domainId: row.domain_id, projectId: row.project_id }))
    },

    async zonesToAnnounce(before, now, limit) {
      const rows = await db
        .selectFrom('zone_key as k')
        .innerJoin('zone as z', 'z.id', 'k.zone_id')
        .select(['z.id', 'z.domain_id', 'z.project_id'])
        .distinct()
        .where('z.status', '=', 'ACTIVE')
        .where('z.primaries', '=', '[]')
        .where((is) =>
          is.or([
            is('k.announced_at', '<', before),
            ...(['k.active_at', 'k.retired_at', 'k.removed_at'] as const).map((moment) =>
              is.and([is(moment, '<=', now), is(moment, '>', is.ref('k.announced_at'))]),
            ),
          ]),
        )
        .limit(limit)
        .execute()
      return rows.map((row) => ({ zoneId: row.id, domainId: row.domain_id, projectId: row.project_id }))
    },
  } satisfies ZoneKeyReads
}

/** Of all zones, those of one zone together. */
export async function allZoneKeys({ db }: Session): Promise<ZoneKeyRow[]> {
  const rows = await db
    .selectFrom('zone_key')
    .selectAll()
    .orderBy('zone_id')
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(fromZoneKeyRow)
}

export function zoneKeyWrites({ db }: Session) {
  return {
    async insertZoneKey(key) {
      const zone = await db.selectFrom('zone').select('id').where('id', '=', key.zoneId).executeTakeFirst()
      if (zone === undefined) throw new RowMissing(`No zone ${key.zoneId}.`)
      await db.insertInto('zone_key').values(toZoneKeyRow(key)).execute()
    },

    async updateZoneKey(key) {
      const { published_at, active_at, retired_at, removed_at } = toZoneKeyRow(key)
      const { numUpdatedRows } = await db
        .updateTable('zone_key')
        .set({ published_at, active_at, retired_at, removed_at })
        .where('id', '=', key.id)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No key ${key.id}.`)
    },

    async removeZoneKey(keyId) {
      await db.deleteFrom('zone_key').where('id', '=', keyId).execute()
    },

    async markKeysAnnounced(zoneId, time) {
      await db.updateTable('zone_key').set({ announced_at: time }).where('zone_id', '=', zoneId).execute()
    },
  } satisfies ZoneKeyWrites
}

const toZoneKeyRow = (key: ZoneKeyRow): ZoneKeyTable => ({
  id: key.id,
  zone_id: key.zoneId,
  flags: key.flags,
  algorithm: key.algorithm,
  public_key: key.publicKey,
  sealed_secret: key.sealedSecret,
  published_at: key.publishedAt,
  active_at: key.activeAt,
  retired_at: key.retiredAt,
  removed_at: key.removedAt,
  created_at: key.createdAt,
  announced_at: key.createdAt,
})

const fromZoneKeyRow = (row: ZoneKeyTable): ZoneKeyRow => ({
  id: row.id,
  zoneId: row.zone_id,
  flags: row.flags,
  algorithm: row.algorithm,
  publicKey: new Uint8Array(row.public_key),
  sealedSecret: row.sealed_secret,
  publishedAt: row.published_at,
  activeAt: row.active_at,
  retiredAt: row.retired_at,
  removedAt: row.removed_at,
  createdAt: row.created_at,
})
