/** Which servers a bench compares: each by its flag, with the zone that all of them answer. */
import { join } from 'node:path'
import {
  type Peer,
  type PeerZone,
  startBind,
  startKnot,
  startNsd,
  startPowerDns,
} from '../../test/support/peers.ts'
import { startEdge } from './edge.ts'

/** Starts the servers named in `only` (`waymark,knot,…`) one after another, pinned to processor 0, with folders below `folder`. */
export async function startServers(
  only: string,
  folder: string,
  zone: PeerZone,
  names: number,
): Promise<Peer[]> {
  const starters: Record<string, () => Promise<Peer>> = {
    waymark: () => startEdge(join(folder, 'edge'), names, 0),
    knot: () => startKnot(join(folder, 'knot'), zone, 0),
    nsd: () => startNsd(join(folder, 'nsd'), zone, 0),
    bind: () => startBind(join(folder, 'bind'), zone, 0),
    powerdns: () => startPowerDns(join(folder, 'pdns'), zone, 0),
  }
  const peers: Peer[] = []
  try {
    for (const key of only.split(',')) {
      const start = starters[key]
      if (start === undefined) throw new Error(`"${key}" is none of ${Object.keys(starters).join(', ')}.`)
      peers.push(await start())
    }
  } catch (error) {
    for (const peer of peers) await peer.stop()
    throw error
  }
  return peers
}
