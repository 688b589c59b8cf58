import type { Migration } from './migration.ts'

/** Keys that zones are signed with. */
export const zoneKeys: Migration = {
  name: '0007-zone-keys',
  statements: ({ text, integer, blob, table }) => [
    `create table zone_key (
  id ${text} not null primary key,
  zone_id ${text} not null references zone (id) on delete cascade,
  flags ${integer} not null,
  algorithm ${integer} not null,
  public_key ${blob} not null,
  sealed_secret ${text} not null,
  published_at ${integer} not null,
  active_at ${integer} not null,
  retired_at ${integer},
  removed_at ${integer},
  created_at ${integer} not null
)${table}`,
    'create index zone_key_zone on zone_key (zone_id, created_at, id)',
  ],
}
