import type { Migration } from './migration.ts'

/** Zones that are kept as a secondary of other servers: which these are, and how the transfers go. */
export const secondaryZones: Migration = {
  name: '0012-secondary-zones',
  statements: ({ text, integer, table }) => [
    `alter table zone add column primaries ${text} not null default '[]'`,
    `create table zone_transfer (
  zone_id ${text} not null primary key references zone (id) on delete cascade,
  next_at ${integer} not null,
  checked_at ${integer},
  transferred_at ${integer},
  expires_at ${integer},
  failures ${integer} not null,
  tries ${text} not null,
  left_out ${text} not null
)${table}`,
    'create index zone_transfer_next on zone_transfer (next_at)',
  ],
}
