import type { Migration } from './migration.ts'

/** What users may do, and what was done. */
export const access: Migration = {
  name: '0006-access',
  statements: ({ text, integer, table, clusteredTable }) => [
    `create table user_grant (
  user_id ${text} not null primary key references api_user (id) on delete cascade,
  role ${text} not null,
  zone_ids ${text} not null,
  policies ${text} not null
)${table}`,
    // Until now every user had all permissions in its account.
    `insert into user_grant (user_id, role, zone_ids, policies) select id, 'administrator', '[]', '[]' from api_user`,
    `create table audit_entry (
  id ${text} not null primary key,
  at ${integer} not null,
  domain_id ${text} not null,
  project_id ${text} not null,
  user_id ${text} not null,
  user_name ${text} not null,
  address ${text} not null,
  request_id ${text} not null,
  operation ${text} not null,
  request ${text} not null,
  zone_id ${text},
  changes ${text} not null,
  change_count ${integer} not null
)${clusteredTable}`,
    'create index audit_entry_account on audit_entry (domain_id, id)',
    'create index audit_entry_zone on audit_entry (domain_id, zone_id, id) where zone_id is not null',
    'create index audit_entry_at on audit_entry (at)',
  ],
}
