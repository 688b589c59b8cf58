import { formatIp, type IpAddress, readIp } from '../networks/prefix.ts'

const IPV4_SUFFIX = '.in-addr.arpa.'
const IPV6_SUFFIX = '.ip6.arpa.'

/** The name under which an address has its PTR record, final dot (RFC 1035 3.5, RFC 3596 2.5). */
export function reverseName(ip: IpAddress): string {
  if (ip.length === 4) return `${[...ip].reverse().join('.')}${IPV4_SUFFIX}`
  return `${[...ip.toHex()].reverse().join('.')}${IPV6_SUFFIX}`
}

/** The address whose reverse name this is, whole; undefined when it is none. `name` is lower case with final dot. */
export function addressOfReverseName(name: string): string | undefined {
  let text: string | undefined
  if (name.endsWith(IPV4_SUFFIX)) {
    text = name.slice(0, -IPV4_SUFFIX.length).split('.').reverse().join('.')
  } else if (name.endsWith(IPV6_SUFFIX)) {
    const digits = name.slice(0, -IPV6_SUFFIX.length).split('.').reverse().join('')
    if (digits.length === 32) text = digits.replace(/(.{4})(?=.)/g, '$1:')
  }
  const ip = readIp(text)
  // Written back, because readers of addresses allow more spellings than the tree of names has.
  return ip !== undefined && reverseName(ip) === name ? formatIp(ip) : undefined
}
