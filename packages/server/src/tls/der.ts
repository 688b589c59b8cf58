/** Just enough of DER (ITU-T X.690) to write certificates: each function gives the octets of one value. */

const tagged = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([Uint8Array.of(tag, ...lengthOctets(length)), ...parts])
}

/** 8.1.3: one octet below 128, else their number and the octets. */
function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 | octets.length, ...octets]
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => tagged(0x30, ...parts)
export const set = (...parts: readonly Uint8Array[]): Uint8Array => tagged(0x31, ...parts)
export const octetString = (octets: Uint8Array): Uint8Array => tagged(0x04, octets)
export const utf8String = (text: string): Uint8Array => tagged(0x0c, Buffer.from(text))
export const boolean = (value: boolean): Uint8Array => tagged(0x01, Uint8Array.of(value ? 0xff : 0))

/** A number that is not negative, given by its octets. */
export function integer(octets: Uint8Array): Uint8Array {
  const start = octets.findIndex((octet) => octet !== 0)
  const digits = start < 0 ? Uint8Array.of(0) : octets.subarray(start)
  return tagged(0x02, digits[0]! >= 0x80 ? Buffer.concat([Uint8Array.of(0), digits]) : digits)
}

/** `unused` bits at the end of the last octet mean nothing. */
export const bitString = (octets: Uint8Array, unused = 0): Uint8Array =>
  tagged(0x03, Uint8Array.of(unused), octets)

/** 8.19: the first two numbers share an octet, the others are in base 128. */
export function objectId(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const octets = [first * 40 + second]
  for (const number of rest) {
    const digits = [number % 128]
    for (let high = Math.floor(number / 128); high > 0; high = Math.floor(high / 128))
      digits.unshift((high % 128) | 0x80)
    octets.push(...digits)
  }
  return tagged(0x06, Uint8Array.from(octets))
}

/** RFC 5280 4.1.2.5: UTCTime until 2049, GeneralizedTime from then on; both without fractions. */
export function time(date: Date): Uint8Array {
  const text = date.toISOString().replace(/[-:T]|\.\d+/g, '')
  return date.getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(text.slice(2)))
    : tagged(0x18, Buffer.from(text))
}

/** A context tag around a whole value. */
export const explicit = (tag: number, value: Uint8Array): Uint8Array => tagged(0xa0 | tag, value)
/** A context tag in place of that of the value. */
export const implicit = (tag: number, octets: Uint8Array): Uint8Array => tagged(0x80 | tag, octets)
