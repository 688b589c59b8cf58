import type { Migration } from './migration.ts'

/** Custom lines and line groups of an account, and a way from a zone to the lines that it uses. */
export const lines: Migration = {
  name: '0002-lines',
  statements: ({ text, integer, table }) => [
    `create table custom_line (
  line_id ${text} not null primary key,
  domain_id ${text} not null,
  name ${text} not null,
  ip_segments ${text} not null,
  status ${text} not null,
  description ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer},
  unique (domain_id, name)
)${table}`,
    `create table line_group (
  line_id ${text} not null primary key,
  domain_id ${text} not null,
  name ${text} not null,
  members ${text} not null,
  status ${text} not null,
  description ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer},
  unique (domain_id, name)
)${table}`,
    // Nearly all record sets are on the default line, and for them this index costs nothing.
    `create index record_set_line on record_set (zone_no, line, created_at) where line <> 'default_view'`,
  ],
}
