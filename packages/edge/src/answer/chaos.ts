import { TYPE_ANY, TYPE_TXT } from '@waymark/dns/rr-types/type-codes'
import type { Query } from './query.ts'

export const CLASS_CHAOS = 3

const wire = (...labels: string[]): Uint8Array =>
  Uint8Array.from([...labels.flatMap((label) => [label.length, ...new TextEncoder().encode(label)]), 0])

const ID_SERVER = wire('id', 'server')
const HOSTNAME_BIND = wire('hostname', 'bind')
const VERSION_SERVER = wire('version', 'server')
const VERSION_BIND = wire('version', 'bind')

/** Writes the TXT record of a server about itself (RFC 4892). False where the operator has set none. */
export function answerChaos(q: Query): boolean {
  const text = textOf(q)
  if (text === null || text.length === 0) return false
  if (q.type !== TYPE_TXT && q.type !== TYPE_ANY) return false
  const { out, at } = q
  q.isAuthoritative = true
  if (at + 13 + text.length > q.limit) {
    q.isTruncated = true
    return true
  }
  out[at] = 0xc0
  out[at + 1] = 12
  out[at + 2] = 0
  out[at + 3] = TYPE_TXT
  out[at + 4] = 0
  out[at + 5] = CLASS_CHAOS
  // TTL 0: it is about the server that answers now.
  out.fill(0, at + 6, at + 11)
  out[at + 11] = text.length + 1
  out[at + 12] = text.length
  for (let i = 0; i < text.length; i++) out[at + 13 + i] = text[i]!
  q.at = at + 13 + text.length
  q.answers = 1
  return true
}

function textOf(q: Query): Uint8Array | null {
  const { chaosId, chaosVersion } = q.profile
  if (isName(q, ID_SERVER) || isName(q, HOSTNAME_BIND)) return chaosId
  if (isName(q, VERSION_SERVER) || isName(q, VERSION_BIND)) return chaosVersion
  return null
}

function isName(q: Query, name: Uint8Array): boolean {
  if (q.name.length !== name.length) return false
  for (let i = 0; i < name.length; i++) if (q.name.octets[i] !== name[i]) return false
  return true
}
