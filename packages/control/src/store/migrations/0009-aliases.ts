import type { Migration } from './migration.ts'

/** An index of the record sets with an alias target, which are few of many. */
export const aliases: Migration = {
  name: '0009-aliases',
  statements: () => ['create index record_set_alias on record_set (zone_no) where alias_target is not null'],
}
