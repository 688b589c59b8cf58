import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../address.ts'
import type { Field } from './field.ts'
import { rrType } from './rr-type.ts'
import { TYPE_A, TYPE_AAAA } from './type-codes.ts'

/** RFC 1035 3.4.1: a dotted quad of four decimal numbers without leading zeros. */
export const A = rrType('A', TYPE_A, [addressField('address', 4)], {
  fast(text) {
    const octets = new Uint8Array(4)
    return parseIpv4(text, octets) ? octets : null
  },
})

/** RFC 3596 2.2: any form of RFC 4291 2.2; written as in RFC 5952. */
export const AAAA = rrType('AAAA', TYPE_AAAA, [addressField('address', 16)], {
  fast(text) {
    const octets = new Uint8Array(16)
    return parseIpv6(text, octets) ? octets : null
  },
})

function addressField<Name extends string>(name: Name, size: 4 | 16): Field<Name, Uint8Array> {
  const [parse, format, id, want] =
    size === 4
      ? ([parseIpv4, formatIpv4, 'ipv4-invalid', 'an IPv4 address such as 192.0.2.1'] as const)
      : ([parseIpv6, formatIpv6, 'ipv6-invalid', 'an IPv6 address such as 2001:db8::1'] as const)
  return {
    name,
    parse(reader, writer) {
      const token = reader.nextWord(name)
      if (token === null) return
      const octets = new Uint8Array(size)
      if (parse(token.text, octets)) writer.bytes(octets)
      else reader.refuse(id, `"${token.text}" is not ${want}.`, token)
    },
    measure: (_octets, at, end) => (at + size <= end ? size : -1),
    format,
    value: (octets, at, end) => octets.subarray(at, end),
  }
}
