import { OctetWriter } from '../feed-codec.ts'
import { nameLength, ROOT, type WireName } from '../name.ts'
import { fail, ok, type Result } from '../result.ts'
import { rrTypeByCode } from '../rr-types/registry.ts'
import { CLASS_IN, TYPE_OPT } from '../rr-types/type-codes.ts'
import { NameCompressor } from './compressed-name.ts'
import { type Edns, encodeOptions } from './edns.ts'
import { type Header, headerFlags, OPCODE_QUERY } from './header.ts'
import type { Message, ResourceRecord } from './message.ts'

/** The largest message: its length over TCP is a u16 (RFC 1035 4.2.2). */
export const MAX_MESSAGE_SIZE = 65535

/**
 * Writes a whole message. Owners are compressed, and names in rdata of the RFC 1035 types only (RFC 3597 4).
 *
 * Problems: `message-too-long`, `rcode-needs-edns`.
 */
export function encodeMessage(message: Message): Result<Uint8Array> {
  const { header, edns } = message
  if (header.rcode > 15 && edns === null) {
    return fail('rcode-needs-edns', `Response code ${header.rcode} can't be sent without EDNS.`)
  }
  const out = new MessageWriter()
  out.writer.u16(header.id)
  out.writer.u16(headerFlags(header))
  out.writer.u16(message.questions.length)
  out.writer.u16(message.answers.length)
  out.writer.u16(message.authorities.length)
  out.writer.u16(message.additionals.length + (edns === null ? 0 : 1))
  for (const { name, type, class: classCode } of message.questions) {
    out.name(name)
    out.writer.u16(type)
    out.writer.u16(classCode)
  }
  for (const record of message.answers) out.record(record)
  for (const record of message.authorities) out.record(record)
  // OPT goes first: a TSIG record must stay the last (RFC 8945 5.1).
  if (edns !== null) out.record(optRecord(edns, header.rcode))
  for (const record of message.additionals) out.record(record)
  if (out.writer.length > MAX_MESSAGE_SIZE) {
    return fail('message-too-long', `The message has ${out.writer.length} octets; at most 65535 can be sent.`)
  }
  return ok(out.writer.finish())
}

/** A question to a server, as plain data for {@link encodeMessage}. */
export function makeQuery(
  id: number,
  name: WireName,
  type: number,
  options: { readonly edns?: Edns; readonly isRecursionDesired?: boolean } = {},
): Message {
  const header: Header = {
    id,
    isResponse: false,
    opcode: OPCODE_QUERY,
    isAuthoritative: false,
    isTruncated: false,
    isRecursionDesired: options.isRecursionDesired ?? false,
    isRecursionAvailable: false,
    isAuthenticData: false,
    isCheckingDisabled: false,
    rcode: 0,
  }
  return {
    header,
    questions: [{ name, type, class: CLASS_IN }],
    answers: [],
    authorities: [],
    additionals: [],
    edns: options.edns ?? null,
  }
}

function optRecord(edns: Edns, rcode: number): ResourceRecord {
  const ttl = (((rcode >> 4) << 24) | (edns.version << 16) | (edns.isDnssecOk ? 0x8000 : 0)) >>> 0
  return { owner: ROOT, type: TYPE_OPT, class: edns.payloadSize, ttl, rdata: encodeOptions(edns.options) }
}

class MessageWriter {
  readonly writer = new OctetWriter(1024)
  readonly #compressor = new NameCompressor()
  readonly #scratch = new Uint8Array(256)

  name(name: WireName): void {
    const size = this.#compressor.write(name, this.#scratch, this.writer.length)
    this.writer.bytes(this.#scratch.subarray(0, size))
  }

  record({ owner, type, class: classCode, ttl, rdata }: ResourceRecord): void {
    const { writer } = this
    this.name(owner)
    writer.u16(type)
    writer.u16(classCode)
    writer.u32(ttl)
    const lengthAt = writer.length
    writer.u16(0)
    let at = 0
    for (const offset of rrTypeByCode(type).compressibleNameOffsets(rdata)) {
      writer.bytes(rdata.subarray(at, offset))
      at = offset + nameLength(rdata, offset)
      this.name(rdata.subarray(offset, at))
    }
    writer.bytes(rdata.subarray(at))
    const length = writer.length - lengthAt - 2
    writer.octets[lengthAt] = length >> 8
    writer.octets[lengthAt + 1] = length
  }
}
