import { OctetWriter } from '@waymark/dns/feed-codec'

/**
 * Records one after the other, for what is not in the table (any more):
 *
 *     u8 length, owner (wire, without the apex and the root) | u16 type | u32 ttl | u16 length, rdata
 */
export class RecordList {
  readonly #out = new OctetWriter(512)

  add(owner: Uint8Array, type: number, ttl: number, rdata: Uint8Array): void {
    const out = this.#out
    out.u8(owner.length)
    out.bytes(owner)
    out.u16(type)
    out.u32(ttl)
    out.u16(rdata.length)
    out.bytes(rdata)
  }

  finish(): Uint8Array {
    return this.#out.finish()
  }
}
