import type { Migration } from './migration.ts'

/** Proofs by TXT record that a public name is the account's: authorisations of sub-domains and retrievals of zones. */
export const zoneClaims: Migration = {
  name: '0008-zone-claims',
  statements: ({ text, integer, table }) => [
    `create table zone_claim (
  id ${text} not null primary key,
  kind ${text} not null,
  domain_id ${text} not null,
  project_id ${text} not null,
  name ${text} not null,
  apex ${text} not null,
  host ${text} not null,
  value ${text} not null,
  status ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null
)${table}`,
    'create unique index zone_claim_apex on zone_claim (domain_id, kind, apex)',
  ],
}
