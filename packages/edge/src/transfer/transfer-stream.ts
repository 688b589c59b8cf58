import { TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import { GROUP_TYPE, NODE_NAME } from '../zone-table/layout.ts'
import { PublishedRecords } from './published-records.ts'
import type { TransferWriter } from './transfer-writer.ts'
import type { ResponseSigner } from './tsig-session.ts'
import type { ZoneImage } from './zone-image.ts'

/** Gives records until there are no more. */
export interface RecordSource {
  /** Adds records until the message is full; true when none is left. */
  fill(writer: TransferWriter): boolean
}

/** The messages of one transfer, made as the client takes them. */
export class TransferStream {
  readonly #writer: TransferWriter
  readonly #source: RecordSource
  readonly #signer: ResponseSigner | undefined
  isDone = false

  constructor(writer: TransferWriter, source: RecordSource, signer: ResponseSigner | undefined) {
    this.#writer = writer
    this.#source = source
    this.#signer = signer
  }

  /** Writes the next message to `out`, which has room for 65,535 octets; its size. Not to be called when done. */
  next(out: Uint8Array): number {
    this.#writer.begin(out)
    this.isDone = this.#source.fill(this.#writer)
    const size = this.#writer.finish()
    return this.#signer === undefined ? size : this.#signer.sign(out, size)
  }
}

const APEX = Uint8Array.of(0)

/** A whole zone (RFC 5936 2.2): between its SOA record and the same once more. */
export class ImageSource implements RecordSource {
  readonly #image: ZoneImage
  readonly #words: Int32Array
  readonly #octets: Uint8Array
  readonly #soa: Uint8Array
  readonly #soaTtl: number
  readonly #records = new PublishedRecords()
  #soas = 0
  #pair = 0
  /** Record of the group at {@link #pair}, -1 before the group has been read. */
  #record = -1

  constructor(image: ZoneImage) {
    this.#image = image
    this.#words = new Int32Array(image.arena)
    this.#octets = new Uint8Array(image.arena)
    const soa = soaOf(this.#words, this.#octets, image.soa, image.serial)
    this.#soa = soa.rdata
    this.#soaTtl = soa.ttl
  }

  fill(writer: TransferWriter): boolean {
    if (this.#soas === 0) this.#soas += writer.addSoa(APEX, this.#soaTtl, this.#soa) ? 1 : 0
    const { pairs } = this.#image
    const words = this.#words
    const octets = this.#octets
    const records = this.#records
    while (this.#pair < pairs.length) {
      const group = pairs[this.#pair + 1]!
      if (this.#record < 0) {
        records.read(words, octets, group)
        this.#record = 0
      }
      const ownerAt = (pairs[this.#pair]! + NODE_NAME) * 4
      const type = words[group + GROUP_TYPE]! >>> 16
      for (; this.#record < records.count; this.#record++) {
        const at = records.at[this.#record]!
        const size = records.size[this.#record]!
        if (!writer.add(octets, ownerAt, type, records.ttl, octets, at, size)) return false
      }
      this.#record = -1
      this.#pair += 2
    }
    if (!writer.addSoa(APEX, this.#soaTtl, this.#soa)) return false
    this.#soas++
    return true
  }
}

/** Records of a list (record-list.ts), the SOA records in their places among them. */
export class ListSource implements RecordSource {
  readonly #list: Uint8Array
  #at = 0

  constructor(list: Uint8Array) {
    this.#list = list
  }

  fill(writer: TransferWriter): boolean {
    const list = this.#list
    while (this.#at < list.length) {
      const at = this.#at + 1 + list[this.#at]!
      const type = (list[at]! << 8) | list[at + 1]!
      const ttl = (list[at + 2]! << 24) | (list[at + 3]! << 16) | (list[at + 4]! << 8) | list[at + 5]!
      const size = (list[at + 6]! << 8) | list[at + 7]!
      if (!writer.add(list, this.#at, type, ttl, list, at + 8, size)) return false
      this.#at = at + 8 + size
    }
    return true
  }
}

/** The SOA record in a group of the table, with the zone's serial in it (RFC 1035 3.3.13: the first of five numbers). */
export function soaOf(
  words: Int32Array,
  octets: Uint8Array,
  group: number,
  serial: number,
): { readonly type: typeof TYPE_SOA; readonly ttl: number; readonly rdata: Uint8Array } {
  const records = new PublishedRecords()
  records.read(words, octets, group)
  const rdata = octets.slice(records.at[0]!, records.at[0]! + records.size[0]!)
  new DataView(rdata.buffer).setUint32(rdata.length - 20, serial)
  return { type: TYPE_SOA, ttl: records.ttl, rdata }
}
