const BACKSLASH = 0x5c
const CARET = 0x5e
const DOLLAR = 0x24
const OPEN = 0x28
const CLOSE = 0x29
const BAR = 0x7c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const DASH = 0x2d
const OPEN_BRACE = 0x7b

const CLASSES = 'alnum alpha blank cntrl digit graph lower print punct space upper xdigit'.split(' ')

/**
 * Whether octets are a substitution expression of NAPTR (RFC 3402 3.2): empty, or delimiter, pattern, delimiter,
 * replacement, delimiter, flag `i` or nothing. The pattern is a POSIX extended expression. BIND refuses a zone with a wrong
 * one, so it is checked as closely as there.
 */
export function isSubstitution(octets: Uint8Array): boolean {
  if (octets.length === 0) return true
  const delimiter = octets[0]!
  if (octets.includes(0) || delimiter === BACKSLASH || isDigit(delimiter) || (delimiter | 32) === 0x69)
    return false
  const patternEnd = delimiterAfter(octets, 1, delimiter)
  const replacementEnd = delimiterAfter(octets, patternEnd + 1, delimiter)
  if (patternEnd < 0 || replacementEnd < 0) return false
  const groups = countGroups(octets.subarray(1, patternEnd))
  return (
    groups >= 0 &&
    highestReference(octets.subarray(patternEnd + 1, replacementEnd)) <= groups &&
    octets.subarray(replacementEnd + 1).every((octet) => octet === 0x69)
  )
}

/** Where the next delimiter without a backslash stands; -1 for nowhere. */
function delimiterAfter(octets: Uint8Array, start: number, delimiter: number): number {
  if (start === 0) return -1
  for (let at = start; at < octets.length; at++) {
    if (octets[at] === delimiter) return at
    if (octets[at] === BACKSLASH) at++
  }
  return -1
}

/** The highest `\1` to `\9` of a replacement; Infinity where `\0` can refer to no group. */
function highestReference(replacement: Uint8Array): number {
  let highest = 0
  for (let at = 0; at < replacement.length; at++) {
    if (replacement[at] !== BACKSLASH) continue
    const digit = replacement[++at]! - 48
    if (digit === 0) return Number.POSITIVE_INFINITY
    if (digit > 0 && digit <= 9) highest = Math.max(highest, digit)
  }
  return highest
}

/** The groups of a sound pattern; -1 for any other: nothing to repeat, an empty branch, an open group or bracket. */
function countGroups(pattern: Uint8Array): number {
  let groups = 0
  let depth = 0
  let hasBranch = false // something stands in the branch under way
  let canRepeat = false
  for (let at = 0; at < pattern.length; at++) {
    const octet = pattern[at]!
    if (octet === OPEN) {
      groups++
      depth++
      hasBranch = canRepeat = false
    } else if (octet === CLOSE || octet === BAR) {
      if (!hasBranch || (octet === CLOSE && --depth < 0)) return -1
      hasBranch = canRepeat = octet === CLOSE
    } else if (octet === 0x2a || octet === 0x2b || octet === 0x3f || octet === OPEN_BRACE) {
      if (!canRepeat) return -1
      if (octet === OPEN_BRACE) at = boundEnd(pattern, at)
      if (at < 0) return -1
      canRepeat = false
    } else {
      if (octet === OPEN_BRACKET) at = bracketEnd(pattern, at)
      else if (octet === BACKSLASH && isDigit(pattern[++at]!)) return -1
      if (at < 0 || at >= pattern.length) return -1
      hasBranch = true
      canRepeat = octet !== CARET && octet !== DOLLAR
    }
  }
  return depth === 0 && hasBranch ? groups : -1
}

/** The brace that ends `{3}`, `{3,}` or `{3,5}`; -1 where the numbers are wrong (POSIX allows 0 to 255). */
function boundEnd(pattern: Uint8Array, start: number): number {
  const text = String.fromCharCode(...pattern.subarray(start, start + 9))
  const bound = /^\{(\d{1,3})(,(\d{1,3})?)?\}/.exec(text)
  if (bound === null) return -1
  const low = Number(bound[1])
  const high = Number(bound[3] ?? low)
  return low <= high && high <= 255 ? start + bound[0].length - 1 : -1
}

/** The bracket that ends `[…]`; -1 where it has none, a range runs backwards or a class is unknown. */
function bracketEnd(pattern: Uint8Array, start: number): number {
  let at = start + 1
  if (pattern[at] === CARET) at++
  const first = at
  let rangeFrom = -1
  for (; at < pattern.length; at++) {
    const octet = pattern[at]!
    if (octet === CLOSE_BRACKET && at > first) return at
    if (octet === BACKSLASH) return -1 // readers differ on whether it escapes here
    if (octet === OPEN_BRACKET) {
      at = classEnd(pattern, at)
      if (at < 0) return -1
      rangeFrom = -1
    } else if (octet === DASH && rangeFrom >= 0 && pattern[at + 1] !== CLOSE_BRACKET) {
      const to = pattern[++at]
      if (to === undefined || to < rangeFrom || to === BACKSLASH || to === OPEN_BRACKET) return -1
      rangeFrom = -1
    } else rangeFrom = octet
  }
  return -1
}

/** The last octet of `[:alpha:]` inside a bracket; -1 for other collations, which depend on a locale. */
function classEnd(pattern: Uint8Array, start: number): number {
  const text = String.fromCharCode(...pattern.subarray(start, start + 12))
  const name = /^\[:([a-z]+):\]/.exec(text)?.[1]
  return name !== undefined && CLASSES.includes(name) ? start + name.length + 3 : -1
}

function isDigit(octet: number): boolean {
  return octet >= 48 && octet <= 57
}
