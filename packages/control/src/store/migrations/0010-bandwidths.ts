import type { Migration } from './migration.ts'

/** What clients of the EIP service say of the bandwidth of an address. */
export const bandwidths: Migration = {
  name: '0010-bandwidths',
  statements: ({ text }) => [`alter table public_address add column bandwidth ${text}`],
}
