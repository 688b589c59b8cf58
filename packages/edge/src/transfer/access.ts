import { parseIpv4, parseIpv6 } from '@waymark/dns/address'
import { equalNames } from '@waymark/dns/name'
import type { AllowRule, TransferAccess } from '@waymark/dns/transfer/policy'

/** Whether one of the rules fits a request from the address, signed with the key of this name (lower case) or with none. */
export function isAllowed(
  { allow }: TransferAccess,
  source: string,
  keyName: Uint8Array | undefined,
): boolean {
  const address = readAddress(source)
  return allow.some(
    (rule) =>
      (rule.network === undefined || (address !== undefined && isWithin(rule, rule.network, address))) &&
      (rule.keyName === undefined || (keyName !== undefined && equalNames(rule.keyName, keyName))),
  )
}

/** 4 or 16 octets; a mapped address (RFC 4291 2.5.5.2) is that of IPv4, as sockets for both families report it. */
function readAddress(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(16)
  if (parseIpv4(text, octets)) return octets.slice(0, 4)
  if (!parseIpv6(text.replace(/%.*/, ''), octets)) return undefined
  const isMapped = octets.subarray(0, 12).every((octet, at) => octet === (at < 10 ? 0 : 255))
  return isMapped ? octets.slice(12) : octets
}

function isWithin({ bits }: AllowRule, network: Uint8Array, address: Uint8Array): boolean {
  if (address.length !== network.length) return false
  for (let at = 0; at * 8 < bits; at++) {
    const mask = 0xff & ~(0xff >> Math.min(8, bits - at * 8))
    if ((address[at]! & mask) !== (network[at]! & mask)) return false
  }
  return true
}
