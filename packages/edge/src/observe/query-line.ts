import { decodeMessage } from '@waymark/dns/message/decode'
import { decodeClientSubnet, formatClientSubnet, OPTION_CLIENT_SUBNET } from '@waymark/dns/message/edns'
import { OPCODE_NOTIFY, OPCODE_QUERY, OPCODE_UPDATE, rcodeName } from '@waymark/dns/message/header'
import { formatName, nameLength } from '@waymark/dns/name'
import { rrTypeByCode } from '@waymark/dns/rr-types/registry'
import { TRANSPORT_NAMES } from '../counters.ts'
import type { TapRecord } from './tap.ts'

const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x0400, 'AA'],
  [0x0200, 'TC'],
  [0x0100, 'RD'],
  [0x0010, 'CD'],
]

/** One query and its answer as a line of JSON, newline included. Docs: docs/query-log.md. */
export function queryLine(record: TapRecord): string {
  const { time, address, port, transport, rcode, query, answer, transfer } = record
  const question = readQuestion(query)
  const decoded = decodeMessage(query.slice())
  const edns = decoded.ok ? decoded.value.edns : null
  const subnet = edns?.options.find(({ code }) => code === OPTION_CLIENT_SUBNET)
  const subnetValue = subnet && decodeClientSubnet(subnet.data)
  const flags = (answer[2]! << 8) | answer[3]!
  const line = {
    time: new Date(time).toISOString(),
    client: address,
    port,
    transport: TRANSPORT_NAMES[transport],
    id: (query[0]! << 8) | query[1]!,
    ...opcodeOf(query),
    ...question,
    ...(subnetValue ? { subnet: formatClientSubnet(subnetValue).split('/').slice(0, 2).join('/') } : {}),
    ...(edns ? { dnssec_ok: edns.isDnssecOk } : {}),
    rcode: rcodeName(rcode),
    flags: FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name),
    answers: transfer?.records ?? (answer[6]! << 8) | answer[7]!,
    size: transfer?.octets ?? answer.length,
    ...(transfer && {
      transfer: transfer.kind,
      outcome: transfer.outcome,
      seconds: Math.round(transfer.seconds * 1e6) / 1e6,
    }),
  }
  return `${JSON.stringify(line)}\n`
}

/** RFC 6895 2.2; nothing for a query. */
function opcodeOf(query: Uint8Array): { opcode?: string } {
  const opcode = (query[2]! >> 3) & 15
  if (opcode === OPCODE_QUERY) return {}
  if (opcode === OPCODE_NOTIFY) return { opcode: 'NOTIFY' }
  return { opcode: opcode === OPCODE_UPDATE ? 'UPDATE' : `OPCODE${opcode}` }
}

/** Name, type and class of the question; nothing when it cannot be read. */
function readQuestion(query: Uint8Array): { name?: string; type?: string; class?: number } {
  if (query.length < 17 || query[5] !== 1) return {}
  const length = nameLength(query, 12)
  const at = 12 + length
  if (length <= 0 || at + 4 > query.length) return {}
  const rrClass = (query[at + 2]! << 8) | query[at + 3]!
  return {
    name: formatName(query, 12),
    type: rrTypeByCode((query[at]! << 8) | query[at + 1]!).name,
    ...(rrClass === 1 ? {} : { class: rrClass }),
  }
}
