import { parseName, type WireName } from '../name.ts'
import type { Problem } from '../result.ts'
import { rrTypeByCode } from '../rr-types/registry.ts'
import { CLASS_IN, isMetaType, TYPE_SOA, typeCode } from '../rr-types/type-codes.ts'
import { type Entry, type Token, TokenScanner } from './tokens.ts'
import { parseTtl } from './ttl.ts'

/** One record of class IN; rdata is uncompressed wire. */
export interface RecordData {
  readonly owner: WireName
  readonly type: number
  /** Seconds, 0 to 2147483647. */
  readonly ttl: number
  readonly rdata: Uint8Array
}

export interface ZoneRecord extends RecordData {
  /** Line of the file, from 1, where the record begins. */
  readonly line: number
}

export interface ZoneFileOptions {
  /** What relative names are completed with until `$ORIGIN` says otherwise. */
  readonly origin: WireName
  /** TTL of records before any `$TTL` and any record with a TTL of its own. */
  readonly defaultTtl?: number
}

/** RFC 2181 8: a TTL has 31 bits. */
export const MAX_TTL = 0x7fffffff

const CLASSES: Readonly<Record<string, number>> = { IN: CLASS_IN, CS: 2, CH: 3, HS: 4 }

const REFUSED_DIRECTIVES: Readonly<Record<string, readonly [id: string, detail: string]>> = {
  $INCLUDE: ['include-refused', '$INCLUDE is not followed; put the records into this file.'],
  $GENERATE: [
    'generate-refused',
    '$GENERATE is not expanded; write the records out, as named-compilezone does.',
  ],
}

/**
 * Reads a master file (RFC 1035 5, `$TTL` of RFC 2308 4, RFC 3597 forms). Each fault is a problem with line and column and
 * costs only its own entry; records come in file order. Whether owners lie inside the zone is for the caller to judge.
 *
 * Problems, besides those of names, tokens and rdata: `owner-missing`, `owner-invalid`, `class-unsupported`,
 * `type-missing`, `type-unknown`, `type-not-data`, `ttl-missing`, `ttl-invalid`, `directive-invalid`,
 * `directive-unknown`, `include-refused`, `generate-refused`.
 */
export function parseZoneFile(text: string, options: ZoneFileOptions): ParsedZoneFile {
  const steps = parseZoneFileInSteps(text, options)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

export interface ParsedZoneFile {
  readonly records: ZoneRecord[]
  readonly problems: Problem[]
}

const ENTRIES_PER_STEP = 256

/** The same for long files: stops after every few hundred entries, so that the caller can let other work have its turn. */
export function* parseZoneFileInSteps(
  text: string,
  options: ZoneFileOptions,
): Generator<undefined, ParsedZoneFile> {
  const reader = new ZoneFileReader(options)
  const scanner = new TokenScanner(text)
  let count = 0
  for (let entry = scanner.next(); entry !== null; entry = scanner.next()) {
    reader.read(entry)
    if (++count % ENTRIES_PER_STEP === 0) yield
  }
  return { records: reader.records, problems: reader.problems }
}

/** What carries over from one entry to the next. */
class ZoneFileReader {
  readonly records: ZoneRecord[] = []
  readonly problems: Problem[] = []
  #origin: WireName
  #owner: WireName | null = null
  #ownerText = ''
  /** Line of an owner that could not be read: records that inherit it must not fall to the owner before. */
  #faultyOwnerLine = 0
  #directiveTtl = -1
  #statedTtl = -1
  #defaultTtl: number

  constructor(options: ZoneFileOptions) {
    this.#origin = options.origin
    this.#defaultTtl = options.defaultTtl ?? -1
  }

  read(entry: Entry): void {
    if (entry.problems.length > 0) {
      this.problems.push(...entry.problems)
      if (entry.hasOwner) this.#keepOwner(entry)
      return
    }
    const first = entry.tokens[0]!
    if (entry.hasOwner && !first.isQuoted && first.text.charCodeAt(0) === DOLLAR)
      this.#readDirective(entry.tokens)
    else this.#readRecord(entry)
  }

  #readDirective(tokens: readonly Token[]): void {
    const [directive, argument, extra] = tokens
    const name = directive!.text.toUpperCase()
    const refused = REFUSED_DIRECTIVES[name]
    if (refused !== undefined) {
      this.#problem(refused[0], refused[1], directive!)
    } else if (name !== '$ORIGIN' && name !== '$TTL') {
      this.#problem('directive-unknown', `There is no directive ${directive!.text}.`, directive!)
    } else if (argument === undefined || extra !== undefined) {
      this.#problem('directive-invalid', `${name} takes one value.`, extra ?? directive!)
    } else if (name === '$TTL') {
      const ttl = this.#readTtl(argument)
      if (ttl >= 0) this.#directiveTtl = ttl
    } else {
      this.#origin = this.#readName(argument) ?? this.#origin
      this.#ownerText = ''
    }
  }

  #readRecord(entry: Entry): void {
    const { tokens, line } = entry
    const faultsBefore = this.problems.length
    if (entry.hasOwner) this.#readOwner(tokens[0]!, line)
    const prefix = this.#readTtlAndClass(tokens, entry.hasOwner ? 1 : 0)
    const type = this.#readType(tokens, prefix.next)
    if (type < 0) return

    const rdata = rrTypeByCode(type).parseTokens(tokens, this.#origin, prefix.next + 1)
    if (!rdata.ok) this.problems.push(...rdata.problems)
    const owner = this.#owner
    if (owner === null && !entry.hasOwner) this.#reportMissingOwner(tokens[0]!)
    if (owner === null || !rdata.ok || this.problems.length > faultsBefore) return

    const ttl = prefix.ttl >= 0 ? prefix.ttl : this.#inheritedTtl(type, rdata.value)
    if (ttl >= 0) this.records.push({ owner, type, ttl, rdata: rdata.value, line })
    else {
      const detail = 'The record has no TTL and the file no $TTL before it.'
      this.#problem('ttl-missing', detail, tokens[prefix.next]!)
    }
  }

  /** TTL and class, each at most once and in any order (RFC 1035 5.1). `next` is the token behind them. */
  #readTtlAndClass(tokens: readonly Token[], start: number): { ttl: number; next: number } {
    let ttl = -1
    let hasTtl = false
    let hasClass = false
    for (let next = start; ; next++) {
      const token = tokens[next]
      if (token === undefined || token.isQuoted) return { ttl, next }
      const code = hasClass ? -1 : classNumber(token.text)
      if (code >= 0) {
        hasClass = true
        if (code !== CLASS_IN)
          this.#problem('class-unsupported', `Class ${token.text} is not served, only IN.`, token)
      } else if (!hasTtl && isDigit(token.text.charCodeAt(0))) {
        hasTtl = true
        ttl = this.#readTtl(token)
        if (ttl >= 0) this.#statedTtl = ttl
      } else return { ttl, next }
    }
  }

  /** The number of the type named at `at`; -1 after a problem. */
  #readType(tokens: readonly Token[], at: number): number {
    const token = tokens[at]
    if (token === undefined) {
      this.#problem('type-missing', 'The record has no type.', tokens.at(-1)!)
      return -1
    }
    const type = token.isQuoted ? undefined : typeCode(token.text)
    if (type === undefined) this.#problem('type-unknown', `"${token.text}" is not a record type.`, token)
    else if (isMetaType(type)) {
      this.#problem('type-not-data', `${token.text} is not a type of records in zones.`, token)
    } else return type
    return -1
  }

  /** RFC 2308 4: `$TTL` first. RFC 1035 5.1: else the TTL stated last. A SOA without either counts by its MINIMUM. */
  #inheritedTtl(type: number, rdata: Uint8Array): number {
    if (this.#directiveTtl >= 0) return this.#directiveTtl
    if (this.#statedTtl >= 0) return this.#statedTtl
    if (this.#defaultTtl >= 0) return this.#defaultTtl
    if (type !== TYPE_SOA) return -1
    const minimum = rdata.subarray(-4).reduce((number, octet) => number * 256 + octet, 0)
    this.#statedTtl = Math.min(minimum, MAX_TTL)
    return this.#statedTtl
  }

  /** Of a faulty entry the owner still counts for the records that inherit it, if that much can be read. */
  #keepOwner({ tokens, line }: Entry): void {
    const first = tokens[0]
    if (first?.column !== 1) this.#loseOwner(line)
    else if (first.text.charCodeAt(0) !== DOLLAR) this.#readOwner(first, line)
  }

  #readOwner(token: Token, line: number): void {
    // The same text again is the same name; only quotes and a new origin could tell them apart.
    if (token.text === this.#ownerText && !token.isQuoted && this.#owner !== null) return
    const owner = this.#readName(token)
    if (owner === null) {
      this.#loseOwner(line)
      return
    }
    this.#owner = owner
    this.#ownerText = token.text
  }

  #loseOwner(line: number): void {
    this.#owner = null
    this.#ownerText = ''
    this.#faultyOwnerLine = line
  }

  #reportMissingOwner(token: Token): void {
    const line = this.#faultyOwnerLine
    if (line === 0) this.#problem('owner-missing', 'No owner name stands before this record.', token)
    else
      this.#problem(
        'owner-invalid',
        `The owner name at line ${line}, which this record shares, is invalid.`,
        token,
      )
  }

  #readName(token: Token): WireName | null {
    if (token.isQuoted) {
      this.#problem('name-bad-character', 'A name may not be in quotes.', token)
      return null
    }
    const name = parseName(token.text, this.#origin)
    if (name.ok) return name.value
    for (const { id, detail } of name.problems) this.#problem(id, detail, token)
    return null
  }

  #readTtl(token: Token): number {
    const ttl = token.isQuoted ? -1 : parseTtl(token.text)
    if (ttl >= 0 && ttl <= MAX_TTL) return ttl
    const detail = `The TTL "${token.text}" must be 0 to 2147483647 seconds, or use units as in 1h30m.`
    this.#problem('ttl-invalid', detail, token)
    return -1
  }

  #problem(id: string, detail: string, token: Token): void {
    this.problems.push({ id, detail, line: token.line, column: token.column })
  }
}

const DOLLAR = 0x24

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** IN, CH, HS, CS or CLASSnnn in any case; -1 for other words. */
function classNumber(text: string): number {
  // Most words here are types and TTLs: the first letter tells, without making an upper-case copy.
  if (!'CHIchi'.includes(text.charAt(0)) || text.length > 10) return -1
  const upper = text.toUpperCase()
  const known = CLASSES[upper]
  if (known !== undefined) return known
  const digits = /^CLASS(\d{1,5})$/.exec(upper)
  return digits === null || Number(digits[1]) > 0xffff ? -1 : Number(digits[1])
}
