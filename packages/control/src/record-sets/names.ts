import type { Zone } from '../store/store.ts'
import { labelToAscii } from './idna.ts'

/** A full name in its two forms. */
export interface OwnerName {
  /** As shown: lower case, NFC, Unicode labels as sent, final dot. */
  readonly name: string
  /** A-labels, lower case, final dot: what is compared and served. Holds nothing that needs an escape. */
  readonly owner: string
}

/** What the name rules need of a zone. */
export type ZoneName = Pick<Zone, 'name' | 'apex'>

/** Characters of a name with its final dot: 254, so 255 octets on the wire (RFC 1035 2.3.4). */
const MAX_NAME_LENGTH = 254
const MAX_LABEL_LENGTH = 63

const REFUSED = 0
const PLAIN = 1
const UPPER = 2
const HYPHEN = 3
const DOT = 4

const CHARACTER_KIND = new Uint8Array(128)
for (const character of 'abcdefghijklmnopqrstuvwxyz0123456789_*')
  CHARACTER_KIND[character.charCodeAt(0)] = PLAIN
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') CHARACTER_KIND[character.charCodeAt(0)] = UPPER
CHARACTER_KIND['-'.charCodeAt(0)] = HYPHEN
CHARACTER_KIND['.'.charCodeAt(0)] = DOT

/**
 * Reads a full name; a missing final dot is added. Labels have 1..63 characters, no hyphen at either end; `_` and `*`
 * pass here, whether they may stand depends on the record type. undefined when it is no name.
 */
export function readName(text: string): OwnerName | undefined {
  const end = text.length
  if (end === 0 || end > MAX_NAME_LENGTH) return undefined
  let labelStart = 0
  let previous = DOT
  let hasUpper = false
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code >= 128) return readUnicodeName(text)
    const kind = CHARACTER_KIND[code]!
    if (kind === DOT) {
      if (previous === DOT || previous === HYPHEN || at - labelStart > MAX_LABEL_LENGTH) return undefined
      labelStart = at + 1
    } else if (kind === REFUSED || (kind === HYPHEN && previous === DOT)) return undefined
    else if (kind === UPPER) hasUpper = true
    previous = kind
  }
  const lower = hasUpper ? text.toLowerCase() : text
  if (previous === DOT) return { name: lower, owner: lower }
  if (previous === HYPHEN || end - labelStart > MAX_LABEL_LENGTH || end === MAX_NAME_LENGTH) return undefined
  const name = `${lower}.`
  return { name, owner: name }
}

function readUnicodeName(text: string): OwnerName | undefined {
  const shown = text.normalize('NFC').toLowerCase()
  const labels = (shown.endsWith('.') ? shown.slice(0, -1) : shown).split('.')
  let owner = ''
  for (const label of labels) {
    const ascii = isAscii(label) ? label : labelToAscii(label)
    if (ascii === undefined || label.startsWith('-') || label.endsWith('-')) return undefined
    owner += `${ascii}.`
  }
  const name = shown.endsWith('.') ? shown : `${shown}.`
  // The A-labels go through the rules for ASCII: length, characters, hyphens.
  return name.length > MAX_NAME_LENGTH || readName(owner) === undefined ? undefined : { name, owner }
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 128) return false
  return true
}

/** Whether `owner` lies at or below `apex`; both A-labels in lower case. */
export function isInZone(owner: string, apex: string): boolean {
  const above = owner.length - apex.length
  return above === 0
    ? owner === apex
    : above > 0 && owner.charCodeAt(above - 1) === 46 && owner.endsWith(apex)
}

/**
 * The full name that `name` of a batch item means: a text with final dot is a full name, any other a prefix, also when it
 * looks complete; nothing or `@` is the apex. The text as sent where that gives no name.
 */
export function resolveBatchName(text: string, zone: ZoneName): string {
  if (text === '' || text === '@') return zone.name
  if (text.endsWith('.')) return readName(text)?.name ?? text
  const joined = `${text}.${zone.name}`
  const full = readName(joined)
  if (full !== undefined) return full.name
  // A prefix that is fine by itself but too long in this zone must not pass for a full name.
  return readName(text) === undefined ? text : joined
}

/**
 * The full name that a cell of a spreadsheet or a column of a text file means: nothing or `@` is the apex; a text that ends in
 * the zone name, with or without final dot, is a full name; any other without final dot is a prefix. The text as sent where
 * that gives no name inside the zone.
 */
export function resolveFileName(text: string, zone: ZoneName): string {
  if (text === '' || text === '@') return zone.name
  const full = readName(text)
  if (full === undefined) return text
  if (isInZone(full.owner, zone.apex)) return full.name
  if (text.endsWith('.')) return text
  const joined = `${text}.${zone.name}`
  return readName(joined)?.name ?? joined
}

/** Whether `*` stands in `owner` other than as its whole leftmost label, where it is a wildcard (RFC 4592 2.1.1). */
export function hasStrayAsterisk(owner: string): boolean {
  const first = owner.indexOf('*')
  return first !== -1 && (!isWildcardName(owner) || owner.indexOf('*', 1) !== -1)
}

export const isWildcardName = (owner: string): boolean => owner.startsWith('*.')
