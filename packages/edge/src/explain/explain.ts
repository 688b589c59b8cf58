import { parseIpv4, parseIpv6 } from '@waymark/dns/address'
import { decodeMessage } from '@waymark/dns/message/decode'
import { type EdnsOption, encodeClientSubnet, OPTION_EXTENDED_ERROR } from '@waymark/dns/message/edns'
import { encodeMessage, makeQuery } from '@waymark/dns/message/encode'
import { rcodeName } from '@waymark/dns/message/header'
import type { ResourceRecord } from '@waymark/dns/message/message'
import { formatName, parseName } from '@waymark/dns/name'
import { rrTypeByCode } from '@waymark/dns/rr-types/registry'
import { typeCode } from '@waymark/dns/rr-types/type-codes'
import { processQuery } from '../answer/process-query.ts'
import { Query } from '../answer/query.ts'
import type { RangeTable } from '../line/ranges.ts'
import { builtInLines } from '../line/visitor.ts'
import { askUpstream, isToPassOn, keepQuery } from '../upstream/pass-on-query.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { TableView } from '../zone-table/view.ts'
import type { TableWriter } from '../zone-table/writer.ts'
import { explainSteps } from './explain-steps.ts'
import type { ExplainedAnswer, ExplainQuestion, Explanation } from './explanation.ts'
import { Trace } from './trace.ts'

const MAX_MESSAGE = 65535
const PAYLOAD = 1232

/** What an edge answers from. */
export interface ExplainedTable {
  readonly writer: TableWriter
  readonly seq: number
  readonly ranges: RangeTable | undefined
  readonly upstream: Upstream | undefined
}

/**
 * Answers a question as a thread of the edge would over TCP, with the same code, and tells the way. To be called in the thread that
 * writes the table. Undefined when the question makes no sense.
 */
export async function explain(
  { writer, seq, ranges, upstream }: ExplainedTable,
  edge: string,
  question: ExplainQuestion,
  seed = crypto.getRandomValues(new Int32Array(1))[0]!,
): Promise<Explanation | undefined> {
  const packet = packetOf(question)
  if (packet === undefined) return undefined
  const view = new TableView(writer.handle)
  view.lines.ranges = ranges
  const q = new Query(seed)
  q.source = question.client
  q.listener = question.listener
  const trace = new Trace()
  q.trace = trace
  const out = new Uint8Array(MAX_MESSAGE)
  const size = processQuery(q, view, packet, packet.length, out, true)
  const isFromUpstream = upstream !== undefined && isToPassOn(q)
  const told = {
    edge,
    position: seq,
    network: writer.networks.name(q.network),
    client_lines: builtInLines(q, view.lines),
    steps: explainSteps(q, view, writer, trace, isFromUpstream),
    is_from_upstream: isFromUpstream,
  }
  const own = out.slice(0, size)
  const reply = isFromUpstream ? await askUpstream(upstream, keepQuery(q, own)) : own
  return { ...told, answer: answerOf(reply) }
}

function packetOf({ name, type, subnet }: ExplainQuestion): Uint8Array | undefined {
  const parsed = parseName(name.endsWith('.') ? name : `${name}.`)
  const code = typeCode(type)
  const options = subnetOptions(subnet)
  if (!parsed.ok || code === undefined || options === undefined) return undefined
  const edns = { payloadSize: PAYLOAD, version: 0, isDnssecOk: false, options }
  const encoded = encodeMessage(makeQuery(0, parsed.value, code, { edns, isRecursionDesired: true }))
  return encoded.ok ? encoded.value : undefined
}

function subnetOptions(subnet: string): EdnsOption[] | undefined {
  if (subnet === '') return []
  const [text = '', bits = ''] = subnet.split('/')
  const address = new Uint8Array(text.includes(':') ? 16 : 4)
  const isAddress = address.length === 16 ? parseIpv6(text, address) : parseIpv4(text, address)
  const sourcePrefix = Number(bits)
  if (!isAddress || !/^\d{1,3}$/.test(bits) || sourcePrefix > address.length * 8) return undefined
  return [
    encodeClientSubnet({ family: address.length === 16 ? 2 : 1, sourcePrefix, scopePrefix: 0, address }),
  ]
}

function answerOf(reply: Uint8Array): ExplainedAnswer {
  const decoded = decodeMessage(reply)
  if (!decoded.ok) throw new Error(`own answer: ${decoded.problems[0]?.detail}`)
  const { header, answers, authorities, additionals, edns } = decoded.value
  const error = edns?.options.find(({ code }) => code === OPTION_EXTENDED_ERROR)?.data
  return {
    rcode: rcodeName(header.rcode),
    is_authoritative: header.isAuthoritative,
    answer: answers.map(textOf),
    authority: authorities.map(textOf),
    additional: additionals.map(textOf),
    extended_error: error === undefined ? null : (error[0]! << 8) | error[1]!,
  }
}

function textOf({ owner, ttl, type, rdata }: ResourceRecord): string {
  const rrType = rrTypeByCode(type)
  return `${formatName(owner)} ${ttl} IN ${rrType.name} ${rrType.format(rdata)}`
}
