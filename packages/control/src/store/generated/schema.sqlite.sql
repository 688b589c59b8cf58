-- Generated from store/migrations (WAYMARK_GENERATE=1 bun test store). Do not edit.

CREATE TABLE access_key (
  access_key text not null primary key,
  user_id text not null references api_user (id) on delete cascade,
  sealed_secret text not null,
  enabled integer not null check (enabled in (0, 1)),
  created_at integer not null
) strict;

CREATE INDEX access_key_user on access_key (user_id);

CREATE TABLE account (
  id text not null primary key,
  name text not null unique,
  enabled integer not null check (enabled in (0, 1))
) strict;

CREATE TABLE api_user (
  id text not null primary key,
  domain_id text not null references account (id),
  name text not null,
  password_hash text not null,
  enabled integer not null check (enabled in (0, 1)),
  created_at integer not null,
  unique (domain_id, name)
) strict;

CREATE TABLE audit_entry (
  id text not null primary key,
  at integer not null,
  domain_id text not null,
  project_id text not null,
  user_id text not null,
  user_name text not null,
  address text not null,
  request_id text not null,
  operation text not null,
  request text not null,
  zone_id text,
  changes text not null,
  change_count integer not null
) strict, without rowid;

CREATE INDEX audit_entry_account on audit_entry (domain_id, id);

CREATE INDEX audit_entry_at on audit_entry (at);

CREATE INDEX audit_entry_zone on audit_entry (domain_id, zone_id, id) where zone_id is not null;

CREATE TABLE custom_line (
  line_id text not null primary key,
  domain_id text not null,
  name text not null,
  ip_segments text not null,
  status text not null,
  description text not null,
  created_at integer not null,
  updated_at integer,
  unique (domain_id, name)
) strict;

CREATE TABLE endpoint (
  id text not null primary key,
  domain_id text not null,
  project_id text not null,
  name text not null,
  direction text not null check (direction in ('inbound', 'outbound')),
  region text not null,
  network_id text not null,
  created_at integer not null,
  updated_at integer not null,
  unique (project_id, name)
) strict;

CREATE INDEX endpoint_created on endpoint (project_id, direction, created_at, id);

CREATE INDEX endpoint_domain on endpoint (domain_id, direction);

CREATE INDEX endpoint_network on endpoint (network_id);

CREATE TABLE endpoint_address (
  id text not null primary key,
  endpoint_id text not null references endpoint (id) on delete cascade,
  subnet_id text not null references subnet (id),
  ip text not null,
  created_at integer not null,
  updated_at integer not null,
  unique (subnet_id, ip)
) strict;

CREATE INDEX endpoint_address_endpoint on endpoint_address (endpoint_id);

CREATE TABLE feed_entry (
  seq integer not null primary key,
  zone_id text not null,
  serial integer not null,
  size_bytes integer not null,
  payload blob not null
) strict;

CREATE TABLE feed_position (
  id integer not null primary key check (id = 1),
  oldest integer not null,
  newest integer not null,
  size_bytes integer not null
) strict;

CREATE TABLE line_group (
  line_id text not null primary key,
  domain_id text not null,
  name text not null,
  members text not null,
  status text not null,
  description text not null,
  created_at integer not null,
  updated_at integer,
  unique (domain_id, name)
) strict;

CREATE TABLE network (
  id text not null primary key,
  domain_id text not null,
  project_id text not null,
  region text not null,
  name text not null,
  description text not null,
  cidr text not null,
  created_at integer not null,
  updated_at integer
) strict;

CREATE INDEX network_domain on network (domain_id, id);

CREATE TABLE network_client (
  cidr text not null primary key,
  network_id text not null references network (id) on delete cascade,
  position integer not null
) strict;

CREATE INDEX network_client_network on network_client (network_id);

CREATE TABLE network_listener (
  address text not null primary key,
  network_id text not null references network (id) on delete cascade,
  position integer not null
) strict;

CREATE INDEX network_listener_network on network_listener (network_id);

CREATE TABLE project (
  id text not null primary key,
  domain_id text not null references account (id),
  name text not null,
  enabled integer not null check (enabled in (0, 1)),
  unique (domain_id, name)
) strict;

CREATE TABLE ptr (
  id text not null primary key,
  domain_id text not null,
  project_id text not null,
  region text not null,
  address_id text not null unique references public_address (id),
  address text not null unique,
  names text not null,
  ttl integer not null,
  description text not null,
  status text not null,
  enterprise_project_id text not null,
  tags text not null,
  serial integer not null,
  published blob not null,
  created_at integer not null,
  updated_at integer
) strict;

CREATE INDEX ptr_created on ptr (project_id, created_at, id);

CREATE INDEX ptr_domain on ptr (domain_id);

CREATE TABLE public_address (
  id text not null primary key,
  domain_id text not null,
  project_id text not null,
  region text not null,
  address text not null unique,
  name text not null,
  created_at integer not null
, bandwidth text) strict;

CREATE INDEX public_address_domain on public_address (domain_id, id);

CREATE TABLE query_log_config (
  id text not null primary key,
  domain_id text not null,
  project_id text not null,
  group_id text not null,
  stream_id text not null,
  created_at integer not null
) strict;

CREATE INDEX query_log_config_project on query_log_config (project_id, id);

CREATE TABLE query_log_network (
  config_id text not null references query_log_config (id) on delete cascade,
  network_id text not null,
  position integer not null,
  domain_id text not null,
  primary key (config_id, network_id),
  unique (domain_id, network_id)
) strict, without rowid;

CREATE TABLE record_set (
  id text not null primary key,
  zone_no integer not null,
  owner text not null,
  shown_name text,
  tree_key text,
  type text not null,
  line text not null,
  ttl integer not null,
  weight integer,
  records text not null,
  rdatas blob,
  status text not null,
  is_default integer not null check (is_default in (0, 1)),
  description text,
  alias_target text,
  tags text not null,
  created_at integer not null,
  updated_at integer
) strict;

CREATE INDEX record_set_alias on record_set (zone_no) where alias_target is not null;

CREATE INDEX record_set_created on record_set (zone_no, created_at, id);

CREATE INDEX record_set_line on record_set (zone_no, line, created_at) where line <> 'default_view';

CREATE INDEX record_set_owner on record_set (zone_no, owner);

CREATE INDEX record_set_shown_name on record_set (zone_no, shown_name) where shown_name is not null;

CREATE INDEX record_set_tagged on record_set (zone_no, created_at, id) where tags <> '[]';

CREATE INDEX record_set_tree on record_set (zone_no, tree_key) where tree_key is not null;

CREATE INDEX record_set_url on record_set (zone_no) where type in ('REDIRECT_URL', 'FORWARD_URL');

CREATE TABLE resolver_rule (
  id text not null primary key,
  domain_id text not null,
  project_id text not null,
  name text not null,
  domain_name text not null,
  owner text not null,
  endpoint_id text not null references endpoint (id),
  targets text not null,
  created_at integer not null,
  updated_at integer not null
) strict;

CREATE INDEX resolver_rule_created on resolver_rule (project_id, created_at, id);

CREATE INDEX resolver_rule_domain on resolver_rule (domain_id);

CREATE INDEX resolver_rule_endpoint on resolver_rule (endpoint_id);

CREATE TABLE resolver_rule_router (
  rule_id text not null references resolver_rule (id) on delete cascade,
  router_id text not null,
  router_region text not null,
  status text not null,
  position integer not null,
  domain_id text not null,
  owner text not null,
  primary key (rule_id, router_id),
  unique (domain_id, router_id, owner)
) strict, without rowid;

CREATE TABLE schema_migration (name text not null primary key) strict;

CREATE TABLE setting (
  name text not null primary key,
  value text not null
) strict;

CREATE TABLE subnet (
  id text not null primary key,
  network_id text not null references network (id) on delete cascade,
  name text not null,
  description text not null,
  cidr text not null,
  gateway text not null,
  created_at integer not null
) strict;

CREATE INDEX subnet_network on subnet (network_id, id);

CREATE TABLE task (
  id text not null primary key,
  kind text not null,
  domain_id text not null,
  project_id text not null,
  zone_id text references zone (id) on delete cascade,
  slot text unique,
  status text not null check (status in ('PENDING', 'DONE')),
  total_count integer not null,
  success_count integer not null,
  error_count integer not null,
  cursor_index integer not null,
  chunk_count integer not null,
  params text not null,
  idempotency_key text,
  created_by text not null,
  created_at integer not null,
  updated_at integer not null,
  feed_seq integer not null,
  lease_owner text,
  lease_until integer
, item_count integer not null default 0) strict;

CREATE INDEX task_created on task (domain_id, created_at, id);

CREATE UNIQUE INDEX task_idempotency_key on task (domain_id, project_id, idempotency_key) where idempotency_key is not null;

CREATE INDEX task_operation on task (domain_id, created_at, id) where zone_id is null;

CREATE INDEX task_pending on task (created_at, id) where status = 'PENDING';

CREATE INDEX task_zone on task (zone_id, created_at, id);

CREATE TABLE task_chunk (
  task_id text not null references task (id) on delete cascade,
  no integer not null,
  first_index integer not null,
  item_count integer not null,
  items text not null,
  primary key (task_id, no)
) strict;

CREATE TABLE task_effect (
  task_id text not null references task (id) on delete cascade,
  chunk_no integer not null,
  effects text not null,
  primary key (task_id, chunk_no)
) strict;

CREATE TABLE task_error (
  task_id text not null references task (id) on delete cascade,
  item_index integer not null,
  item text not null,
  code text not null,
  message text not null,
  primary key (task_id, item_index)
) strict, without rowid;

CREATE TABLE token (
  hash text not null primary key,
  user_id text not null references api_user (id) on delete cascade,
  domain_id text not null,
  project_id text,
  methods text not null,
  issued_at integer not null,
  expires_at integer not null
) strict;

CREATE INDEX token_expires on token (expires_at);

CREATE INDEX token_user on token (user_id);

CREATE TABLE transfer_access (
  zone_id text not null primary key,
  allow text not null,
  notify text not null,
  updated_at integer not null
) strict;

CREATE TABLE tsig_key (
  name text not null primary key,
  algorithm text not null,
  sealed_secret text not null,
  created_at integer not null
) strict;

CREATE TABLE user_grant (
  user_id text not null primary key references api_user (id) on delete cascade,
  role text not null,
  zone_ids text not null,
  policies text not null
) strict;

CREATE TABLE zone (
  no integer not null primary key,
  id text not null unique,
  domain_id text not null,
  project_id text not null,
  zone_type text not null check (zone_type in ('public', 'private')),
  name text not null,
  apex text not null,
  description text not null,
  email text not null,
  ttl integer not null,
  status text not null,
  serial integer not null,
  revision integer not null,
  record_count integer not null,
  enterprise_project_id text not null,
  proxy_pattern text,
  routers text not null,
  tags text not null,
  created_at integer not null,
  updated_at integer
, primaries text not null default '[]') strict;

CREATE INDEX zone_apex on zone (apex, zone_type);

CREATE INDEX zone_created on zone (domain_id, zone_type, created_at, id);

CREATE INDEX zone_name on zone (domain_id, zone_type, name, id);

CREATE UNIQUE INDEX zone_public_apex on zone (apex) where zone_type = 'public';

CREATE TABLE zone_claim (
  id text not null primary key,
  kind text not null,
  domain_id text not null,
  project_id text not null,
  name text not null,
  apex text not null,
  host text not null,
  value text not null,
  status text not null,
  created_at integer not null,
  updated_at integer not null
) strict;

CREATE UNIQUE INDEX zone_claim_apex on zone_claim (domain_id, kind, apex);

CREATE TABLE zone_key (
  id text not null primary key,
  zone_id text not null references zone (id) on delete cascade,
  flags integer not null,
  algorithm integer not null,
  public_key blob not null,
  sealed_secret text not null,
  published_at integer not null,
  active_at integer not null,
  retired_at integer,
  removed_at integer,
  created_at integer not null
, announced_at integer not null default 0) strict;

CREATE INDEX zone_key_zone on zone_key (zone_id, created_at, id);

CREATE TABLE zone_transfer (
  zone_id text not null primary key references zone (id) on delete cascade,
  next_at integer not null,
  checked_at integer,
  transferred_at integer,
  expires_at integer,
  failures integer not null,
  tries text not null,
  left_out text not null
) strict;

CREATE INDEX zone_transfer_next on zone_transfer (next_at);
