import { createSocket } from 'node:dgram'
import { type AddressInfo, createServer } from 'node:net'
import { StartError } from '@waymark/control/tenants/secrets'
import { type Address, formatAddress } from './setting-kinds.ts'

/**
 * Finds out whether UDP and TCP of the addresses are free, and which port it is where 0 was asked for. The edge listens with
 * SO_REUSEPORT, one socket for each worker, so two edges on one port would silently share its queries; only a try without
 * that option, before the edge starts, sees the other.
 */
export const freeDnsAddresses = (wanted: readonly Address[]): Promise<Address[]> =>
  Promise.all(wanted.map(freeDnsAddress))

async function freeDnsAddress(address: Address): Promise<Address> {
  for (let attempt = 1; ; attempt++) {
    const port = await tryUdp(address)
    try {
      await tryTcp({ host: address.host, port }, '--dns')
      return { host: address.host, port }
    } catch (error) {
      // A port that the system chose for UDP may be taken for TCP; another one will do.
      if (address.port !== 0 || attempt === 10) throw error
    }
  }
}

/** The same for addresses of TCP alone. */
export const freeTcpAddresses = (
  wanted: readonly Address[] | undefined,
  flag: '--dot' | '--doh' | '--edge-metrics',
): Promise<Address[]> =>
  Promise.all((wanted ?? []).map(async (each) => ({ host: each.host, port: await tryTcp(each, flag) })))

/** Throws when the address is taken: found out before a first start makes credentials that nobody would then be shown. */
export const checkHttpAddress = async (
  address: Address,
  flag: '--http' | '--https' | '--redirect',
): Promise<void> => {
  await tryTcp(address, flag)
}

function tryUdp(address: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(address.host.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', (error) => reject(explain(error, '--dns', address, 'UDP')))
    socket.bind({ address: address.host, port: address.port, exclusive: true }, () => {
      const { port } = socket.address()
      socket.close(() => resolve(port))
    })
  })
}

/** Resolves to the port. */
function tryTcp(address: Address, flag: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => reject(explain(error, flag, address, 'TCP')))
    server.listen({ host: address.host, port: address.port, exclusive: true }, () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** The fault of a listen call as the operator should read it. */
function explain(error: unknown, flag: string, address: Address, protocol: string): StartError {
  const { code, message } = error as { code?: string; message: string }
  const where = `${formatAddress(address)} (${protocol})`
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(`${where} is taken by another process; choose another address with ${flag}`)
    case 'EACCES':
    case 'EPERM':
      return new StartError(
        `no permission to listen on ${where}; ports below 1024 need root or CAP_NET_BIND_SERVICE, or choose another with ${flag}`,
      )
    case 'EADDRNOTAVAIL':
      return new StartError(`${address.host} is no address of this machine; choose another with ${flag}`)
    default:
      return new StartError(`cannot listen on ${where}: ${message}`)
  }
}
