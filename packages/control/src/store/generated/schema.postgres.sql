-- Generated from store/migrations (WAYMARK_GENERATE=1 bun test store). Do not edit.

CREATE TABLE public.access_key (
    access_key text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    sealed_secret text NOT NULL COLLATE pg_catalog."C",
    enabled bigint NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT access_key_enabled_check CHECK ((enabled = ANY (ARRAY[(0)::bigint, (1)::bigint])))
);

CREATE TABLE public.account (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    enabled bigint NOT NULL,
    CONSTRAINT account_enabled_check CHECK ((enabled = ANY (ARRAY[(0)::bigint, (1)::bigint])))
);

CREATE TABLE public.api_user (
    id text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    password_hash text NOT NULL COLLATE pg_catalog."C",
    enabled bigint NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT api_user_enabled_check CHECK ((enabled = ANY (ARRAY[(0)::bigint, (1)::bigint])))
);

CREATE TABLE public.audit_entry (
    id text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    domain_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    user_name text NOT NULL COLLATE pg_catalog."C",
    address text NOT NULL COLLATE pg_catalog."C",
    request_id text NOT NULL COLLATE pg_catalog."C",
    operation text NOT NULL COLLATE pg_catalog."C",
    request text NOT NULL COLLATE pg_catalog."C",
    zone_id text COLLATE pg_catalog."C",
    changes text NOT NULL COLLATE pg_catalog."C",
    change_count bigint NOT NULL
);

CREATE TABLE public.custom_line (
    line_id text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    ip_segments text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint
);

CREATE TABLE public.endpoint (
    id text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    direction text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    network_id text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT endpoint_direction_check CHECK ((direction = ANY (ARRAY['inbound'::text, 'outbound'::text])))
);

CREATE TABLE public.endpoint_address (
    id text NOT NULL COLLATE pg_catalog."C",
    endpoint_id text NOT NULL COLLATE pg_catalog."C",
    subnet_id text NOT NULL COLLATE pg_catalog."C",
    ip text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

CREATE TABLE public.feed_entry (
    seq bigint NOT NULL,
    zone_id text NOT NULL COLLATE pg_catalog."C",
    serial bigint NOT NULL,
    size_bytes bigint NOT NULL,
    payload bytea NOT NULL
);

CREATE TABLE public.feed_position (
    id bigint NOT NULL,
    oldest bigint NOT NULL,
    newest bigint NOT NULL,
    size_bytes bigint NOT NULL,
    CONSTRAINT feed_position_id_check CHECK ((id = 1))
);

CREATE TABLE public.line_group (
    line_id text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    members text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint
);

CREATE TABLE public.network (
    id text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL COLLATE pg_catalog."C",
    cidr text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint
);

CREATE TABLE public.network_client (
    cidr text NOT NULL COLLATE pg_catalog."C",
    network_id text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL
);

CREATE TABLE public.network_listener (
    address text NOT NULL COLLATE pg_catalog."C",
    network_id text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL
);

CREATE TABLE public.project (
    id text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    enabled bigint NOT NULL,
    CONSTRAINT project_enabled_check CHECK ((enabled = ANY (ARRAY[(0)::bigint, (1)::bigint])))
);

CREATE TABLE public.ptr (
    id text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    address_id text NOT NULL COLLATE pg_catalog."C",
    address text NOT NULL COLLATE pg_catalog."C",
    names text NOT NULL COLLATE pg_catalog."C",
    ttl bigint NOT NULL,
    description text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    enterprise_project_id text NOT NULL COLLATE pg_catalog."C",
    tags text NOT NULL COLLATE pg_catalog."C",
    serial bigint NOT NULL,
    published bytea NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint
);

CREATE TABLE public.public_address (
    id text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    address text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    bandwidth text COLLATE pg_catalog."C"
);

CREATE TABLE public.query_log_config (
    id text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    group_id text NOT NULL COLLATE pg_catalog."C",
    stream_id text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL
);

CREATE TABLE public.query_log_network (
    config_id text NOT NULL COLLATE pg_catalog."C",
    network_id text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL,
    domain_id text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.record_set (
    id text NOT NULL COLLATE pg_catalog."C",
    zone_no bigint NOT NULL,
    owner text NOT NULL COLLATE pg_catalog."C",
    shown_name text COLLATE pg_catalog."C",
    tree_key text COLLATE pg_catalog."C",
    type text NOT NULL COLLATE pg_catalog."C",
    line text NOT NULL COLLATE pg_catalog."C",
    ttl bigint NOT NULL,
    weight bigint,
    records text NOT NULL COLLATE pg_catalog."C",
    rdatas bytea,
    status text NOT NULL COLLATE pg_catalog."C",
    is_default bigint NOT NULL,
    description text COLLATE pg_catalog."C",
    alias_target text COLLATE pg_catalog."C",
    tags text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint,
    CONSTRAINT record_set_is_default_check CHECK ((is_default = ANY (ARRAY[(0)::bigint, (1)::bigint])))
);

CREATE TABLE public.resolver_rule (
    id text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    domain_name text NOT NULL COLLATE pg_catalog."C",
    owner text NOT NULL COLLATE pg_catalog."C",
    endpoint_id text NOT NULL COLLATE pg_catalog."C",
    targets text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

CREATE TABLE public.resolver_rule_router (
    rule_id text NOT NULL COLLATE pg_catalog."C",
    router_id text NOT NULL COLLATE pg_catalog."C",
    router_region text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL,
    domain_id text NOT NULL COLLATE pg_catalog."C",
    owner text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.schema_migration (
    name text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.setting (
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.subnet (
    id text NOT NULL COLLATE pg_catalog."C",
    network_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL COLLATE pg_catalog."C",
    cidr text NOT NULL COLLATE pg_catalog."C",
    gateway text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL
);

CREATE TABLE public.task (
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    zone_id text COLLATE pg_catalog."C",
    slot text COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    total_count bigint NOT NULL,
    success_count bigint NOT NULL,
    error_count bigint NOT NULL,
    cursor_index bigint NOT NULL,
    chunk_count bigint NOT NULL,
    params text NOT NULL COLLATE pg_catalog."C",
    idempotency_key text COLLATE pg_catalog."C",
    created_by text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    feed_seq bigint NOT NULL,
    lease_owner text COLLATE pg_catalog."C",
    lease_until bigint,
    item_count bigint DEFAULT 0 NOT NULL,
    CONSTRAINT task_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'DONE'::text])))
);

CREATE TABLE public.task_chunk (
    task_id text NOT NULL COLLATE pg_catalog."C",
    no bigint NOT NULL,
    first_index bigint NOT NULL,
    item_count bigint NOT NULL,
    items text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.task_effect (
    task_id text NOT NULL COLLATE pg_catalog."C",
    chunk_no bigint NOT NULL,
    effects text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.task_error (
    task_id text NOT NULL COLLATE pg_catalog."C",
    item_index bigint NOT NULL,
    item text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    message text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.token (
    hash text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    project_id text COLLATE pg_catalog."C",
    methods text NOT NULL COLLATE pg_catalog."C",
    issued_at bigint NOT NULL,
    expires_at bigint NOT NULL
);

CREATE TABLE public.transfer_access (
    zone_id text NOT NULL COLLATE pg_catalog."C",
    allow text NOT NULL COLLATE pg_catalog."C",
    notify text NOT NULL COLLATE pg_catalog."C",
    updated_at bigint NOT NULL
);

CREATE TABLE public.tsig_key (
    name text NOT NULL COLLATE pg_catalog."C",
    algorithm text NOT NULL COLLATE pg_catalog."C",
    sealed_secret text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL
);

CREATE TABLE public.user_grant (
    user_id text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C",
    zone_ids text NOT NULL COLLATE pg_catalog."C",
    policies text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.zone (
    no bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    zone_type text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    apex text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL COLLATE pg_catalog."C",
    ttl bigint NOT NULL,
    status text NOT NULL COLLATE pg_catalog."C",
    serial bigint NOT NULL,
    revision bigint NOT NULL,
    record_count bigint NOT NULL,
    enterprise_project_id text NOT NULL COLLATE pg_catalog."C",
    proxy_pattern text COLLATE pg_catalog."C",
    routers text NOT NULL COLLATE pg_catalog."C",
    tags text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint,
    primaries text DEFAULT '[]'::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT zone_zone_type_check CHECK ((zone_type = ANY (ARRAY['public'::text, 'private'::text])))
);

CREATE TABLE public.zone_claim (
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    domain_id text NOT NULL COLLATE pg_catalog."C",
    project_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    apex text NOT NULL COLLATE pg_catalog."C",
    host text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

CREATE TABLE public.zone_key (
    id text NOT NULL COLLATE pg_catalog."C",
    zone_id text NOT NULL COLLATE pg_catalog."C",
    flags bigint NOT NULL,
    algorithm bigint NOT NULL,
    public_key bytea NOT NULL,
    sealed_secret text NOT NULL COLLATE pg_catalog."C",
    published_at bigint NOT NULL,
    active_at bigint NOT NULL,
    retired_at bigint,
    removed_at bigint,
    created_at bigint NOT NULL,
    announced_at bigint DEFAULT 0 NOT NULL
);

ALTER TABLE public.zone ALTER COLUMN no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.zone_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.zone_transfer (
    zone_id text NOT NULL COLLATE pg_catalog."C",
    next_at bigint NOT NULL,
    checked_at bigint,
    transferred_at bigint,
    expires_at bigint,
    failures bigint NOT NULL,
    tries text NOT NULL COLLATE pg_catalog."C",
    left_out text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.access_key
    ADD CONSTRAINT access_key_pkey PRIMARY KEY (access_key);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_name_key UNIQUE (name);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.api_user
    ADD CONSTRAINT api_user_domain_id_name_key UNIQUE (domain_id, name);

ALTER TABLE ONLY public.api_user
    ADD CONSTRAINT api_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.custom_line
    ADD CONSTRAINT custom_line_domain_id_name_key UNIQUE (domain_id, name);

ALTER TABLE ONLY public.custom_line
    ADD CONSTRAINT custom_line_pkey PRIMARY KEY (line_id);

ALTER TABLE ONLY public.endpoint_address
    ADD CONSTRAINT endpoint_address_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.endpoint_address
    ADD CONSTRAINT endpoint_address_subnet_id_ip_key UNIQUE (subnet_id, ip);

ALTER TABLE ONLY public.endpoint
    ADD CONSTRAINT endpoint_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.endpoint
    ADD CONSTRAINT endpoint_project_id_name_key UNIQUE (project_id, name);

ALTER TABLE ONLY public.feed_entry
    ADD CONSTRAINT feed_entry_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.feed_position
    ADD CONSTRAINT feed_position_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.line_group
    ADD CONSTRAINT line_group_domain_id_name_key UNIQUE (domain_id, name);

ALTER TABLE ONLY public.line_group
    ADD CONSTRAINT line_group_pkey PRIMARY KEY (line_id);

ALTER TABLE ONLY public.network_client
    ADD CONSTRAINT network_client_pkey PRIMARY KEY (cidr);

ALTER TABLE ONLY public.network_listener
    ADD CONSTRAINT network_listener_pkey PRIMARY KEY (address);

ALTER TABLE ONLY public.network
    ADD CONSTRAINT network_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.project
    ADD CONSTRAINT project_domain_id_name_key UNIQUE (domain_id, name);

ALTER TABLE ONLY public.project
    ADD CONSTRAINT project_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ptr
    ADD CONSTRAINT ptr_address_id_key UNIQUE (address_id);

ALTER TABLE ONLY public.ptr
    ADD CONSTRAINT ptr_address_key UNIQUE (address);

ALTER TABLE ONLY public.ptr
    ADD CONSTRAINT ptr_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.public_address
    ADD CONSTRAINT public_address_address_key UNIQUE (address);

ALTER TABLE ONLY public.public_address
    ADD CONSTRAINT public_address_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.query_log_config
    ADD CONSTRAINT query_log_config_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.query_log_network
    ADD CONSTRAINT query_log_network_domain_id_network_id_key UNIQUE (domain_id, network_id);

ALTER TABLE ONLY public.query_log_network
    ADD CONSTRAINT query_log_network_pkey PRIMARY KEY (config_id, network_id);

ALTER TABLE ONLY public.record_set
    ADD CONSTRAINT record_set_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.resolver_rule
    ADD CONSTRAINT resolver_rule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.resolver_rule_router
    ADD CONSTRAINT resolver_rule_router_domain_id_router_id_owner_key UNIQUE (domain_id, router_id, owner);

ALTER TABLE ONLY public.resolver_rule_router
    ADD CONSTRAINT resolver_rule_router_pkey PRIMARY KEY (rule_id, router_id);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.subnet
    ADD CONSTRAINT subnet_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.task_chunk
    ADD CONSTRAINT task_chunk_pkey PRIMARY KEY (task_id, no);

ALTER TABLE ONLY public.task_effect
    ADD CONSTRAINT task_effect_pkey PRIMARY KEY (task_id, chunk_no);

ALTER TABLE ONLY public.task_error
    ADD CONSTRAINT task_error_pkey PRIMARY KEY (task_id, item_index);

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_slot_key UNIQUE (slot);

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.transfer_access
    ADD CONSTRAINT transfer_access_pkey PRIMARY KEY (zone_id);

ALTER TABLE ONLY public.tsig_key
    ADD CONSTRAINT tsig_key_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.user_grant
    ADD CONSTRAINT user_grant_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.zone_claim
    ADD CONSTRAINT zone_claim_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.zone
    ADD CONSTRAINT zone_id_key UNIQUE (id);

ALTER TABLE ONLY public.zone_key
    ADD CONSTRAINT zone_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.zone
    ADD CONSTRAINT zone_pkey PRIMARY KEY (no);

ALTER TABLE ONLY public.zone_transfer
    ADD CONSTRAINT zone_transfer_pkey PRIMARY KEY (zone_id);

CREATE INDEX access_key_user ON public.access_key USING btree (user_id);

CREATE INDEX audit_entry_account ON public.audit_entry USING btree (domain_id, id);

CREATE INDEX audit_entry_at ON public.audit_entry USING btree (at);

CREATE INDEX audit_entry_zone ON public.audit_entry USING btree (domain_id, zone_id, id) WHERE (zone_id IS NOT NULL);

CREATE INDEX endpoint_address_endpoint ON public.endpoint_address USING btree (endpoint_id);

CREATE INDEX endpoint_created ON public.endpoint USING btree (project_id, direction, created_at, id);

CREATE INDEX endpoint_domain ON public.endpoint USING btree (domain_id, direction);

CREATE INDEX endpoint_network ON public.endpoint USING btree (network_id);

CREATE INDEX network_client_network ON public.network_client USING btree (network_id);

CREATE INDEX network_domain ON public.network USING btree (domain_id, id);

CREATE INDEX network_listener_network ON public.network_listener USING btree (network_id);

CREATE INDEX ptr_created ON public.ptr USING btree (project_id, created_at, id);

CREATE INDEX ptr_domain ON public.ptr USING btree (domain_id);

CREATE INDEX public_address_domain ON public.public_address USING btree (domain_id, id);

CREATE INDEX query_log_config_project ON public.query_log_config USING btree (project_id, id);

CREATE INDEX record_set_alias ON public.record_set USING btree (zone_no) WHERE (alias_target IS NOT NULL);

CREATE INDEX record_set_created ON public.record_set USING btree (zone_no, created_at, id);

CREATE INDEX record_set_line ON public.record_set USING btree (zone_no, line, created_at) WHERE (line <> 'default_view'::text);

CREATE INDEX record_set_owner ON public.record_set USING btree (zone_no, owner);

CREATE INDEX record_set_shown_name ON public.record_set USING btree (zone_no, shown_name) WHERE (shown_name IS NOT NULL);

CREATE INDEX record_set_tagged ON public.record_set USING btree (zone_no, created_at, id) WHERE (tags <> '[]'::text);

CREATE INDEX record_set_tree ON public.record_set USING btree (zone_no, tree_key) WHERE (tree_key IS NOT NULL);

CREATE INDEX record_set_url ON public.record_set USING btree (zone_no) WHERE (type = ANY (ARRAY['REDIRECT_URL'::text, 'FORWARD_URL'::text]));

CREATE INDEX resolver_rule_created ON public.resolver_rule USING btree (project_id, created_at, id);

CREATE INDEX resolver_rule_domain ON public.resolver_rule USING btree (domain_id);

CREATE INDEX resolver_rule_endpoint ON public.resolver_rule USING btree (endpoint_id);

CREATE INDEX subnet_network ON public.subnet USING btree (network_id, id);

CREATE INDEX task_created ON public.task USING btree (domain_id, created_at, id);

CREATE UNIQUE INDEX task_idempotency_key ON public.task USING btree (domain_id, project_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);

CREATE INDEX task_operation ON public.task USING btree (domain_id, created_at, id) WHERE (zone_id IS NULL);

CREATE INDEX task_pending ON public.task USING btree (created_at, id) WHERE (status = 'PENDING'::text);

CREATE INDEX task_zone ON public.task USING btree (zone_id, created_at, id);

CREATE INDEX token_expires ON public.token USING btree (expires_at);

CREATE INDEX token_user ON public.token USING btree (user_id);

CREATE INDEX zone_apex ON public.zone USING btree (apex, zone_type);

CREATE UNIQUE INDEX zone_claim_apex ON public.zone_claim USING btree (domain_id, kind, apex);

CREATE INDEX zone_created ON public.zone USING btree (domain_id, zone_type, created_at, id);

CREATE INDEX zone_key_zone ON public.zone_key USING btree (zone_id, created_at, id);

CREATE INDEX zone_name ON public.zone USING btree (domain_id, zone_type, name, id);

CREATE UNIQUE INDEX zone_public_apex ON public.zone USING btree (apex) WHERE (zone_type = 'public'::text);

CREATE INDEX zone_transfer_next ON public.zone_transfer USING btree (next_at);

ALTER TABLE ONLY public.access_key
    ADD CONSTRAINT access_key_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.api_user(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.api_user
    ADD CONSTRAINT api_user_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.endpoint_address
    ADD CONSTRAINT endpoint_address_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES public.endpoint(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.endpoint_address
    ADD CONSTRAINT endpoint_address_subnet_id_fkey FOREIGN KEY (subnet_id) REFERENCES public.subnet(id);

ALTER TABLE ONLY public.network_client
    ADD CONSTRAINT network_client_network_id_fkey FOREIGN KEY (network_id) REFERENCES public.network(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.network_listener
    ADD CONSTRAINT network_listener_network_id_fkey FOREIGN KEY (network_id) REFERENCES public.network(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.project
    ADD CONSTRAINT project_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.ptr
    ADD CONSTRAINT ptr_address_id_fkey FOREIGN KEY (address_id) REFERENCES public.public_address(id);

ALTER TABLE ONLY public.query_log_network
    ADD CONSTRAINT query_log_network_config_id_fkey FOREIGN KEY (config_id) REFERENCES public.query_log_config(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.resolver_rule
    ADD CONSTRAINT resolver_rule_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES public.endpoint(id);

ALTER TABLE ONLY public.resolver_rule_router
    ADD CONSTRAINT resolver_rule_router_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES public.resolver_rule(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.subnet
    ADD CONSTRAINT subnet_network_id_fkey FOREIGN KEY (network_id) REFERENCES public.network(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.task_chunk
    ADD CONSTRAINT task_chunk_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.task_effect
    ADD CONSTRAINT task_effect_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.task_error
    ADD CONSTRAINT task_error_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_zone_id_fkey FOREIGN KEY (zone_id) REFERENCES public.zone(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.api_user(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_grant
    ADD CONSTRAINT user_grant_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.api_user(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.zone_key
    ADD CONSTRAINT zone_key_zone_id_fkey FOREIGN KEY (zone_id) REFERENCES public.zone(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.zone_transfer
    ADD CONSTRAINT zone_transfer_zone_id_fkey FOREIGN KEY (zone_id) REFERENCES public.zone(id) ON DELETE CASCADE;
