import type { Answerer } from '../observe/answerer.ts'
import { listenTcp, type TcpLimits } from './tcp.ts'
import { listenUdp } from './udp.ts'
import type { DnsAddress } from './worker-messages.ts'

export interface Listeners {
  readonly addresses: readonly DnsAddress[]
  close(): void
}

const PORT_ATTEMPTS = 20

/** Listens on UDP and TCP of every address. Rejects with the system's error, and listens on none then. */
export async function listenOn(
  addresses: readonly DnsAddress[],
  answerer: Answerer,
  limits: TcpLimits,
): Promise<Listeners> {
  const open: { close(): void }[] = []
  const bound: DnsAddress[] = []
  try {
    for (const { host, port } of addresses) {
      const pair = await listenOnBoth(host, port, answerer, limits)
      open.push(...pair.listeners)
      bound.push({ host, port: pair.port })
    }
  } catch (error) {
    for (const listener of open) listener.close()
    throw error
  }
  return {
    addresses: bound,
    close() {
      for (const listener of open) listener.close()
    },
  }
}

async function listenOnBoth(
  host: string,
  port: number,
  answerer: Answerer,
  limits: TcpLimits,
): Promise<{ port: number; listeners: { close(): void }[] }> {
  for (let attempt = 1; ; attempt++) {
    const udp = await listenUdp(host, port, answerer)
    try {
      const tcp = listenTcp(host, udp.port, answerer, limits)
      return { port: udp.port, listeners: [udp, tcp] }
    } catch (error) {
      udp.close()
      // A port the system chose for UDP may be taken for TCP: another one will do.
      if (port !== 0 || attempt === PORT_ATTEMPTS) throw error
    }
  }
}

/**
 * Throws when someone else listens on an address. Workers share their ports (SO_REUSEPORT), so without this test a second
 * edge started by mistake would silently take half of the queries.
 */
export async function checkAddressesAreFree(addresses: readonly DnsAddress[]): Promise<void> {
  for (const { host, port } of addresses) {
    if (port === 0) continue
    const udp = await Bun.udpSocket({ hostname: host, port })
    udp.close()
    Bun.listen({ hostname: host, port, socket: { data() {} } }).stop(true)
  }
}
