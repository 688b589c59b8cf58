import type { Message, ResourceRecord } from '../message/message.ts'
import { equalNames, formatName, isSubdomain, nameLength, type WireName } from '../name.ts'
import { fail, ok, type Result } from '../result.ts'
import { rrTypeByCode } from '../rr-types/registry.ts'
import { CLASS_IN, isMetaType, TYPE_SOA, typeName } from '../rr-types/type-codes.ts'
import { compareSerials } from '../zone/serial.ts'

/** One step of a zone from a serial to the next (RFC 1995 4), without its two SOA records' own removal and addition. */
export interface ZoneStep {
  readonly from: number
  readonly to: number
  readonly removed: readonly ResourceRecord[]
  readonly added: readonly ResourceRecord[]
}

/** What a primary has sent, complete. */
export type ReadTransfer =
  /** It has nothing newer than what was named in the request. */
  | { readonly kind: 'current'; readonly serial: number }
  /** Every record of the zone, the SOA record once and first. */
  | { readonly kind: 'whole'; readonly serial: number; readonly records: readonly ResourceRecord[] }
  /** Steps that lead from what was named to `serial`; `soa` is the zone's new SOA record. */
  | {
      readonly kind: 'steps'
      readonly serial: number
      readonly soa: ResourceRecord
      readonly steps: readonly ZoneStep[]
    }

export interface TransferLimits {
  readonly maxRecords: number
}

/** Octets of the five numbers that end the data of an SOA record. */
const SOA_NUMBERS = 20

/** The five numbers of well-formed SOA rdata (RFC 1035 3.3.13). */
export function soaNumbers(rdata: Uint8Array) {
  const view = new DataView(rdata.buffer, rdata.byteOffset + rdata.length - SOA_NUMBERS, SOA_NUMBERS)
  const [serial, refresh, retry, expire, minimum] = [0, 4, 8, 12, 16].map((at) => view.getUint32(at))
  return { serial: serial!, refresh: refresh!, retry: retry!, expire: expire!, minimum: minimum! }
}

/**
 * Puts the messages of a transfer together (RFC 5936 2.2, RFC 1995 4) and believes nothing of them: whatever does not belong
 * to the zone, or comes in the wrong place, ends the transfer with a problem. `have` is the serial named in an IXFR request;
 * undefined: the whole zone was asked for.
 *
 * Problems: `transfer-class`, `transfer-outside`, `transfer-type`, `transfer-rdata`, `transfer-no-soa`, `transfer-soa`, `transfer-order`,
 * `transfer-trailing`, `transfer-too-many`, `transfer-empty`.
 */
export class TransferReader {
  readonly #apex: WireName
  readonly #have: number | undefined
  readonly #limits: TransferLimits
  #count = 0
  #messages = 0
  #soa: ResourceRecord | undefined
  #serial = 0
  #mode: 'start' | 'second' | 'whole' | 'removed' | 'added' = 'start'
  #records: ResourceRecord[] = []
  #steps: { from: number; to: number; removed: ResourceRecord[]; added: ResourceRecord[] }[] = []
  #done: ReadTransfer | undefined

  constructor(apex: WireName, have: number | undefined, limits: TransferLimits) {
    this.#apex = apex
    this.#have = have
    this.#limits = limits
  }

  /** Records read so far. */
  get count(): number {
    return this.#count
  }

  /** Takes the next message. The value is the transfer once it is complete, undefined while more is to come. */
  push(message: Message): Result<ReadTransfer | undefined> {
    this.#messages++
    const { answers } = message
    if (answers.length === 0) return fail('transfer-empty', `Message ${this.#messages} has no records.`)
    for (const record of answers) {
      const problem = this.#take(record)
      if (problem !== undefined) return problem
    }
    if (this.#done === undefined && this.#mode === 'second') {
      const isOld = this.#have !== undefined && !(compareSerials(this.#serial, this.#have) > 0)
      // RFC 1995 2, 4: a lone SOA record says that there is nothing newer.
      if (isOld) this.#done = { kind: 'current', serial: this.#serial }
    }
    return ok(this.#done)
  }

  #take(record: ResourceRecord): Result<never> | undefined {
    if (this.#done !== undefined)
      return fail('transfer-trailing', 'There are records behind the last SOA record.')
    if (++this.#count > this.#limits.maxRecords)
      return fail('transfer-too-many', `There are more than ${this.#limits.maxRecords} records.`)
    return (
      this.#faultOf(record) ?? (record.type === TYPE_SOA ? this.#takeSoa(record) : this.#takeOther(record))
    )
  }

  #faultOf(record: ResourceRecord): Result<never> | undefined {
    const name = () => `The ${typeName(record.type)} record of ${formatName(record.owner)}`
    if (record.class !== CLASS_IN)
      return fail('transfer-class', `${name()} is of class ${record.class}, not IN.`)
    if (!isSubdomain(record.owner, this.#apex))
      return fail('transfer-outside', `${name()} lies outside of ${formatName(this.#apex)}`)
    if (isMetaType(record.type)) return fail('transfer-type', `${name()} is of a type that no zone has.`)
    // An empty rdata is for dynamic updates; what is not empty was measured when the message was read.
    if (record.rdata.length === 0 && rrTypeByCode(record.type).fields.length > 0)
      return fail('transfer-rdata', `${name()} has no data.`)
    if (record.type === TYPE_SOA && !isSoa(record.rdata))
      return fail('transfer-soa', `${name()} is malformed.`)
    if (record.type === TYPE_SOA && !equalNames(record.owner, this.#apex))
      return fail('transfer-soa', `${name()} is not at the apex of the zone.`)
    return undefined
  }

  #takeOther(record: ResourceRecord): Result<never> | undefined {
    switch (this.#mode) {
      case 'start':
        return fail('transfer-no-soa', `The first record is ${typeName(record.type)}, not SOA.`)
      case 'second':
        this.#mode = 'whole'
        this.#records = [this.#soa!, record]
        return undefined
      case 'whole':
        this.#records.push(record)
        return undefined
      default:
        this.#steps.at(-1)![this.#mode].push(record)
        return undefined
    }
  }

  #takeSoa(record: ResourceRecord): Result<never> | undefined {
    const { serial } = soaNumbers(record.rdata)
    switch (this.#mode) {
      case 'start':
        this.#soa = record
        this.#serial = serial
        this.#mode = 'second'
        return undefined
      case 'second':
        if (this.#have !== undefined && serial !== this.#serial) return this.#beginStep(serial, this.#have)
        return fail('transfer-soa', 'A zone has an SOA record and nothing else.')
      case 'whole':
        // RFC 5936 2.2: the last record is the first again.
        if (serial !== this.#serial)
          return fail('transfer-soa', `The SOA records differ: serials ${this.#serial} and ${serial}.`)
        this.#done = { kind: 'whole', serial, records: this.#records }
        return undefined
      case 'removed': {
        const step = this.#steps.at(-1)!
        if (!(compareSerials(serial, step.from) > 0))
          return fail('transfer-order', `A step leads from serial ${step.from} back to ${serial}.`)
        step.to = serial
        this.#mode = 'added'
        return undefined
      }
      case 'added': {
        const step = this.#steps.at(-1)!
        if (step.to !== this.#serial) return this.#beginStep(serial, step.to)
        if (serial !== this.#serial)
          return fail('transfer-soa', `The SOA records differ: serials ${this.#serial} and ${serial}.`)
        this.#done = { kind: 'steps', serial, soa: this.#soa!, steps: this.#steps }
        return undefined
      }
    }
  }

  #beginStep(serial: number, expected: number): Result<never> | undefined {
    if (serial !== expected)
      return fail('transfer-order', `A step begins at serial ${serial}, where ${expected} is expected.`)
    this.#steps.push({ from: serial, to: serial, removed: [], added: [] })
    this.#mode = 'removed'
    return undefined
  }
}

/** Two names and five numbers, nothing else. */
function isSoa(rdata: Uint8Array): boolean {
  const first = nameLength(rdata, 0)
  const second = first > 0 ? nameLength(rdata, first) : 0
  return second > 0 && first + second + SOA_NUMBERS === rdata.length
}
