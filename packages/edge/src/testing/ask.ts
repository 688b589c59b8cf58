import { writeGroup } from '@waymark/dns/feed-codec'
import { decodeMessage } from '@waymark/dns/message/decode'
import type { EdnsOption } from '@waymark/dns/message/edns'
import { encodeMessage, makeQuery } from '@waymark/dns/message/encode'
import { rcodeName } from '@waymark/dns/message/header'
import type { Message, ResourceRecord } from '@waymark/dns/message/message'
import { formatName } from '@waymark/dns/name'
import { rrTypeByCode, rrTypeByName } from '@waymark/dns/rr-types/registry'
import { processQuery } from '../answer/process-query.ts'
import { Query } from '../answer/query.ts'
import { MemorySource } from '../source/memory.ts'
import { TableView } from '../zone-table/view.ts'
import { frame, type TestZone, wire, zoneFrame, zoneIdOf } from './zone-text.ts'

export interface AskOptions {
  readonly isTcp?: boolean
  /** Leave out for a query without EDNS. */
  readonly payloadSize?: number
  readonly ednsVersion?: number
  /** Asks for signatures; over EDNS of 1232 octets when no size is given. */
  readonly isDnssecOk?: boolean
  readonly options?: readonly EdnsOption[]
  /** Address of whoever asks; unknown when left out. */
  readonly from?: string
  /** Address of ours that is asked. */
  readonly at?: string
}

/** An answer in words: what tests compare. */
export interface Answer {
  /** RCODE, then the flags AA and TC where set: `NOERROR AA`. */
  readonly status: string
  /** `owner ttl type rdata`, one a record, in the order sent. */
  readonly answer: string[]
  readonly authority: string[]
  readonly additional: string[]
  readonly size: number
  readonly message: Message
}

/** The answer path over zones in memory, without sockets. */
export class TestTable {
  readonly source = new MemorySource()
  readonly view: TableView
  readonly query = new Query(12345)
  readonly #out = new Uint8Array(65535)

  constructor(zones: readonly TestZone[] = []) {
    let view: TableView | undefined
    this.source.writer.onTable = (handle) => view?.attach(handle)
    for (const zone of zones) this.source.apply(zoneFrame(zone))
    view = new TableView(this.source.writer.handle)
    this.view = view
  }

  /** Puts a whole packet through the answer path: the reply, or null for none. */
  send(packet: Uint8Array, isTcp = false): Uint8Array | null {
    const size = processQuery(this.query, this.view, packet, packet.length, this.#out, isTcp)
    return size === 0 ? null : this.#out.slice(0, size)
  }

  /** Removes one group of a zone. */
  remove(apex: string, owner: string, type: string, line = ''): void {
    const code = rrTypeByName(type)!.code
    this.source.apply(
      frame(9, zoneIdOf(apex), 9, (payload) => writeGroup(payload, wire(owner), code, line, [])),
    )
  }

  ask(name: string, type: string, options: AskOptions = {}): Answer {
    this.query.source = options.from ?? ''
    this.query.listener = options.at ?? ''
    const reply = this.send(queryPacket(name, type, options), options.isTcp)
    if (reply === null) throw new Error('No reply.')
    return readAnswer(reply)
  }
}

export function queryPacket(name: string, type: string, options: AskOptions = {}): Uint8Array {
  const edns =
    options.payloadSize === undefined && options.isDnssecOk !== true
      ? undefined
      : {
          payloadSize: options.payloadSize ?? 1232,
          version: options.ednsVersion ?? 0,
          isDnssecOk: options.isDnssecOk ?? false,
          options: options.options ?? [],
        }
  const packet = encodeMessage(
    makeQuery(4711, wire(name), rrTypeByName(type)?.code ?? codeOf(type), { edns }),
  )
  if (!packet.ok) throw new Error(packet.problems[0]?.detail)
  return packet.value
}

const codeOf = (type: string): number => ({ ANY: 255, AXFR: 252, IXFR: 251 })[type] ?? Number(type.slice(4))

export function readAnswer(reply: Uint8Array): Answer {
  const decoded = decodeMessage(reply)
  if (!decoded.ok) throw new Error(`${decoded.problems[0]?.detail} ${Buffer.from(reply).toString('hex')}`)
  const { header, answers, authorities, additionals } = decoded.value
  const flags = `${header.isAuthoritative ? ' AA' : ''}${header.isTruncated ? ' TC' : ''}`
  return {
    status: `${rcodeName(header.rcode)}${flags}`,
    answer: answers.map(formatRecord),
    authority: authorities.map(formatRecord),
    additional: additionals.map(formatRecord),
    size: reply.length,
    message: decoded.value,
  }
}

function formatRecord({ owner, ttl, type, rdata }: ResourceRecord): string {
  const rrType = rrTypeByCode(type)
  return `${formatName(owner)} ${ttl} ${rrType.name} ${rrType.format(rdata)}`
}
