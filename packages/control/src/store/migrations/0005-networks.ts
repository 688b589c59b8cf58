import type { Migration } from './migration.ts'

/** Private networks, public addresses with their PTR records, and the objects of the resolver. */
export const networks: Migration = {
  name: '0005-networks',
  statements: ({ text, integer, blob, table, clusteredTable }) => [
    `create table network (
  id ${text} not null primary key,
  domain_id ${text} not null,
  project_id ${text} not null,
  region ${text} not null,
  name ${text} not null,
  description ${text} not null,
  cidr ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer}
)${table}`,
    'create index network_domain on network (domain_id, id)',
    `create table network_client (
  cidr ${text} not null primary key,
  network_id ${text} not null references network (id) on delete cascade,
  position ${integer} not null
)${table}`,
    'create index network_client_network on network_client (network_id)',
    `create table subnet (
  id ${text} not null primary key,
  network_id ${text} not null references network (id) on delete cascade,
  name ${text} not null,
  description ${text} not null,
  cidr ${text} not null,
  gateway ${text} not null,
  created_at ${integer} not null
)${table}`,
    'create index subnet_network on subnet (network_id, id)',

    `create table public_address (
  id ${text} not null primary key,
  domain_id ${text} not null,
  project_id ${text} not null,
  region ${text} not null,
  address ${text} not null unique,
  name ${text} not null,
  created_at ${integer} not null
)${table}`,
    'create index public_address_domain on public_address (domain_id, id)',
    `create table ptr (
  id ${text} not null primary key,
  domain_id ${text} not null,
  project_id ${text} not null,
  region ${text} not null,
  address_id ${text} not null unique references public_address (id),
  address ${text} not null unique,
  names ${text} not null,
  ttl ${integer} not null,
  description ${text} not null,
  status ${text} not null,
  enterprise_project_id ${text} not null,
  tags ${text} not null,
  serial ${integer} not null,
  published ${blob} not null,
  created_at ${integer} not null,
  updated_at ${integer}
)${table}`,
    'create index ptr_created on ptr (project_id, created_at, id)',
    'create index ptr_domain on ptr (domain_id)',

    `create table endpoint (
  id ${text} not null primary key,
  domain_id ${text} not null,
  project_id ${text} not null,
  name ${text} not null,
  direction ${text} not null check (direction in ('inbound', 'outbound')),
  region ${text} not null,
  network_id ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null,
  unique (project_id, name)
)${table}`,
    'create index endpoint_created on endpoint (project_id, direction, created_at, id)',
    'create index endpoint_domain on endpoint (domain_id, direction)',
    'create index endpoint_network on endpoint (network_id)',
    `create table endpoint_address (
  id ${text} not null primary key,
  endpoint_id ${text} not null references endpoint (id) on delete cascade,
  subnet_id ${text} not null references subnet (id),
  ip ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null,
  unique (subnet_id, ip)
)${table}`,
    'create index endpoint_address_endpoint on endpoint_address (endpoint_id)',

    `create table resolver_rule (
  id ${text} not null primary key,
  domain_id ${text} not null,
  project_id ${text} not null,
  name ${text} not null,
  domain_name ${text} not null,
  owner ${text} not null,
  endpoint_id ${text} not null references endpoint (id),
  targets ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null
)${table}`,
    'create index resolver_rule_created on resolver_rule (project_id, created_at, id)',
    'create index resolver_rule_domain on resolver_rule (domain_id)',
    'create index resolver_rule_endpoint on resolver_rule (endpoint_id)',
    `create table resolver_rule_router (
  rule_id ${text} not null references resolver_rule (id) on delete cascade,
  router_id ${text} not null,
  router_region ${text} not null,
  status ${text} not null,
  position ${integer} not null,
  domain_id ${text} not null,
  owner ${text} not null,
  primary key (rule_id, router_id),
  unique (domain_id, router_id, owner)
)${clusteredTable}`,

    `create table query_log_config (
  id ${text} not null primary key,
  domain_id ${text} not null,
  project_id ${text} not null,
  group_id ${text} not null,
  stream_id ${text} not null,
  created_at ${integer} not null
)${table}`,
    'create index query_log_config_project on query_log_config (project_id, id)',
    `create table query_log_network (
  config_id ${text} not null references query_log_config (id) on delete cascade,
  network_id ${text} not null,
  position ${integer} not null,
  domain_id ${text} not null,
  primary key (config_id, network_id),
  unique (domain_id, network_id)
)${clusteredTable}`,
  ],
}
