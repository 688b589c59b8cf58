import { parseIpv4, parseIpv6 } from '@waymark/dns/address'
import { decodeRdatas, encodeRdatas } from '@waymark/dns/feed-codec'
import type { RecordSet } from '../store/store.ts'
import { isUrlType } from './rules/url-alone.ts'
import { equalOctets } from './values.ts'

/**
 * Sets that are answered with addresses which are not their values. Both keep them in `rdatas`, so that publishing, snapshots
 * and conflicts treat them as any other set:
 *
 * - URL forwarding: those of the forwarder, IPv4 and IPv6 together, told apart by their length. They are published as an A
 *   and an AAAA group; null where the installation has no forwarder.
 * - aliases of type A and AAAA: those of the target. {@link UNRESOLVED} when they cannot be had, null when the target
 *   has none of the type.
 */

/** No rdata at all, which an edge answers with SERVFAIL. */
export const UNRESOLVED: Uint8Array = encodeRdatas([])

const ADDRESS_TYPES: readonly string[] = ['A', 'AAAA']
const ADDRESS_SIZE: Readonly<Record<string, number>> = { A: 4, AAAA: 16 }

export const isAddressType = (type: string): boolean => ADDRESS_TYPES.includes(type)

/** The DNS types of the groups that a set of this type is published in. */
export const publishedTypes = (type: string): readonly string[] => (isUrlType(type) ? ADDRESS_TYPES : [type])

/** What a set contributes to a group of `type`; null: nothing. */
export function rdatasFor(set: Pick<RecordSet, 'type' | 'rdatas'>, type: string): Uint8Array | null {
  if (set.rdatas === null || !isUrlType(set.type)) return set.rdatas
  const size = ADDRESS_SIZE[type]
  const those = decodeRdatas(set.rdatas).filter((rdata) => rdata.length === size)
  return those.length === 0 ? null : encodeRdatas(those)
}

/** Addresses in text form, packed; null when there are none. */
export function packAddresses(addresses: readonly string[]): Uint8Array | null {
  return addresses.length === 0 ? null : encodeRdatas(addresses.map(octetsOf))
}

export const equalRdatas = (a: RecordSet['rdatas'], b: RecordSet['rdatas']): boolean =>
  a === null || b === null ? a === b : equalOctets(a, b)

function octetsOf(address: string): Uint8Array {
  const isIpv6 = address.includes(':')
  const octets = new Uint8Array(isIpv6 ? 16 : 4)
  if (!(isIpv6 ? parseIpv6(address, octets) : parseIpv4(address, octets))) {
    throw new Error(`not an address: ${address}`)
  }
  return octets
}
