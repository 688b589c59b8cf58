import { Resolver } from 'node:dns/promises'
import type { ControlSettings } from '../context.ts'
import { apiError } from '../errors.ts'
import { readName } from '../record-sets/names.ts'

/** A look-up that takes longer is given up, unless the caller says otherwise. */
const LOOK_UP_MS = 5000

/** How a name is delegated, seen from the network that the resolver looks into. */
export interface Delegation {
  /** Final dot. */
  readonly domainName: string
  /** Names of its name servers, final dot; empty when it has none, or when that could not be found out. */
  readonly nameServers: readonly string[]
  /** Those that it should have to be answered from here. */
  readonly expected: readonly string[]
}

/**
 * Looks the name servers of a name up through the resolver of the settings; without one nothing is looked up. Code: DNS.0202 for
 * what is no name.
 */
export async function lookUpDelegation(
  settings: Pick<ControlSettings, 'delegationResolver' | 'nameServers'>,
  text: string,
  timeoutMs = LOOK_UP_MS,
): Promise<Delegation> {
  const name = readName(text)
  if (name === undefined) throw apiError('ZONE_NAME_INVALID')
  const { delegationResolver: resolver, nameServers: expected } = settings
  const nameServers =
    resolver === undefined ? [] : await lookUpNs(resolver, name.owner.slice(0, -1), timeoutMs)
  return { domainName: name.name, nameServers, expected }
}

async function lookUpNs(server: string, name: string, timeoutMs: number): Promise<string[]> {
  const resolver = new Resolver()
  resolver.setServers([server])
  const deadline = setTimeout(() => resolver.cancel(), timeoutMs)
  try {
    const found = await resolver.resolveNs(name)
    return found.map((host) => `${host.toLowerCase().replace(/\.$/, '')}.`).sort()
  } catch {
    // No such name, no name servers, no answer: clients are to be shown an empty list for all of them.
    return []
  } finally {
    clearTimeout(deadline)
  }
}
