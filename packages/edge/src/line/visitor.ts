import type { Query } from '../answer/query.ts'
import { LINE_DEFAULT } from '../zone-table/layout.ts'
import type { LineView } from './line-view.ts'
import type { OwnLines } from './own-lines.ts'
import { IPV4, IPV6, kindOfIpv6, UNKNOWN } from './source-address.ts'

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
    if (line !== 0) addLine(q, own, line)
  }
  const chain = kind === UNKNOWN ? 0 : view.chainOf(kind === IPV6, high, readWord(address, 4))
  if (chain !== 0) {
    for (let i = 0; ; i++) {
      const line = view.lineAt(chain, i)
      if (line < 0) break
      if (line !== 0) addLine(q, own, line)
    }
  }
  q.defaultAt = q.lineCount
  if (own !== undefined) q.lineCount = own.groupsOf(LINE_DEFAULT, q.lines, q.lineCount)
}

/** The ids of all built-in lines that the visitor is on, the narrowest first, also of those that no record set is on. */
export function builtInLines(q: Query, view: LineView): string[] {
  const kind = readAddress(q)
  if (kind === UNKNOWN) return []
  const start = kind === IPV6 ? 0 : 12
  return view.namesOf(view.chainOf(kind === IPV6, readWord(q.address, start), readWord(q.address, 4)))
}

function addLine(q: Query, own: OwnLines | undefined, line: number): void {
  if (q.lineCount === q.lines.length) return
  q.lines[q.lineCount++] = line
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
  if (q.subnetPrefix > 0) {
    address.fill(0)
    const start = q.subnetFamily === 1 ? 12 : 0
    for (let i = 0; i < q.subnetSize; i++) address[start + i] = q.in[q.subnetAt + i]!
    return q.subnetFamily === 1 ? IPV4 : kindOfIpv6(address)
  }
  return q.from.read(address)
}
