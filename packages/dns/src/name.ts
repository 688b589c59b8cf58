import { fail, ok, type Result } from './result.ts'

/**
 * Domain names as wire octets: length-prefixed labels and the final zero octet, never compressed (RFC 1035 3.1).
 * Letters keep the case they came with; comparing folds ASCII case only (RFC 4343 3).
 *
 *     www.example.  =  3 w w w 7 e x a m p l e 0
 */
export type WireName = Uint8Array

/** RFC 1035 2.3.4: octets of a whole name, length octets and final zero included. */
export const MAX_NAME_SIZE = 255
/** RFC 1035 2.3.4: octets of one label. */
export const MAX_LABEL_SIZE = 63

export const ROOT: WireName = Uint8Array.of(0)

const DOT = 0x2e
const BACKSLASH = 0x5c

/** Maps each octet to its ASCII lower case; all others to themselves. */
export const LOWER_CASE = Uint8Array.from({ length: 256 }, (_, octet) =>
  octet >= 0x41 && octet <= 0x5a ? octet + 32 : octet,
)

// What may stand in a name without a backslash. The others end a token or a value in a zone file (RFC 1035 5.1).
const IS_PLAIN = Uint8Array.from({ length: 128 }, (_, code) =>
  code > 0x20 && code < 0x7f && !'"();.\\'.includes(String.fromCharCode(code)) ? 1 : 0,
)

// Written with a backslash, so that no reader takes them for syntax (RFC 4343 2.1). Knot's is the strictest: it takes no
// punctuation but these without one.
const IS_ESCAPED = Uint8Array.from({ length: 256 }, (_, octet) =>
  /[0-9A-Za-z*/_-]/.test(String.fromCharCode(octet)) ? 0 : 1,
)

// Shared by all calls: parsing and comparing are synchronous, and results are copied out.
const scratch = new Uint8Array(MAX_NAME_SIZE + 1)
const startsA = new Uint8Array(128)
const startsB = new Uint8Array(128)

/**
 * Reads presentation form (RFC 1035 5.1: `\X` and `\DDD` escapes). A text without final dot is completed with `origin`;
 * without an origin it is refused as `name-not-absolute`. `@` alone means the origin. Case is kept.
 *
 * Problems: `name-empty`, `name-not-absolute`, `name-too-long`, `label-empty`, `label-too-long`, `name-not-ascii`,
 * `name-bad-character`, `name-bad-escape`.
 */
export function parseName(text: string, origin?: WireName): Result<WireName> {
  const end = text.length
  if (end === 0) return fail('name-empty', 'A name may not be empty; the root is written ".".')
  if (end === 1) {
    if (text === '.') return ok(ROOT)
    if (text === '@' && origin !== undefined) return ok(origin)
  }
  let size = 1 // octets written; scratch[labelAt] becomes the length of the label under way
  let labelAt = 0
  let at = 0
  while (at < end) {
    let octet = text.charCodeAt(at++)
    if (octet >= 128) {
      return fail('name-not-ascii', `"${text}" holds characters outside ASCII; use the xn-- form.`)
    }
    if (IS_PLAIN[octet] === 0) {
      if (octet === DOT) {
        const length = size - labelAt - 1
        if (length === 0) return fail('label-empty', `"${text}" has an empty label.`)
        if (length > MAX_LABEL_SIZE) return labelTooLong(text, length)
        scratch[labelAt] = length
        labelAt = size++
        if (size > MAX_NAME_SIZE) return nameTooLong(text)
        continue
      }
      if (octet !== BACKSLASH) {
        return fail('name-bad-character', `"${text}" holds a character that must be escaped, as in \\032.`)
      }
      octet = readEscape(text, at)
      if (octet < 0)
        return fail('name-bad-escape', `"${text}" has a broken escape; write \\X or \\DDD (000–255).`)
      at += isDigit(text.charCodeAt(at)) ? 3 : 1
    }
    if (size >= MAX_NAME_SIZE) return nameTooLong(text)
    scratch[size++] = octet
  }
  const length = size - labelAt - 1
  if (length === 0) {
    scratch[labelAt] = 0
    return ok(scratch.slice(0, size))
  }
  if (length > MAX_LABEL_SIZE) return labelTooLong(text, length)
  if (origin === undefined) return fail('name-not-absolute', `"${text}" must end with a dot.`)
  if (size + origin.length > MAX_NAME_SIZE) return nameTooLong(text)
  scratch[labelAt] = length
  scratch.set(origin, size)
  return ok(scratch.slice(0, size + origin.length))
}

/** The octet that the escape behind a backslash at `at` stands for, or -1. `\DDD` takes three digits, `\X` one character. */
export function readEscape(text: string, at: number): number {
  const first = text.charCodeAt(at)
  if (!isDigit(first)) return first >= 0x20 && first < 0x7f ? first : -1
  const second = text.charCodeAt(at + 1)
  const third = text.charCodeAt(at + 2)
  if (!isDigit(second) || !isDigit(third)) return -1
  const octet = (first - 48) * 100 + (second - 48) * 10 + third - 48
  return octet < 256 ? octet : -1
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function labelTooLong(text: string, length: number): Result<never> {
  return fail('label-too-long', `"${text}" has a label of ${length} octets; at most 63 are allowed.`)
}

function nameTooLong(text: string): Result<never> {
  return fail('name-too-long', `"${text}" is longer than 255 octets as a whole.`)
}

/** Presentation form with final dot; the root is ".". What a zone file would misread is escaped. */
export function formatName(name: Uint8Array, offset = 0): string {
  let at = offset
  let length = name[at]!
  if (length === 0) return '.'
  let text = ''
  while (length !== 0) {
    const end = at + 1 + length
    while (++at < end) {
      const octet = name[at]!
      text += IS_ESCAPED[octet] === 0 ? CHARACTERS[octet] : escapeOctet(octet)
    }
    text += '.'
    length = name[at]!
  }
  return text
}

// One-character strings made once; indexing beats String.fromCharCode on the bulk path.
const CHARACTERS = Array.from({ length: 256 }, (_, octet) => String.fromCharCode(octet))

/** `\X` for printable ASCII, else `\DDD`. */
function escapeOctet(octet: number): string {
  // "\[" begins a bit-string label to BIND (RFC 2673), "\#" generic rdata to Knot: these go by their numbers.
  return octet > 0x20 && octet < 0x7f && octet !== 0x5b && octet !== 0x23
    ? `\\${CHARACTERS[octet]}`
    : `\\${String(octet).padStart(3, '0')}`
}

/** Octets that the uncompressed name at `offset` takes, final zero included; -1 where there is no such name. */
export function nameLength(octets: Uint8Array, offset = 0, end = octets.length): number {
  let at = offset
  while (at < end) {
    const length = octets[at]!
    if (length > MAX_LABEL_SIZE) return -1
    at += 1 + length
    if (at - offset > MAX_NAME_SIZE) return -1
    if (length === 0) return at > end ? -1 : at - offset
  }
  return -1
}

/** The name in lower case: the same object when it is already. */
export function lowerName(name: WireName): WireName {
  // Length octets are below 65, so they never fold and need no special case.
  for (let at = 0; at < name.length; at++) {
    const octet = name[at]!
    if (octet >= 0x41 && octet <= 0x5a) return name.map((each) => LOWER_CASE[each]!)
  }
  return name
}

export function equalNames(a: WireName, b: WireName): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) {
    if (a[at] !== b[at] && LOWER_CASE[a[at]!] !== LOWER_CASE[b[at]!]) return false
  }
  return true
}

/** RFC 4034 6.1: label by label from the right, as lower-case octets, the shorter first. Below, at or above zero. */
export function compareNames(a: WireName, b: WireName): number {
  let countA = markLabels(a, startsA)
  let countB = markLabels(b, startsB)
  while (countA > 0 && countB > 0) {
    const atA = startsA[--countA]!
    const atB = startsB[--countB]!
    const lengthA = a[atA]!
    const lengthB = b[atB]!
    const shared = Math.min(lengthA, lengthB)
    for (let i = 1; i <= shared; i++) {
      const difference = LOWER_CASE[a[atA + i]!]! - LOWER_CASE[b[atB + i]!]!
      if (difference !== 0) return difference
    }
    if (lengthA !== lengthB) return lengthA - lengthB
  }
  return countA - countB
}

function markLabels(name: WireName, starts: Uint8Array): number {
  let count = 0
  for (let at = 0; name[at] !== 0; at += 1 + name[at]!) starts[count++] = at
  return count
}

/** Whether `child` lies at or below `parent`. */
export function isSubdomain(child: WireName, parent: WireName): boolean {
  const skip = child.length - parent.length
  if (skip < 0) return false
  let at = 0
  while (at < skip) at += 1 + child[at]!
  if (at !== skip) return false // the tail begins inside a label
  for (let i = 0; i < parent.length; i++) {
    if (LOWER_CASE[child[skip + i]!] !== LOWER_CASE[parent[i]!]) return false
  }
  return true
}

/** Labels without the root: 0 for ".". */
export function labelCount(name: WireName): number {
  let count = 0
  for (let at = 0; name[at] !== 0; at += 1 + name[at]!) count++
  return count
}

/** The name without its leftmost label, as a view into it; the root has no parent. */
export function parentName(name: WireName): WireName | null {
  return name[0] === 0 ? null : name.subarray(1 + name[0]!)
}

/** Whether the leftmost label is the single octet `*` (RFC 4592 2.1.1). */
export function isWildcard(name: WireName): boolean {
  return name[0] === 1 && name[1] === 0x2a
}
