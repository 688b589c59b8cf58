import type { Migration } from './migration.ts'

/** Indexes of record sets that are few of many: those with tags, and those that forward to a URL. */
export const fewOfMany: Migration = {
  name: '0003-few-of-many',
  statements: () => [
    `create index record_set_tagged on record_set (zone_no, created_at, id) where tags <> '[]'`,
    `create index record_set_url on record_set (zone_no) where type in ('REDIRECT_URL', 'FORWARD_URL')`,
  ],
}
