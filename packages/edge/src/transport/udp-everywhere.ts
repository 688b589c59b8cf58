import { networkInterfaces } from 'node:os'
import type { Answerer } from '../observe/answerer.ts'
import { listenUdp, type UdpListener } from './udp.ts'

/** How often the machine is asked for addresses that came or went. */
const LOOK_EVERY_MS = 5000

export interface LookOptions {
  readonly addresses?: (host: string) => readonly string[]
  readonly everyMs?: number
}

/**
 * {@link listenUdp} on a host that stands for all addresses of the machine, `0.0.0.0` or `::`. RFC 2181 4.1: an answer has to come
 * from the address that was asked. The runtime does not tell which one that was, and the system sends from the one that its routes
 * prefer; so each address has a socket of its own, which the system prefers to the one for all. That one is left for addresses that
 * come, until the next look, and for those that are good on one link only.
 */
export async function listenUdpEverywhere(
  host: string,
  port: number,
  answerer: Answerer,
  { addresses = addressesUnder, everyMs = LOOK_EVERY_MS }: LookOptions = {},
): Promise<UdpListener> {
  const all = await listenUdp(host, port, answerer)
  const own = new Map<string, UdpListener>()
  const look = async (): Promise<void> => {
    const present = new Set(addresses(host))
    const gone = [...own].filter(([address]) => !present.has(address))
    for (const [address] of gone) own.delete(address)
    await Promise.all(gone.map(([, listener]) => listener.close()))
    for (const address of present) {
      if (own.has(address)) continue
      // An address that is just being set up, or has gone again, cannot be bound: the next look tries again.
      const listener = await listenUdp(address, all.port, answerer, host).catch(() => undefined)
      if (listener !== undefined) own.set(address, listener)
    }
  }
  await look()
  let looking = Promise.resolve()
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, everyMs)
  return {
    host,
    port: all.port,
    async close() {
      clearInterval(timer)
      await looking
      await Promise.all([all, ...own.values()].map((listener) => listener.close()))
    },
  }
}

/** Those that a socket for `host` receives for, but for addresses of one link (RFC 4291 2.5.6), which need its name. */
function addressesUnder(host: string): string[] {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ family, scopeid }) => family === 'IPv4' || (host !== '0.0.0.0' && !scopeid))
    .map(({ address }) => address)
}
