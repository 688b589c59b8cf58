import { OctetWriter, writeTransfers, writeZoneTransfers } from '@waymark/dns/feed-codec'
import { decodeMessage } from '@waymark/dns/message/decode'
import { encodeMessage, makeQuery } from '@waymark/dns/message/encode'
import type { Message, ResourceRecord } from '@waymark/dns/message/message'
import { formatName } from '@waymark/dns/name'
import { rrTypeByCode, rrTypeByName } from '@waymark/dns/rr-types/registry'
import { CLASS_IN, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import {
  type TransferAccess,
  type TransferPolicy,
  writeAccess,
  writePolicy,
} from '@waymark/dns/transfer/policy'
import { processQuery } from '../answer/process-query.ts'
import { Query } from '../answer/query.ts'
import { LiveTable } from '../source/live-table.ts'
import { frame, wire, zoneIdOf } from '../testing/zone-text.ts'
import { TableView } from '../zone-table/view.ts'
import { TransferDesk } from './transfer-desk.ts'
import { Transfers } from './transfers.ts'
import { keysById } from './tsig-session.ts'

const NO_ZONE = '0'.repeat(32)
export const LOOPBACK = { network: Uint8Array.of(127, 0, 0, 0), bits: 8, keyName: undefined }

/** Everybody on this machine may have every zone. */
export const OPEN: TransferPolicy = { keys: [], access: { allow: [LOOPBACK], notify: [] } }

export const policyFrame = (policy: TransferPolicy): Uint8Array =>
  frame(1, NO_ZONE, 0, (payload) => {
    const octets = new OctetWriter()
    writePolicy(octets, policy)
    writeTransfers(payload, octets.finish())
  })

export const accessFrame = (
  apex: string,
  access: TransferAccess,
  seq: number,
  serial: number,
  id = zoneIdOf(apex),
): Uint8Array =>
  frame(seq, id, serial, (payload) => {
    const octets = new OctetWriter()
    writeAccess(octets, access)
    writeZoneTransfers(payload, octets.finish())
  })

/** A table with transfers, without sockets and threads. */
export class TransferLab {
  readonly table = new LiveTable(() => {})
  readonly transfers: Transfers
  readonly query: Query
  #policy: TransferPolicy

  constructor(policy: TransferPolicy, frames: readonly Uint8Array[], catalog?: string, now = Date.now) {
    this.transfers = new Transfers(this.table, catalog, { info() {}, warn() {}, error() {} }, now)
    this.query = new Query(1, now)
    this.#policy = policy
    this.adopt(frames)
  }

  /** Takes a snapshot in place of what there is. */
  adopt(frames: readonly Uint8Array[], seq = 1): void {
    const draft = this.table.draft()
    draft.applier.apply(policyFrame(this.#policy), 0)
    for (const octets of frames) draft.applier.apply(octets, 0)
    this.table.adopt(draft, 'store', seq)
  }

  apply(...frames: Uint8Array[]): void {
    for (const octets of frames) this.table.apply(octets, 0)
    this.transfers.tableMoved()
  }

  /** All messages that answer a request over TCP. */
  async ask(request: Uint8Array, source = '127.0.0.1'): Promise<Uint8Array[]> {
    const { query } = this
    query.signed.keys = keysById(this.#policy.keys)
    query.source = source
    const out = new Uint8Array(65535 + 512)
    const size = processQuery(query, new TableView(this.table.handle), request, request.length, out, true)
    if (!query.isTransfer) return [out.slice(0, size)]
    const desk = new TransferDesk((wanted) => this.transfers.plan(wanted))
    const stream = await desk.open(query)
    const messages: Uint8Array[] = []
    while (!stream.isDone) messages.push(out.slice(0, stream.next(out)))
    return messages
  }

  /** The records of an AXFR, or with a serial of an IXFR, as text; the RCODE where it is refused. */
  async take(apex: string, serial?: number, source?: string): Promise<string[] | number> {
    const messages = (await this.ask(transferRequest(apex, serial), source)).map(decoded)
    const { rcode } = messages[0]!.header
    return rcode === 0 ? messages.flatMap(({ answers }) => answers.map(textOf)) : rcode
  }
}

export function transferRequest(apex: string, serial?: number): Uint8Array {
  const name = wire(apex)
  const type = serial === undefined ? 'AXFR' : 'IXFR'
  const soa = rrTypeByName('SOA')!.parse(`. . ${serial ?? 0} 0 0 0 0`)
  if (!soa.ok) throw new Error('no SOA')
  const authorities =
    serial === undefined ? [] : [{ owner: name, type: TYPE_SOA, class: CLASS_IN, ttl: 0, rdata: soa.value }]
  const encoded = encodeMessage({ ...makeQuery(7, name, rrTypeByName(type)!.code), authorities })
  if (!encoded.ok) throw new Error(encoded.problems[0]!.detail)
  return encoded.value
}

export function decoded(octets: Uint8Array): Message {
  const message = decodeMessage(octets)
  if (!message.ok) throw new Error(message.problems[0]!.detail)
  return message.value
}

/** A SOA record is its serial alone. */
export function textOf({ owner, type, ttl, rdata }: ResourceRecord): string {
  const data = rrTypeByCode(type).format(rdata)
  if (type === TYPE_SOA) return `SOA ${data.split(' ')[2]}`
  return `${formatName(owner)} ${ttl} ${rrTypeByCode(type).name} ${data}`
}
