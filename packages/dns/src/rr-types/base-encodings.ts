/** Hexadecimal, base64 and base32hex (RFC 4648) as rdata texts use them. */

const HEX = '0123456789ABCDEF'
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const BASE32HEX = '0123456789ABCDEFGHIJKLMNOPQRSTUV'

/** Upper-case digits of the octets from `at` to `end`. */
export function formatHex(octets: Uint8Array, at = 0, end = octets.length): string {
  let text = ''
  for (let i = at; i < end; i++) text += HEX[octets[i]! >> 4]! + HEX[octets[i]! & 15]!
  return text
}

/** Octets of pairs of digits in any case; null when the text is anything else. */
export function parseHex(text: string): Uint8Array | null {
  return text.length % 2 === 0 ? parseDigits(text.toUpperCase(), HEX, 4) : null
}

/** With padding (RFC 4648 4). */
export function formatBase64(octets: Uint8Array, at = 0, end = octets.length): string {
  const text = formatDigits(octets, at, end, BASE64, 6)
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

/** Octets of padded base64; null when digits, padding or the unused bits are wrong. */
export function parseBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return parseDigits(text.slice(0, text.length - padding), BASE64, 6)
}

/** Without padding, upper case (RFC 5155 3.3). */
export function formatBase32Hex(octets: Uint8Array, at = 0, end = octets.length): string {
  return formatDigits(octets, at, end, BASE32HEX, 5)
}

/** Octets of unpadded base32hex in any case; null when it is none. */
export function parseBase32Hex(text: string): Uint8Array | null {
  return parseDigits(text.toUpperCase(), BASE32HEX, 5)
}

function formatDigits(octets: Uint8Array, at: number, end: number, alphabet: string, width: number): string {
  const mask = (1 << width) - 1
  let text = ''
  let bits = 0
  let held = 0
  for (let i = at; i < end; i++) {
    bits = ((bits << 8) | octets[i]!) & 0xffff
    held += 8
    while (held >= width) {
      held -= width
      text += alphabet[(bits >> held) & mask]
    }
  }
  return held === 0 ? text : text + alphabet[(bits << (width - held)) & mask]
}

function parseDigits(text: string, alphabet: string, width: number): Uint8Array | null {
  const values = valuesOf(alphabet)
  const out = new Uint8Array(Math.floor((text.length * width) / 8))
  let bits = 0
  let held = 0
  let size = 0
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? -1
    if (value < 0) return null
    bits = ((bits << width) | value) & 0xffff
    held += width
    if (held >= 8) {
      held -= 8
      out[size++] = bits >> held
    }
  }
  // A last digit that adds nothing, or set bits in it, would read back as another text (RFC 4648 3.5).
  return held >= width || (bits & ((1 << held) - 1)) !== 0 ? null : out
}

const tables = new Map<string, Int8Array>()

function valuesOf(alphabet: string): Int8Array {
  let table = tables.get(alphabet)
  if (table === undefined) {
    table = new Int8Array(128).fill(-1)
    for (let i = 0; i < alphabet.length; i++) table[alphabet.charCodeAt(i)] = i
    tables.set(alphabet, table)
  }
  return table
}
