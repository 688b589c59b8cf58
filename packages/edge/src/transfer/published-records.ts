import { TYPE_CNAME, TYPE_DNAME } from '@waymark/dns/rr-types/type-codes'
import {
  GROUP_TYPE,
  GROUP_VARIANTS,
  VARIANT_RDATAS,
  VARIANT_SIZE,
  VARIANT_TTL,
  VARIANT_WEIGHT,
  variantWords,
} from '../zone-table/layout.ts'

/**
 * The records that a group is to other servers, which know no weights: all its values, each once, with the lowest TTL. Of a CNAME or
 * DNAME, of which a name can have only one, the value with the highest weight. A group without data has none. One is reused for
 * group after group.
 */
export class PublishedRecords {
  count = 0
  ttl = 0
  /** Where each rdata stands in the arena, in octets, and its size. */
  readonly at: number[] = []
  readonly size: number[] = []

  read(words: Int32Array, octets: Uint8Array, group: number): void {
    this.count = 0
    const first = group + GROUP_VARIANTS
    const variants = words[group + GROUP_TYPE]! & 0xffff
    this.ttl = words[first + VARIANT_TTL]! >>> 0
    if (variants === 1) {
      this.#add(words, octets, first)
      return
    }
    const type = words[group + GROUP_TYPE]! >>> 16
    if (type === TYPE_CNAME || type === TYPE_DNAME) this.#addHeaviest(words, octets, first, variants)
    else this.#addAll(words, octets, first, variants)
  }

  #add(words: Int32Array, octets: Uint8Array, variant: number): void {
    let from = (variant + VARIANT_RDATAS) * 4
    for (let left = words[variant + VARIANT_WEIGHT]! & 0xffff; left > 0; left--) {
      const size = (octets[from]! << 8) | octets[from + 1]!
      this.at[this.count] = from + 2
      this.size[this.count++] = size
      from += 2 + size
    }
  }

  #addHeaviest(words: Int32Array, octets: Uint8Array, first: number, variants: number): void {
    let best = first
    let variant = first
    for (let i = 1; i < variants; i++) {
      variant += variantWords(words[variant + VARIANT_SIZE]!)
      if (words[variant + VARIANT_WEIGHT]! >> 16 > words[best + VARIANT_WEIGHT]! >> 16) best = variant
    }
    this.ttl = words[best + VARIANT_TTL]! >>> 0
    this.#add(words, octets, best)
  }

  #addAll(words: Int32Array, octets: Uint8Array, first: number, variants: number): void {
    let variant = first
    for (let i = 0; i < variants; i++) {
      this.ttl = Math.min(this.ttl, words[variant + VARIANT_TTL]! >>> 0)
      this.#add(words, octets, variant)
      variant += variantWords(words[variant + VARIANT_SIZE]!)
    }
    const seen = new Set<string>()
    let kept = 0
    for (let i = 0; i < this.count; i++) {
      const key = octets.subarray(this.at[i]!, this.at[i]! + this.size[i]!).join()
      if (seen.has(key)) continue
      seen.add(key)
      this.at[kept] = this.at[i]!
      this.size[kept++] = this.size[i]!
    }
    this.count = kept
  }
}
