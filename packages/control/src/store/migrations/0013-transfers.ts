import type { Migration } from './migration.ts'

/** Who may have zones by transfer and who is told of changes: keys of the installation, access for all zones ('') and single ones. */
export const transfers: Migration = {
  name: '0013-transfers',
  statements: ({ text, integer, table }) => [
    `create table tsig_key (
  name ${text} not null primary key,
  algorithm ${text} not null,
  sealed_secret ${text} not null,
  created_at ${integer} not null
)${table}`,
    `create table transfer_access (
  zone_id ${text} not null primary key,
  allow ${text} not null,
  notify ${text} not null,
  updated_at ${integer} not null
)${table}`,
  ],
}
