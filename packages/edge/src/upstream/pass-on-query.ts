import { decodeMessage } from '@waymark/dns/message/decode'
import { OPTION_EXTENDED_ERROR } from '@waymark/dns/message/edns'
import { encodeMessage } from '@waymark/dns/message/encode'
import { RCODE_SERVFAIL } from '@waymark/dns/message/header'
import type { Message } from '@waymark/dns/message/message'
import type { Query } from '../answer/query.ts'
import type { Upstream, UpstreamReply } from './upstream.ts'

/** What is left of a query that others are asked about: the `Query` it was in serves the next one meanwhile. */
export interface PassedQuery {
  /** What the zones here say of it: the CNAMEs so far, and what answers without upstream. */
  readonly own: Message
  readonly name: Uint8Array
  readonly type: number
  /** Octets that the answer may have. */
  readonly maximum: number
}

/** Whether others can be asked: somebody wants it, and the answer is not signed already (RFC 8945). */
export const isToPassOn = (q: Query): boolean =>
  q.isForUpstream && (q.flags & 0x0100) !== 0 && q.tsigRoom === 0

/** Keeps what is needed of the query at hand, whose answer without upstream is in `reply`. */
export function keepQuery(q: Query, reply: Uint8Array): PassedQuery {
  const own = decodeMessage(reply)
  if (!own.ok) throw new Error(`own answer: ${own.problems[0]?.detail}`)
  const name = q.name.octets.slice(0, q.name.length)
  return { own: own.value, name, type: q.type, maximum: q.maximum }
}

/** Asks the upstream and writes the answer. */
export async function askUpstream(upstream: Upstream, passed: PassedQuery): Promise<Uint8Array> {
  const { own, name, type } = passed
  const isDnssecOk = own.edns?.isDnssecOk ?? false
  const { isCheckingDisabled } = own.header
  const reply = await upstream.ask({ name, type, isDnssecOk, isCheckingDisabled })
  return encodeWithin(compose(own, reply), passed.maximum)
}

/** Our CNAMEs, then what the upstream says of the last one's target. */
function compose(own: Message, reply: UpstreamReply): Message {
  // Nobody here has validated anything, so AD stays off.
  const header = { ...own.header, isAuthoritative: false, isRecursionAvailable: true, isTruncated: false }
  if (!reply.isReply) {
    const edns = own.edns && {
      ...own.edns,
      options: [...own.edns.options, { code: OPTION_EXTENDED_ERROR, data: Uint8Array.of(0, reply.ede) }],
    }
    const nothing = { answers: [], authorities: [], additionals: [] }
    return { ...own, ...nothing, edns, header: { ...header, rcode: RCODE_SERVFAIL } }
  }
  const { answers, authorities, additionals, header: theirs } = reply.message
  return {
    ...own,
    header: { ...header, rcode: theirs.rcode },
    answers: [...own.answers, ...answers],
    authorities,
    additionals,
  }
}

/** Leaves out additional records, then everything, where it does not fit: the client asks again over TCP. */
function encodeWithin(message: Message, maximum: number): Uint8Array {
  const short = { ...message, additionals: [] }
  const header = { ...message.header, isTruncated: true }
  for (const attempt of [message, short, { ...short, header, answers: [], authorities: [] }]) {
    const encoded = encodeMessage(attempt)
    if (encoded.ok && encoded.value.length <= maximum) return encoded.value
  }
  throw new Error('A header and a question do not fit.')
}
