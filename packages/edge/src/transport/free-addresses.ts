import type { DnsAddress } from './worker-messages.ts'

/**
 * Throws when someone else listens on an address. Workers share their ports (SO_REUSEPORT), so without this test a second
 * edge started by mistake would silently take half of the queries.
 */
export async function checkAddressesAreFree(
  addresses: readonly DnsAddress[],
  encrypted: readonly DnsAddress[] = [],
): Promise<void> {
  for (const { host, port } of addresses) {
    if (port === 0) continue
    const udp = await Bun.udpSocket({ hostname: host, port })
    udp.close()
  }
  for (const { host, port } of [...addresses, ...encrypted]) {
    if (port !== 0) Bun.listen({ hostname: host, port, socket: { data() {} } }).stop(true)
  }
}
