import { decodeMessage } from '@waymark/dns/message/decode'
import { FLAG_AA, FLAG_QR, RCODE_NOERROR } from '@waymark/dns/message/header'
import { TYPE_IXFR, TYPE_OPT, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import type { Query } from '../answer/query.ts'
import { MAX_UDP_PAYLOAD } from '../answer/read-query.ts'
import type { TransferPlan, TransferRequest } from './plan.ts'
import type { TransferKind } from './transfer-outcome.ts'
import { ImageSource, ListSource, type RecordSource, TransferStream } from './transfer-stream.ts'
import { TransferWriter } from './transfer-writer.ts'
import { ResponseSigner } from './tsig-session.ts'

/** Asks the thread that knows the changes. */
export type AskForPlan = (request: TransferRequest) => Promise<TransferPlan>

const NOTHING: RecordSource = { fill: () => true }

/** Where a thread that answers takes requests for transfers. */
export class TransferDesk {
  readonly #ask: AskForPlan

  constructor(ask: AskForPlan) {
    this.#ask = ask
  }

  /**
   * Opens the transfer that `q` has just been found to ask for. What is needed of it is copied before this returns: the stream comes
   * when other queries have gone through `q`.
   */
  async open(q: Query): Promise<TransferStream> {
    const { id, source, listener } = q
    const opt = optOf(q)
    // RD and CD are given back, as in any other answer.
    const givenBack = q.flags & 0x0110
    // A copy even of a Buffer, whose `slice` is none.
    const question = new Uint8Array(q.in.subarray(12, q.questionEnd))
    const apex = q.name.octets.slice(0, q.name.length)
    // Without a TSIG record what is left of the request before it proves nothing.
    const proof = q.tsigRoom === 0 ? undefined : q.signed.proof
    const key = proof && q.signed.keyOf(proof.keyName)
    const signer = proof && key && new ResponseSigner(key, proof.mac, q.signed.now)
    const isIxfr = question.at(-3) === (TYPE_IXFR & 255)
    const serial = isIxfr ? serialOf(q.in.subarray(0, q.inLength)) : undefined
    const plan = await this.#ask({ apex, serial, source, listener, keyName: proof?.keyName })
    const rcode = plan.kind === 'refuse' ? plan.rcode : RCODE_NOERROR
    const flags = givenBack | FLAG_QR | (plan.kind === 'refuse' ? rcode : FLAG_AA)
    const writer = new TransferWriter(id, flags, question, apex, opt)
    return new TransferStream(writer, sourceOf(plan), signer, kindOf(plan, isIxfr), rcode)
  }
}

/** RFC 6891 6.1.1, RFC 5936 2.2.5: who asks with an OPT record gets one in every message, without options. */
function optOf(q: Query): Uint8Array {
  if (!q.hasEdns) return new Uint8Array(0)
  const dnssecOk = q.isDnssecOk ? 0x80 : 0
  return Uint8Array.of(0, 0, TYPE_OPT, MAX_UDP_PAYLOAD >> 8, MAX_UDP_PAYLOAD & 255, 0, 0, dnssecOk, 0, 0, 0)
}

function sourceOf(plan: TransferPlan): RecordSource {
  if (plan.kind === 'image') return new ImageSource(plan.image)
  if (plan.kind === 'whole') return new ListSource(plan.lists)
  return plan.kind === 'refuse' ? NOTHING : new ListSource([plan.list])
}

function kindOf(plan: TransferPlan, isIxfr: boolean): TransferKind {
  if (!isIxfr) return 'axfr'
  if (plan.kind === 'image' || plan.kind === 'whole') return 'ixfr_full'
  return plan.kind === 'current' ? 'ixfr_current' : 'ixfr'
}

/** RFC 1995 3: the SOA record that the client has stands in the authority section. Without one it has nothing. */
function serialOf(request: Uint8Array): number | undefined {
  const message = decodeMessage(request)
  const soa = message.ok ? message.value.authorities.find(({ type }) => type === TYPE_SOA) : undefined
  if (soa === undefined || soa.rdata.length < 22) return undefined
  const { buffer, byteOffset, length } = soa.rdata
  return new DataView(buffer, byteOffset).getUint32(length - 20)
}
