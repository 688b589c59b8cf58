import { formatIpv6, parseIpv6 } from '@waymark/dns/address'

/** How the address of a listener is compared to those of networks: in one spelling; '' for one that stands for all addresses. */
export function listenerAddress(host: string): string {
  const octets = new Uint8Array(16)
  if (!parseIpv6(host, octets)) return host === '0.0.0.0' ? '' : host
  return octets.every((octet) => octet === 0) ? '' : formatIpv6(octets)
}
