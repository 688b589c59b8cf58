import type { Migration } from './migration.ts'

/** When the edges were last told of the keys of a zone, with a new serial. */
export const announcedKeys: Migration = {
  name: '0014-announced-keys',
  statements: ({ integer }) => [`alter table zone_key add column announced_at ${integer} not null default 0`],
}
