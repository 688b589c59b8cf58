import type { Grant, Role } from '../store/access-calls.ts'
import type { Statement } from './policy.ts'

/** Verbs that only read: every route that changes nothing needs an action that begins with one of them. */
const READS = ['get*', 'list*', 'show*']
const reading = (service: string): string[] => READS.map((verb) => `${service}:*:${verb}`)
const ALL = [{ to: 'all' }] as const

/**
 * The built-in roles. `administrator` also manages users, keys and projects of the account and reads its audit log;
 * `zone_administrator` does everything in the zones named and looks at what lies outside of zones, such as lines.
 */
const ROLES: Readonly<Record<Role, (grant: Grant) => Statement[]>> = {
  administrator: () => [{ effect: 'Allow', actions: ['*'], reach: ALL }],
  full_access: () => [{ effect: 'Allow', actions: ['dns:*'], reach: ALL }],
  read_only: () => [{ effect: 'Allow', actions: reading('dns'), reach: ALL }],
  zone_administrator: ({ zoneIds }) => [
    { effect: 'Allow', actions: ['dns:*'], reach: [{ to: 'zones', ids: zoneIds }] },
    { effect: 'Allow', actions: reading('dns'), reach: [{ to: 'outside' }] },
    // Who gives a zone away or takes it out of the account is not its administrator but its owner.
    { effect: 'Deny', actions: ['dns:zone:*transfer*'], reach: ALL },
  ],
  none: () => [],
}

export const ROLE_NAMES = Object.keys(ROLES) as Role[]

export const statementsOfRole = (grant: Grant): Statement[] => ROLES[grant.role](grant)
