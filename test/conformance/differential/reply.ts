/** A reply in a form that can be compared: names without compression and case, records as strings of octets. */
export interface Reply {
  readonly octets: Uint8Array
  /** With the upper bits of the OPT record. */
  readonly rcode: number
  /** QR to CD, the RCODE masked out. */
  readonly flags: number
  /** The question as it came back, octet by octet. */
  readonly question: string
  readonly answers: readonly string[]
  readonly authorities: readonly string[]
  /** Without the OPT record. */
  readonly additionals: readonly string[]
  readonly edns: Edns | undefined
  /** What no reader should have to put up with, whoever wrote it: undefined for a sound message. */
  readonly fault: string | undefined
}

export interface Edns {
  readonly payloadSize: number
  readonly version: number
  readonly flags: number
  /** Option codes. */
  readonly options: readonly number[]
}

export const FLAG_AA = 0x0400
export const FLAG_TC = 0x0200

/** Fixed octets before the names of rdata, and their number. Types that RFC 3597 4 lets a writer compress have the third. */
const NAMES_IN_RDATA = new Map<number, readonly [before: number, names: number, isCompressible: boolean]>([
  [2, [0, 1, true]],
  [5, [0, 1, true]],
  [6, [0, 2, true]],
  [12, [0, 1, true]],
  [15, [2, 1, true]],
  [17, [0, 2, false]],
  [33, [6, 1, false]],
  [39, [0, 1, false]],
  [64, [2, 1, false]],
  [65, [2, 1, false]],
])

export function readReply(octets: Uint8Array): Reply {
  return new ReplyReader(octets).read()
}

class ReplyReader {
  readonly #octets: Uint8Array
  readonly #buffer: Buffer
  #at = 12
  #hasPointer = false
  #fault: string | undefined
  #edns: Edns | undefined
  #extendedRcode = 0

  constructor(octets: Uint8Array) {
    this.#octets = octets
    this.#buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
  }

  read(): Reply {
    const octets = this.#octets
    if (octets.length < 12) throw new Error(`a reply of ${octets.length} octets`)
    const counts = [4, 6, 8, 10].map((at) => this.#u16(at))
    const flags = this.#u16(2)
    for (let i = 0; i < counts[0]!; i++) {
      this.#name()
      this.#at += 4
    }
    const question = this.#buffer.toString('latin1', 12, this.#at)
    const answers = this.#section(counts[1]!)
    const authorities = this.#section(counts[2]!)
    const additionals = this.#section(counts[3]!)
    if (this.#at !== octets.length) this.#fault = `ends at ${this.#at} of ${octets.length} octets`
    return {
      octets,
      rcode: (this.#extendedRcode << 4) | (flags & 15),
      flags: flags & 0xfff0,
      question,
      answers,
      authorities,
      additionals,
      edns: this.#edns,
      fault: this.#fault,
    }
  }

  #u16(at: number): number {
    return (this.#octets[at]! << 8) | this.#octets[at + 1]!
  }

  #section(count: number): string[] {
    const records: string[] = []
    for (let i = 0; i < count && this.#fault === undefined; i++) {
      const record = this.#record()
      if (record !== undefined) records.push(record)
    }
    return records
  }

  #record(): string | undefined {
    const owner = this.#name()
    const fixedAt = this.#at
    const type = this.#u16(fixedAt)
    const size = this.#u16(fixedAt + 8)
    const start = fixedAt + 10
    const end = start + size
    if (end > this.#octets.length) {
      this.#fault = 'ends within a record'
      return undefined
    }
    this.#at = end
    if (type === 41) {
      this.#readOpt(fixedAt, start, end)
      return undefined
    }
    return this.#buffer.toString('latin1', fixedAt, fixedAt + 8) + owner + this.#rdata(type, start, end)
  }

  #rdata(type: number, start: number, end: number): string {
    const layout = NAMES_IN_RDATA.get(type)
    if (layout === undefined) return this.#buffer.toString('latin1', start, end)
    const [before, names, isCompressible] = layout
    let text = this.#buffer.toString('latin1', start, start + before)
    this.#at = start + before
    this.#hasPointer = false
    for (let i = 0; i < names; i++) text += this.#name()
    if (this.#hasPointer && !isCompressible) this.#fault ??= `a compressed name in rdata of type ${type}`
    if (this.#at > end) this.#fault ??= `rdata of type ${type} is longer than it says`
    text += this.#buffer.toString('latin1', this.#at, end)
    this.#at = end
    return text
  }

  #readOpt(fixedAt: number, start: number, end: number): void {
    if (this.#edns !== undefined) this.#fault ??= 'two OPT records'
    const options: number[] = []
    for (let at = start; at < end; at += 4 + this.#u16(at + 2)) options.push(this.#u16(at))
    this.#extendedRcode = this.#octets[fixedAt + 4]!
    this.#edns = {
      payloadSize: this.#u16(fixedAt + 2),
      version: this.#octets[fixedAt + 5]!,
      flags: this.#u16(fixedAt + 6),
      options,
    }
  }

  /** Labels in lower case, as on the wire; moves behind the name. */
  #name(): string {
    const octets = this.#octets
    let text = ''
    let at = this.#at
    let end = -1
    for (let jumps = 0; ; ) {
      const size = octets[at]
      if (size === undefined || jumps > 64) {
        this.#fault ??= 'a name without an end'
        break
      }
      if (size >= 192) {
        if (end < 0) end = at + 2
        const target = this.#u16(at) & 0x3fff
        if (target >= at) this.#fault ??= 'a pointer forward'
        at = target
        jumps++
        this.#hasPointer = true
        continue
      }
      text += this.#buffer.toString('latin1', at, at + size + 1)
      at += size + 1
      if (size === 0) break
    }
    if (text.length > 255) this.#fault ??= 'a name of more than 255 octets'
    this.#at = end < 0 ? at : end
    return text.toLowerCase()
  }
}
