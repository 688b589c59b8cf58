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

/** A record of a list; its octets point into the list. */
export interface ListedRecord {
  readonly owner: Uint8Array
  readonly type: number
  readonly ttl: number
  readonly rdata: Uint8Array
  /** Where it stands in the list. */
  readonly at: number
  readonly end: number
}

/** All records of a list. */
export function recordsOf(list: Uint8Array): ListedRecord[] {
  const records: ListedRecord[] = []
  for (let at = 0; at < list.length; ) {
    const ownerEnd = at + 1 + list[at]!
    const rdataAt = ownerEnd + 8
    const end = rdataAt + ((list[ownerEnd + 6]! << 8) | list[ownerEnd + 7]!)
    records.push({
      owner: list.subarray(at + 1, ownerEnd),
      type: (list[ownerEnd]! << 8) | list[ownerEnd + 1]!,
      ttl:
        ((list[ownerEnd + 2]! << 24) |
          (list[ownerEnd + 3]! << 16) |
          (list[ownerEnd + 4]! << 8) |
          list[ownerEnd + 5]!) >>>
        0,
      rdata: list.subarray(rdataAt, end),
      at,
      end,
    })
    at = end
  }
  return records
}

/** Whether records at two places of a list have one owner. */
export function isSameOwner(list: Uint8Array, a: number, b: number): boolean {
  for (let i = list[a]!; i >= 0; i--) if (list[a + i] !== list[b + i]) return false
  return true
}
