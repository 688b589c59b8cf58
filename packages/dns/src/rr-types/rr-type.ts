import { LOWER_CASE, nameLength, ROOT, type WireName } from '../name.ts'
import { ok, type Problem, type Result } from '../result.ts'
import { scanValue, type Token } from '../zone-file/tokens.ts'
import { type Field, MAX_RDATA_SIZE, RdataWriter, TokenReader } from './field.ts'
import { formatGeneric, isGeneric, parseGeneric } from './generic.ts'

/** What is known about one type of record. Rdata is uncompressed wire throughout. */
export interface RrType {
  /** `MX`, or `TYPE65280` for a type without a name. */
  readonly name: string
  readonly code: number
  readonly fields: readonly Field[]
  /**
   * Reads presentation form. Names without final dot are completed with `origin`, and refused without one.
   * The generic form `\# length hex` (RFC 3597 5) is read for every type and checked like the type's own.
   */
  parse(text: string, origin?: WireName): Result<Uint8Array>
  /** The same for tokens of a zone file; `start` is the first one that belongs to the rdata. */
  parseTokens(tokens: readonly Token[], origin?: WireName, start?: number): Result<Uint8Array>
  /** Presentation form that {@link parse} reads back to the same octets; generic form where rdata is malformed, or has no other. */
  format(rdata: Uint8Array): string
  /** Faults of rdata from elsewhere (a message, generic form): its shape, then what the type itself demands. */
  check(rdata: Uint8Array): readonly Problem[]
  /** Canonical form (RFC 4034 6.2, RFC 6840 5.1): the same object when it is already. */
  canonical(rdata: Uint8Array): Uint8Array
  /**
   * Octets that are equal for two rdatas of one meaning: every name folded, and words in which case has no meaning. For
   * finding duplicates; never published. The same object when there is nothing to fold.
   */
  comparable(rdata: Uint8Array): Uint8Array
  /** Where names begin that may be compressed in a message, in order; empty for most types. */
  compressibleNameOffsets(rdata: Uint8Array): readonly number[]
  /** Where names begin, in order. */
  nameOffsets(rdata: Uint8Array): readonly number[]
  /** The name whose addresses go along in the additional section, as a view into `rdata`. */
  additionalName(rdata: Uint8Array): WireName | null
}

type FieldValues<Fields extends readonly Field[]> = {
  readonly [F in Fields[number] as F['name']]: F extends Field<string, infer Value> ? Value : never
}

export interface RrTypeOptions<Fields extends readonly Field[]> {
  /** The field whose addresses go along in the additional section. */
  readonly additional?: Fields[number]['name']
  /** What the fields alone can't say; null when all is well. */
  readonly check?: (values: FieldValues<Fields>) => Problem | null
  /** Reads the usual spelling without tokens; null for anything else, right or wrong. For types that come in bulk. */
  readonly fast?: (text: string, origin: WireName | undefined) => Uint8Array | null
}

const NO_OFFSETS: readonly number[] = []
const NO_PROBLEMS: readonly Problem[] = []
const writer = new RdataWriter()

/** Makes a type from its fields in wire order. */
export function rrType<const Fields extends readonly Field[]>(
  name: string,
  code: number,
  fields: Fields,
  options: RrTypeOptions<Fields> = {},
): RrType {
  const { fast, check: checkValues } = options
  const hasNames = fields.some((field) => field.nameKind !== undefined)
  const hasCompressible = fields.some((field) => field.nameKind?.isCompressible)
  const hasFolded = fields.some((field) => field.nameKind?.isFolded)
  const hasCaseless = hasNames || fields.some((field) => field.isCaseless)
  const additionalAt = fields.findIndex((field) => field.name === options.additional)

  /** Start of each field and the end of the last; null where the octets do not fit the fields. */
  function layOut(rdata: Uint8Array): number[] | null {
    if (rdata.length > MAX_RDATA_SIZE) return null
    const starts = [0]
    let at = 0
    for (const field of fields) {
      const size = field.measure(rdata, at, rdata.length)
      if (size < 0) return null
      at += size
      starts.push(at)
    }
    return at === rdata.length ? starts : null
  }

  function check(rdata: Uint8Array): readonly Problem[] {
    const starts = layOut(rdata)
    if (starts === null) {
      return [{ id: 'rdata-malformed', detail: `The ${rdata.length} octets are no ${name} data.` }]
    }
    if (checkValues === undefined) return NO_PROBLEMS
    const values: Record<string, unknown> = {}
    fields.forEach((field, i) => {
      values[field.name] = field.value(rdata, starts[i]!, starts[i + 1]!)
    })
    const problem = checkValues(values as FieldValues<Fields>)
    return problem === null ? NO_PROBLEMS : [problem]
  }

  function parseTokens(tokens: readonly Token[], origin?: WireName, start = 0): Result<Uint8Array> {
    const reader = new TokenReader(tokens, origin, start)
    writer.length = 0
    if (isGeneric(tokens[start])) parseGeneric(reader, writer)
    else {
      for (const field of fields) field.parse(reader, writer)
      const extra = reader.peek
      if (extra !== undefined) {
        reader.refuse('rdata-extra-text', `"${extra.text}" does not belong to the ${name} data.`, extra)
      }
      if (writer.length > MAX_RDATA_SIZE)
        reader.refuse('rdata-too-long', 'The data is longer than 65535 octets.')
    }
    if (reader.problems.length > 0) return { ok: false, problems: reader.problems }
    const rdata = writer.octets.slice(0, writer.length)
    if (checkValues === undefined && !isGeneric(tokens[start])) return ok(rdata)
    const problems = check(rdata)
    if (problems.length === 0) return ok(rdata)
    const { line, column } = tokens[start] ?? { line: 1, column: 1 }
    return { ok: false, problems: problems.map((problem) => ({ ...problem, line, column })) }
  }

  function offsets(rdata: Uint8Array, compressibleOnly: boolean): readonly number[] {
    const starts = layOut(rdata)
    if (starts === null) return NO_OFFSETS
    return starts.filter((_, i) => {
      const kind = fields[i]?.nameKind
      return kind !== undefined && (kind.isCompressible || !compressibleOnly)
    })
  }

  /** Lower-cases the fields that are meant. Both kinds begin with a length octet, which must not be folded. */
  function fold(rdata: Uint8Array, isMeant: (field: Field) => boolean | undefined): Uint8Array {
    const starts = layOut(rdata)
    if (starts === null) return rdata
    let folded: Uint8Array = rdata
    for (let i = 0; i < fields.length; i++) {
      if (!isMeant(fields[i]!)) continue
      const end = starts[i + 1]!
      for (let at: number = starts[i]! + 1; at < end; at++) {
        const octet = rdata[at]!
        if (LOWER_CASE[octet] === octet) continue
        if (folded === rdata) folded = rdata.slice()
        folded[at] = LOWER_CASE[octet]!
      }
    }
    return folded
  }

  return {
    name,
    code,
    fields,
    parseTokens,
    check,
    parse(text, origin) {
      if (fast !== undefined && text.charCodeAt(0) !== BACKSLASH) {
        const rdata = fast(text, origin)
        if (rdata !== null) return ok(rdata)
      }
      const problems: Problem[] = []
      const tokens = scanValue(text, problems)
      return problems.length > 0 ? { ok: false, problems } : parseTokens(tokens, origin)
    },
    format(rdata) {
      const starts = layOut(rdata)
      if (starts === null) return formatGeneric(rdata)
      const parts: string[] = []
      for (let i = 0; i < fields.length; i++) {
        const part = fields[i]!.format(rdata, starts[i]!, starts[i + 1]!)
        if (part === null) return formatGeneric(rdata)
        if (part !== '') parts.push(part)
      }
      return parts.join(' ')
    },
    canonical: (rdata) => (hasFolded ? fold(rdata, (field) => field.nameKind?.isFolded) : rdata),
    comparable: (rdata) =>
      hasCaseless ? fold(rdata, (field) => field.nameKind !== undefined || field.isCaseless) : rdata,
    compressibleNameOffsets: (rdata) => (hasCompressible ? offsets(rdata, true) : NO_OFFSETS),
    nameOffsets: (rdata) => (hasNames ? offsets(rdata, false) : NO_OFFSETS),
    additionalName(rdata) {
      if (additionalAt < 0) return null
      const at: number | undefined = layOut(rdata)?.[additionalAt]
      return at === undefined ? null : rdata.subarray(at, at + nameLength(rdata, at))
    },
  }
}

const BACKSLASH = 0x5c

/** Whether a name in rdata is the root, which several types use for "none". */
export function isRoot(name: WireName): boolean {
  return name.length === ROOT.length
}
