import { parseIpv4, parseIpv6 } from '@waymark/dns/address'
import type { Query } from '../answer/query.ts'
import { LINE_DEFAULT } from '../zone-table/layout.ts'
import type { LineView } from './line-view.ts'

const IPV4 = 4
const IPV6 = 6
const UNKNOWN = 0

/**
 * Fills `q.lines` with the lines that the visitor is on, for a zone of `account`: the custom line, then the built-in ones, each
 * followed by the groups it is a member of. Groups of the default line come behind `q.defaultAt`. API: custom before operator
 * before region before default.
 */
export function findLines(q: Query, view: LineView, account: number): void {
  q.linesAccount = account
  q.lineCount = 0
  const own = view.ownLines(account)
  const kind = readAddress(q)
  const { address } = q
  const start = kind === IPV6 ? 0 : 12
  const high = readWord(address, start)
  if (kind === IPV4 && own !== undefined) {
    const line = own.lineOf(high)
    if (line !== 0) addLine(q, view, account, line)
  }
  const chain = kind === UNKNOWN ? 0 : view.chainOf(kind === IPV6, high, readWord(address, 4))
  if (chain !== 0) {
    for (let i = 0; ; i++) {
      const line = view.lineAt(chain, i)
      if (line < 0) break
      if (line !== 0) addLine(q, view, account, line)
    }
  }
  q.defaultAt = q.lineCount
  if (own !== undefined) q.lineCount = own.groupsOf(LINE_DEFAULT, q.lines, q.lineCount)
}

function addLine(q: Query, view: LineView, account: number, line: number): void {
  if (q.lineCount === q.lines.length) return
  q.lines[q.lineCount++] = line
  const own = view.ownLines(account)
  if (own !== undefined) q.lineCount = own.groupsOf(line, q.lines, q.lineCount)
}

const readWord = (octets: Uint8Array, at: number): number =>
  ((octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!) >>> 0

/**
 * Puts the visitor's address into `q.address`, IPv4 into its last four octets: that of the client subnet option, else that of
 * whoever asks.
 */
function readAddress(q: Query): number {
  const { address } = q
  address.fill(0)
  if (q.subnetPrefix > 0) {
    const start = q.subnetFamily === 1 ? 12 : 0
    for (let i = 0; i < q.subnetSize; i++) address[start + i] = q.in[q.subnetAt + i]!
    return q.subnetFamily === 1 ? IPV4 : kindOfIpv6(address)
  }
  if (parseIpv4(q.source, address, 12)) return IPV4
  // A link-local address comes with its interface.
  const zone = q.source.indexOf('%')
  return parseIpv6(zone < 0 ? q.source : q.source.slice(0, zone), address) ? kindOfIpv6(address) : UNKNOWN
}

/** A socket for both families shows IPv4 as `::ffff:a.b.c.d` (RFC 4291 2.5.5.2). */
function kindOfIpv6(address: Uint8Array): number {
  for (let i = 0; i < 10; i++) if (address[i] !== 0) return IPV6
  return address[10] === 255 && address[11] === 255 ? IPV4 : IPV6
}
