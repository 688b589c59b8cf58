import { listenerAddress } from '../network/listener-address.ts'
import type { Answerer } from '../observe/answerer.ts'
import { ConnectionLimits } from './connection-limits.ts'
import type { StreamLimits } from './streams.ts'
import { listenTcp, type TcpListener } from './tcp.ts'
import type { TlsMaterial } from './tls-material.ts'
import { listenUdp, type UdpListener } from './udp.ts'
import { listenUdpEverywhere } from './udp-everywhere.ts'
import type { DnsAddress } from './worker-messages.ts'
import type { BoundAddresses, WorkerTransports } from './worker-transports.ts'

export interface Listeners {
  readonly bound: BoundAddresses
  /** A renewed certificate, for connections from now on. */
  setMaterial(material: TlsMaterial): void
  /** Answers what has come, and resolves when everything is closed. */
  close(): Promise<void>
}

const PORT_ATTEMPTS = 20

/**
 * Listens on UDP and TCP of every address, and wherever encrypted queries are answered. Rejects with the system's error, and listens on
 * none then.
 */
export async function listenOn(
  addresses: readonly DnsAddress[],
  answerer: Answerer,
  transports: WorkerTransports,
): Promise<Listeners> {
  const { tls, idleSeconds } = transports
  const limits: StreamLimits = { idleSeconds, connections: new ConnectionLimits(transports.connections) }
  const open: { close(): void | Promise<void> }[] = []
  const encrypted: { setMaterial(material: TlsMaterial): void }[] = []
  const bound = { dns: [] as DnsAddress[], dot: [] as DnsAddress[], doh: [] as DnsAddress[] }
  const close = async (): Promise<void> => {
    await Promise.all(open.map((listener) => listener.close()))
  }
  try {
    for (const { host, port } of addresses) {
      const [udp, tcp] = await listenOnBoth(host, port, answerer, limits)
      open.push(udp, tcp)
      bound.dns.push({ host, port: udp.port })
    }
    if (tls !== undefined) {
      // TLS and HTTP take longer to load than all the rest: only where they are wanted.
      const [{ listenDot }, { listenDoh }] = await Promise.all([import('./dot.ts'), import('./doh.ts')])
      for (const { host, port } of transports.dot) {
        const dot = await listenDot(host, port, answerer, limits, tls)
        open.push(dot)
        encrypted.push(dot)
        bound.dot.push({ host, port: dot.port })
      }
      for (const { host, port } of transports.doh) {
        const doh = await listenDoh(host, port, answerer, limits, tls)
        open.push(doh)
        encrypted.push(doh)
        bound.doh.push({ host, port: doh.port })
      }
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    bound,
    setMaterial(material) {
      for (const listener of encrypted) listener.setMaterial(material)
    },
    close,
  }
}

async function listenOnBoth(
  host: string,
  port: number,
  answerer: Answerer,
  limits: StreamLimits,
): Promise<[UdpListener, TcpListener]> {
  const isForAll = listenerAddress(host) === ''
  for (let attempt = 1; ; attempt++) {
    const udp = await (isForAll ? listenUdpEverywhere : listenUdp)(host, port, answerer)
    try {
      return [udp, listenTcp(host, udp.port, answerer, limits)]
    } catch (error) {
      await udp.close()
      // A port the system chose for UDP may be taken for TCP: another one will do.
      if (port !== 0 || attempt === PORT_ATTEMPTS) throw error
    }
  }
}
