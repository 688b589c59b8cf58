import { RCODE_NOERROR, RCODE_NXDOMAIN, RCODE_SERVFAIL } from '@waymark/dns/message/header'
import { parseName } from '@waymark/dns/name'
import { TYPE_NS } from '@waymark/dns/rr-types/type-codes'
import type { ControlSettings } from '../context.ts'
import { nameServersIn } from '../dns-client/answers.ts'
import { lookUp } from '../dns-client/look-up.ts'
import { resolversOf, type ServerAddress } from '../dns-client/server-address.ts'
import { apiError } from '../errors.ts'
import { readName } from '../record-sets/names.ts'
import { namesAbove } from './zone-name.ts'

/** A look-up that takes longer is given up, unless the caller says otherwise. */
const LOOK_UP_MS = 5000

/** How a name is delegated, seen from the network that the resolvers look into. */
export interface Delegation {
  /** Final dot. */
  readonly domainName: string
  /** Names of its name servers, final dot; empty when it has none, or when that could not be found out. */
  readonly nameServers: readonly string[]
  /** Those that it should have to be answered from here. */
  readonly expected: readonly string[]
}

/** Looks the name servers of a name up through the resolvers of the settings. Code: DNS.0202 for what is no name. */
export async function lookUpDelegation(
  settings: Pick<ControlSettings, 'resolvers' | 'nameServers'>,
  text: string,
  timeoutMs = LOOK_UP_MS,
): Promise<Delegation> {
  const name = readName(text)
  if (name === undefined) throw apiError('ZONE_NAME_INVALID')
  const seen = await nameServersAt(resolversOf(settings), name.owner, timeoutMs)
  return {
    domainName: name.name,
    nameServers: seen.is === 'delegated' ? seen.nameServers : [],
    expected: settings.nameServers,
  }
}

/**
 * What the resolvers tell of the name servers of a name. `unreachable`: nobody answered, or was willing to; `failing`: they could
 * not find it out, as for a name whose servers do not answer (RFC 1035 4.1.1, SERVFAIL).
 */
export type SeenServers =
  | { readonly is: 'delegated'; readonly nameServers: readonly string[] }
  | { readonly is: 'no-such-name' | 'no-servers' | 'failing' | 'unreachable' }

/**
 * The name servers that answer for `apex`: those of the nearest name that has any, from `apex` up to `top`, which lies at or
 * above it. Both in A-labels.
 */
export async function lookUpServers(
  servers: readonly ServerAddress[],
  apex: string,
  top: string,
  timeoutMs = LOOK_UP_MS,
): Promise<SeenServers> {
  const deadline = performance.now() + timeoutMs
  const names = [apex, ...namesAbove(apex)]
  let seen: SeenServers = { is: 'unreachable' }
  for (const name of names.slice(0, names.indexOf(top) + 1)) {
    seen = await nameServersAt(servers, name, deadline - performance.now())
    if (seen.is !== 'no-such-name' && seen.is !== 'no-servers') break
  }
  return seen
}

async function nameServersAt(
  servers: readonly ServerAddress[],
  owner: string,
  timeoutMs: number,
): Promise<SeenServers> {
  const name = parseName(owner)
  if (!name.ok) throw new Error(name.problems[0]!.detail)
  const answer = await lookUp(servers, name.value, TYPE_NS, timeoutMs)
  if (answer?.rcode === RCODE_NXDOMAIN) return { is: 'no-such-name' }
  if (answer?.rcode === RCODE_SERVFAIL) return { is: 'failing' }
  if (answer?.rcode !== RCODE_NOERROR) return { is: 'unreachable' }
  const nameServers = nameServersIn(answer, name.value)
  return nameServers.length === 0 ? { is: 'no-servers' } : { is: 'delegated', nameServers }
}
