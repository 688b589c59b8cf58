import { fail, ok, type Result } from '../result.ts'
import { rrTypeByCode } from '../rr-types/registry.ts'
import { TYPE_OPT } from '../rr-types/type-codes.ts'
import { decodeName } from './compressed-name.ts'
import { decodeOptions, type Edns } from './edns.ts'
import { decodeHeader, HEADER_SIZE } from './header.ts'
import type { Message, Question, ResourceRecord } from './message.ts'

/**
 * Reads a whole message. Any octets may come in: what is malformed is a problem, never an exception.
 *
 * Problems: `message-short`, `message-trailing`, `question-malformed`, `record-malformed`, `rdata-malformed`,
 * `opt-malformed`, `opt-repeated`.
 */
export function decodeMessage(octets: Uint8Array): Result<Message> {
  if (octets.length < HEADER_SIZE) {
    return fail('message-short', `A message has at least 12 octets, not ${octets.length}.`)
  }
  const reader = new MessageReader(octets)
  const questions = reader.questions(u16At(octets, 4))
  const answers = reader.records(u16At(octets, 6), false)
  const authorities = reader.records(u16At(octets, 8), false)
  const additionals = reader.records(u16At(octets, 10), true)
  reader.finish()
  if (reader.fault !== null) return fail(reader.fault.id, reader.fault.detail)
  const header = decodeHeader(octets)
  return ok({
    header: { ...header, rcode: (reader.extendedRcode << 4) | header.rcode },
    questions,
    answers,
    authorities,
    additionals,
    edns: reader.edns,
  })
}

/** A position in the message; after the first fault nothing more is read, as all that follows would be guesswork. */
class MessageReader {
  readonly #octets: Uint8Array
  #at = HEADER_SIZE
  fault: { id: string; detail: string } | null = null
  edns: Edns | null = null
  extendedRcode = 0

  constructor(octets: Uint8Array) {
    this.#octets = octets
  }

  questions(count: number): Question[] {
    const questions: Question[] = []
    while (questions.length < count && this.fault === null) {
      const name = decodeName(this.#octets, this.#at)
      if (name === null || name.next + 4 > this.#octets.length) this.#refuse('question-malformed', 'question')
      else {
        const { next } = name
        questions.push({
          name: name.name,
          type: u16At(this.#octets, next),
          class: u16At(this.#octets, next + 2),
        })
        this.#at = next + 4
      }
    }
    return questions
  }

  records(count: number, isAdditional: boolean): ResourceRecord[] {
    const records: ResourceRecord[] = []
    for (let i = 0; i < count && this.fault === null; i++) {
      const record = this.#record()
      if (record === null) break
      if (record.type !== TYPE_OPT) records.push(record)
      else if (isAdditional) this.#opt(record)
      else this.#refuse('opt-malformed', 'OPT record')
    }
    return records
  }

  finish(): void {
    if (this.fault === null && this.#at !== this.#octets.length) this.#refuse('message-trailing', 'end')
  }

  #record(): ResourceRecord | null {
    const octets = this.#octets
    const owner = decodeName(octets, this.#at)
    if (owner === null || owner.next + 10 > octets.length) return this.#refuse('record-malformed', 'record')
    const at = owner.next
    const type = u16At(octets, at)
    const start = at + 10
    const end = start + u16At(octets, at + 8)
    if (end > octets.length) return this.#refuse('record-malformed', 'record')
    const rdata = decodeRdata(octets, start, end, type)
    if (rdata === null) return this.#refuse('rdata-malformed', 'rdata')
    this.#at = end
    const ttl = u16At(octets, at + 4) * 65536 + u16At(octets, at + 6)
    return { owner: owner.name, type, class: u16At(octets, at + 2), ttl, rdata }
  }

  /** RFC 6891 6.1.2: class and TTL of an OPT record have a meaning of their own; 6.1.1: at most one, owned by the root. */
  #opt(record: ResourceRecord): void {
    if (this.edns !== null) {
      this.#refuse('opt-repeated', 'second OPT record')
      return
    }
    const options = decodeOptions(record.rdata)
    if (options === null || record.owner.length !== 1) {
      this.#refuse('opt-malformed', 'OPT record')
      return
    }
    this.extendedRcode = record.ttl >>> 24
    this.edns = {
      payloadSize: record.class,
      version: (record.ttl >>> 16) & 255,
      isDnssecOk: (record.ttl & 0x8000) !== 0,
      options,
    }
  }

  #refuse(id: string, what: string): null {
    this.fault = { id, detail: `The ${what} at octet ${this.#at} is malformed.` }
    return null
  }
}

/**
 * The rdata between `start` and `end` with its names expanded; null where it does not fit its type. Empty rdata passes for
 * every type, as dynamic updates use it (RFC 2136 2.5).
 */
function decodeRdata(octets: Uint8Array, start: number, end: number, type: number): Uint8Array | null {
  const { fields } = rrTypeByCode(type)
  if (fields.length === 0 || start === end) return octets.slice(start, end)
  const parts: Uint8Array[] = []
  let size = 0
  let at = start
  for (const field of fields) {
    let part: Uint8Array
    if (field.nameKind !== undefined) {
      const name = decodeName(octets, at, end)
      if (name === null) return null
      part = name.name
      at = name.next
    } else {
      const length = field.measure(octets, at, end)
      if (length < 0) return null
      part = octets.subarray(at, at + length)
      at += length
    }
    parts.push(part)
    size += part.length
  }
  if (at !== end) return null
  const rdata = new Uint8Array(size)
  let to = 0
  for (const part of parts) {
    rdata.set(part, to)
    to += part.length
  }
  return rdata
}

function u16At(octets: Uint8Array, at: number): number {
  return (octets[at]! << 8) | octets[at + 1]!
}
