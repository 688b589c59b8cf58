import type { Migration } from './migration.ts'

/** Addresses of edges at which the clients of one network ask. */
export const networkListeners: Migration = {
  name: '0011-network-listeners',
  statements: ({ text, integer, table }) => [
    `create table network_listener (
  address ${text} not null primary key,
  network_id ${text} not null references network (id) on delete cascade,
  position ${integer} not null
)${table}`,
    'create index network_listener_network on network_listener (network_id)',
  ],
}
