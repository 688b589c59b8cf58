import { RCODE_NOERROR } from '@waymark/dns/message/header'
import { TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import { GROUP_TYPE, NODE_NAME } from '../zone-table/layout.ts'
import { PublishedRecords } from './published-records.ts'
import { isSameOwner } from './record-list.ts'
import type { TransferKind } from './transfer-outcome.ts'
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
  readonly kind: TransferKind
  readonly rcode: number
  isDone = false
  /** Made so far: records, and octets of messages. */
  records = 0
  octets = 0
  /** Whether {@link first} is wanted: a copy of the first message. */
  keepsFirst = false
  first: Uint8Array = new Uint8Array(0)
  /** Told once: everything has gone out, or nothing more will. */
  onOver: (isWhole: boolean) => void = () => {}

  /** `kind` and `rcode` are what its messages say, for those who count. */
  constructor(
    writer: TransferWriter,
    source: RecordSource,
    signer: ResponseSigner | undefined,
    kind: TransferKind = 'axfr',
    rcode = RCODE_NOERROR,
  ) {
    this.kind = kind
    this.rcode = rcode
    this.#writer = writer
    this.#source = source
    this.#signer = signer
  }

  /** Writes the next message to `out`, which has room for 65,535 octets; its size. Not to be called when done. */
  next(out: Uint8Array): number {
    this.#writer.begin(out)
    this.isDone = this.#source.fill(this.#writer)
    const unsigned = this.#writer.finish()
    const size = this.#signer === undefined ? unsigned : this.#signer.sign(out, unsigned)
    if (this.keepsFirst && this.octets === 0) this.first = out.slice(0, size)
    this.records += this.#writer.records
    this.octets += size
    return size
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

/** Records of lists (record-list.ts), the SOA records in their places among them. */
export class ListSource implements RecordSource {
  readonly #lists: readonly Uint8Array[]
  #list = 0
  #at = 0
  /** Where the owner of the last record stands in the list. */
  #ownerAt = 0

  constructor(lists: readonly Uint8Array[]) {
    this.#lists = lists
  }

  fill(writer: TransferWriter): boolean {
    for (; this.#list < this.#lists.length; this.#list++) {
      if (!this.#fillFrom(this.#lists[this.#list]!, writer)) return false
      this.#at = 0
      this.#ownerAt = 0
    }
    return true
  }

  #fillFrom(list: Uint8Array, writer: TransferWriter): boolean {
    while (this.#at < list.length) {
      const at = this.#at + 1 + list[this.#at]!
      const type = (list[at]! << 8) | list[at + 1]!
      const ttl = (list[at + 2]! << 24) | (list[at + 3]! << 16) | (list[at + 4]! << 8) | list[at + 5]!
      const size = (list[at + 6]! << 8) | list[at + 7]!
      // The writer knows an owner by its place, and points to it.
      if (!isSameOwner(list, this.#ownerAt, this.#at)) this.#ownerAt = this.#at
      if (!writer.add(list, this.#ownerAt, type, ttl, list, at + 8, size)) return false
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
