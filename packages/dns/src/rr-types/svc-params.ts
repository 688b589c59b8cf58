import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../address.ts'
import type { Token } from '../zone-file/tokens.ts'
import { formatBase64, parseBase64 } from './base-encodings.ts'
import { type Field, RdataWriter, type TokenReader } from './field.ts'
import { parseNumber } from './number-fields.ts'
import { quote, writeUnescaped } from './text-fields.ts'

/** Parameters of a service by key: what SVCB and HTTPS records carry behind their target (RFC 9460 2.1, 2.2). */
export type SvcParams = ReadonlyMap<number, Uint8Array>

export const SVC_MANDATORY = 0
export const SVC_ALPN = 1
export const SVC_NO_DEFAULT_ALPN = 2
const SVC_PORT = 3
const SVC_IPV4_HINT = 4
const SVC_ECH = 5
const SVC_IPV6_HINT = 6
const SVC_DOHPATH = 7

/** RFC 9460 14.3.2: reserved, never a key. */
const INVALID_KEY = 65535

/** How the value of one key looks in text and octets; both null when it is wrong. */
interface ParamKind {
  readonly name: string
  /** Set where servers in use do not know the name yet: the number is written, the value as a quoted text. */
  readonly isWrittenByNumber?: boolean
  /** `value` is the text's octets, its escapes resolved; undefined when there is no value at all. */
  encode(value: Uint8Array | undefined): Uint8Array | null
  /** The text behind `=`, quoted where needed; undefined for no value; null for octets that break the key's rules. */
  format(octets: Uint8Array): string | undefined | null
}

const KINDS: Readonly<Record<number, ParamKind>> = {
  [SVC_MANDATORY]: {
    name: 'mandatory',
    encode(value) {
      const keys = splitList(value)?.map((item) => keyNumber(asText(item))) ?? []
      return keys.length === 0 || keys.includes(-1) ? null : u16List(keys.sort((a, b) => a - b))
    },
    format(octets) {
      const keys = u16sOf(octets)
      // RFC 9460 8: ascending, each once, and never `mandatory` itself.
      const isSound =
        keys.length > 0 && octets.length % 2 === 0 && keys.every((key, i) => key > (keys[i - 1] ?? 0))
      return isSound ? keys.map(keyName).join(',') : null
    },
  },
  [SVC_ALPN]: {
    name: 'alpn',
    encode(value) {
      const ids = splitList(value)
      if (ids === null || ids.some((id) => id.length === 0 || id.length > 255)) return null
      return Uint8Array.from(ids.flatMap((id) => [id.length, ...id]))
    },
    format: formatAlpn,
  },
  [SVC_NO_DEFAULT_ALPN]: {
    name: 'no-default-alpn',
    encode: (value) => value ?? new Uint8Array(0),
    format: (octets) => (octets.length === 0 ? undefined : null),
  },
  [SVC_PORT]: {
    name: 'port',
    encode(value) {
      const port = value === undefined ? -1 : parseNumber(asText(value), 0xffff)
      return port < 0 ? null : Uint8Array.of(port >> 8, port)
    },
    format: (octets) => (octets.length === 2 ? String((octets[0]! << 8) | octets[1]!) : null),
  },
  [SVC_IPV4_HINT]: addressHint('ipv4hint', 4, parseIpv4, formatIpv4),
  [SVC_ECH]: {
    name: 'ech',
    encode: (value) => (value === undefined ? null : parseBase64(asText(value))),
    format: (octets) => (octets.length === 0 ? null : formatBase64(octets)),
  },
  [SVC_IPV6_HINT]: addressHint('ipv6hint', 16, parseIpv6, formatIpv6),
  [SVC_DOHPATH]: {
    name: 'dohpath',
    isWrittenByNumber: true, // Knot 3.2 refuses the name
    encode: (value) => value ?? null,
    format: (octets) => (isDohPath(asText(octets)) ? quote(octets, 0, octets.length) : null),
  },
}

const keysByName = new Map(Object.entries(KINDS).map(([key, { name }]) => [name, Number(key)]))

// A URI template of ASCII (RFC 6570 2): literals, percent-encoded octets and expressions.
const VARIABLE = String.raw`(?:[\w.]|%[\dA-Fa-f]{2})+(?:\*|:[1-9]\d{0,3})?`
const TEMPLATE = new RegExp(
  String.raw`^/(?:[!#$&()*+,\-./\d:;=?@A-Z[\]_a-z~]|%[\dA-Fa-f]{2}|\{[+#./;?&]?${VARIABLE}(?:,${VARIABLE})*\})*$`,
)

/** RFC 9461 5: a relative URI template with the variable `dns`. */
function isDohPath(text: string): boolean {
  return TEMPLATE.test(text) && /\{[^}]*\bdns\b[^}]*\}/.test(text)
}

/** The parameters up to the end of the rdata, keys ascending (RFC 9460 2.2); text may have them in any order. */
export function svcParams<const Name extends string>(name: Name): Field<Name, SvcParams> {
  return {
    name,
    parse(reader, writer) {
      const params = new Map<number, Uint8Array>()
      while (!reader.isDone) {
        const token = reader.nextWord(name)
        if (token !== null) parseParam(token, reader, params)
      }
      for (const key of [...params.keys()].sort((a, b) => a - b)) {
        const value = params.get(key)!
        writer.u16(key)
        writer.u16(value.length)
        writer.bytes(value)
      }
    },
    measure(octets, at, end) {
      let next = at
      let lastKey = -1
      while (next + 4 <= end) {
        const key = (octets[next]! << 8) | octets[next + 1]!
        const valueEnd = next + 4 + ((octets[next + 2]! << 8) | octets[next + 3]!)
        if (key <= lastKey || key === INVALID_KEY || valueEnd > end) return -1
        if (KINDS[key]?.format(octets.subarray(next + 4, valueEnd)) === null) return -1
        next = valueEnd
        lastKey = key
      }
      return next === end ? end - at : -1
    },
    format: (octets, at, end) =>
      [...readParams(octets, at, end)].map(([key, value]) => formatParam(key, value)).join(' '),
    value: readParams,
  }
}

/** Keys that `mandatory` lists. */
export function mandatoryKeys(params: SvcParams): number[] {
  return u16sOf(params.get(SVC_MANDATORY) ?? new Uint8Array(0))
}

/** The name to write: `alpn`, `key65280`. */
export function keyName(key: number): string {
  const kind = KINDS[key]
  return kind === undefined || kind.isWrittenByNumber ? `key${key}` : kind.name
}

function keyNumber(name: string): number {
  const known = keysByName.get(name)
  if (known !== undefined) return known
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(name)
  const key = digits === null ? INVALID_KEY : Number(digits[1])
  return key < INVALID_KEY ? key : -1
}

function parseParam(token: Token, reader: TokenReader, params: Map<number, Uint8Array>): void {
  const equals = token.text.indexOf('=')
  const name = equals < 0 ? token.text : token.text.slice(0, equals)
  const key = keyNumber(name)
  if (key < 0) {
    reader.refuse('svc-key-unknown', `There is no parameter "${name}"; write keyNNNNN for others.`, token)
    return
  }
  if (params.has(key)) {
    reader.refuse('svc-key-repeated', `The parameter ${name} stands twice.`, token)
    return
  }
  const text = equals < 0 ? undefined : valueOctets(token.text.slice(equals + 1))
  const kind = KINDS[key]
  // `key1=…` gives the octets themselves, also for keys that have a form of their own (RFC 9460 2.1).
  const isOpaque = kind === undefined || name !== kind.name
  const value = text === null ? null : isOpaque ? (text ?? new Uint8Array(0)) : kind.encode(text)
  if (value === null || value.length > 0xffff || kind?.format(value) === null) {
    reader.refuse('svc-value-invalid', `The value of the parameter ${name} is not valid.`, token)
  } else params.set(key, value)
}

const valueWriter = new RdataWriter()

/** Octets of a value that may be in quotes; null where it is broken. */
function valueOctets(text: string): Uint8Array | null {
  const isQuoted = text.startsWith('"')
  valueWriter.length = 0
  if (writeUnescaped(isQuoted ? text.slice(1, -1) : text, isQuoted, valueWriter) >= 0) return null
  return valueWriter.octets.slice(0, valueWriter.length)
}

function readParams(octets: Uint8Array, at: number, end: number): SvcParams {
  const params = new Map<number, Uint8Array>()
  for (let next = at; next < end; ) {
    const valueEnd = next + 4 + ((octets[next + 2]! << 8) | octets[next + 3]!)
    params.set((octets[next]! << 8) | octets[next + 1]!, octets.subarray(next + 4, valueEnd))
    next = valueEnd
  }
  return params
}

function formatParam(key: number, value: Uint8Array): string {
  const kind = KINDS[key]
  const text =
    kind !== undefined ? kind.format(value) : value.length > 0 ? quote(value, 0, value.length) : undefined
  return text === undefined || text === null ? keyName(key) : `${keyName(key)}=${text}`
}

function addressHint(
  name: string,
  size: number,
  parse: (text: string, out: Uint8Array, at: number) => boolean,
  format: (octets: Uint8Array, at: number) => string,
): ParamKind {
  return {
    name,
    encode(value) {
      const items = value === undefined ? [] : asText(value).split(',')
      const out = new Uint8Array(items.length * size)
      return items.length > 0 && items.every((item, i) => parse(item, out, i * size)) ? out : null
    },
    format(octets) {
      if (octets.length === 0 || octets.length % size !== 0) return null
      const addresses: string[] = []
      for (let at = 0; at < octets.length; at += size) addresses.push(format(octets, at))
      return addresses.join(',')
    },
  }
}

function formatAlpn(octets: Uint8Array): string | null {
  const text: number[] = []
  let at = 0
  while (at < octets.length) {
    const end = at + 1 + octets[at]!
    if (end === at + 1 || end > octets.length) return null
    if (at > 0) text.push(COMMA)
    while (++at < end) {
      if (octets[at] === COMMA || octets[at] === BACKSLASH) text.push(BACKSLASH)
      text.push(octets[at]!)
    }
  }
  return text.length === 0 ? null : quote(Uint8Array.from(text), 0, text.length)
}

const COMMA = 0x2c
const BACKSLASH = 0x5c

/** RFC 9460 A.1: items between commas; a backslash takes the octet behind it literally. Null for no or a broken list. */
function splitList(value: Uint8Array | undefined): Uint8Array[] | null {
  if (value === undefined || value.length === 0) return null
  const items: Uint8Array[] = []
  let item: number[] = []
  for (let at = 0; at < value.length; at++) {
    if (value[at] === COMMA) {
      items.push(Uint8Array.from(item))
      item = []
      continue
    }
    if (value[at] === BACKSLASH && ++at === value.length) return null
    item.push(value[at]!)
  }
  items.push(Uint8Array.from(item))
  return items
}

function asText(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += String.fromCharCode(octet)
  return text
}

function u16List(numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(numbers.flatMap((number) => [number >> 8, number & 255]))
}

function u16sOf(octets: Uint8Array): number[] {
  const numbers: number[] = []
  for (let at = 0; at + 1 < octets.length; at += 2) numbers.push((octets[at]! << 8) | octets[at + 1]!)
  return numbers
}
