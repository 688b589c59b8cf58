/** Addresses in text and octets. Strict: what one reader takes and another refuses is refused. */

/** Writes four octets of a dotted quad at `at`: decimal, no leading zeros, nothing around it. False when it is none. */
export function parseIpv4(text: string, out: Uint8Array, at = 0): boolean {
  let octet = 0
  let digits = 0
  let dots = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) {
      if (digits > 0 && octet === 0) return false // 010 is eight to some readers
      octet = octet * 10 + code - 48
      digits++
      if (octet > 255) return false
    } else if (code === 46) {
      if (digits === 0 || dots === 3) return false
      out[at + dots++] = octet
      octet = 0
      digits = 0
    } else return false
  }
  if (dots !== 3 || digits === 0) return false
  out[at + 3] = octet
  return true
}

export function formatIpv4(octets: Uint8Array, at = 0): string {
  return `${octets[at]}.${octets[at + 1]}.${octets[at + 2]}.${octets[at + 3]}`
}

/** Writes sixteen octets of any form of RFC 4291 2.2 at `at`; no zone index, no prefix. False when it is none. */
export function parseIpv6(text: string, out: Uint8Array, at = 0): boolean {
  let groups = 0
  let gapAt = -1 // number of groups before "::"
  let i = 0
  if (text.startsWith('::')) {
    gapAt = 0
    i = 2
  }
  while (i < text.length) {
    if (groups === 8) return false
    let value = 0
    let digits = 0
    const start = i
    for (; i < text.length; i++) {
      const digit = hexDigit(text.charCodeAt(i))
      if (digit < 0) break
      value = (value << 4) | digit
      if (++digits > 4) return false
    }
    if (text.charCodeAt(i) === 46) {
      if (groups > 6 || !parseIpv4(text.slice(start), out, at + groups * 2)) return false
      groups += 2
      i = text.length
      break
    }
    if (digits === 0) return false
    out[at + groups * 2] = value >> 8
    out[at + groups * 2 + 1] = value
    groups++
    if (i === text.length) break
    if (text.charCodeAt(i++) !== 58) return false
    if (text.charCodeAt(i) === 58) {
      if (gapAt >= 0) return false
      gapAt = groups
      i++
    } else if (i === text.length) return false // a single colon at the end
  }
  if (gapAt < 0) return groups === 8
  if (groups > 7) return false // "::" stands for at least one group
  const tail = (groups - gapAt) * 2
  const from = at + gapAt * 2
  out.copyWithin(at + 16 - tail, from, from + tail)
  out.fill(0, from, at + 16 - tail)
  return true
}

/** RFC 5952: lower case, no leading zeros, the first longest run of zero groups as "::"; mapped IPv4 with a dotted quad. */
export function formatIpv6(octets: Uint8Array, at = 0): string {
  let runAt = -1
  let runLength = 1 // RFC 5952 4.2.2: a single zero group is written out
  let zeros = 0
  for (let group = 0; group < 8; group++) {
    zeros = octets[at + group * 2] === 0 && octets[at + group * 2 + 1] === 0 ? zeros + 1 : 0
    if (zeros > runLength) {
      runLength = zeros
      runAt = group - zeros + 1
    }
  }
  if (runAt === 0 && runLength === 5 && octets[at + 10] === 0xff && octets[at + 11] === 0xff) {
    return `::ffff:${formatIpv4(octets, at + 12)}` // RFC 5952 5
  }
  let text = ''
  for (let group = 0; group < 8; group++) {
    if (group === runAt) {
      text += '::'
      group += runLength - 1
      continue
    }
    if (text !== '' && !text.endsWith(':')) text += ':'
    text += ((octets[at + group * 2]! << 8) | octets[at + group * 2 + 1]!).toString(16)
  }
  return text
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}
