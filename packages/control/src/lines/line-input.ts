import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { isKnownLine } from './lines.ts'
import { ascending, formatSegment, overlapInside, readSegment } from './segments.ts'

const MAX_DESCRIPTION = 255
const MIN_MEMBERS = 2
const MAX_MEMBERS = 500
const LINE_ID = /^[0-9a-zA-Z_]{1,50}$/
const MEMBER = /^(?!null)[0-9a-zA-Z_-]{1,64}$/

/** Characters of the names of custom lines and of groups. */
export const NAME_CHARACTERS = /^[\w\u4e00-\u9fa5.-]*$/
export const MAX_LINE_NAME = 80
export const MAX_GROUP_NAME = 64

/** Code: DNS.1602. */
export function readLineName(sent: unknown, maxCharacters: number): string {
  if (typeof sent !== 'string' || sent === '' || sent.length > maxCharacters || !NAME_CHARACTERS.test(sent)) {
    throw apiError('LINE_NAME_INVALID')
  }
  return sent
}

/** Empty when absent. Code: DNS.0002. */
export function readDescription(sent: unknown): string {
  if (sent === undefined || sent === null) return ''
  if (typeof sent !== 'string' || [...sent].length > MAX_DESCRIPTION) throw apiError('REQUEST_INVALID')
  return sent
}

/** The segments in ascending order. Codes: DNS.1608 too many; DNS.1605 none, malformed or overlapping each other. */
export function readSegments(sent: unknown, { settings }: Context): readonly string[] {
  if (!Array.isArray(sent) || sent.length === 0) throw apiError('SEGMENT_INVALID')
  if (sent.length > settings.lineSegments) throw apiError('SEGMENT_LIMIT')
  const segments = sent.map((text) => {
    const segment = readSegment(text)
    if (segment === undefined) throw apiError('SEGMENT_INVALID')
    return segment
  })
  const sorted = ascending(segments)
  if (overlapInside(sorted)) throw apiError('SEGMENT_INVALID')
  return sorted.map(formatSegment)
}

/** The members of a group: 2 to 500 line ids, each once. Whether they exist is not known here. Codes: DNS.1702, 1706. */
export function readMembersOfGroup(sent: unknown): readonly string[] {
  if (!Array.isArray(sent) || sent.length < MIN_MEMBERS || sent.length > MAX_MEMBERS) {
    throw apiError('GROUP_LINES_INVALID')
  }
  for (const id of sent) {
    if (typeof id !== 'string' || !MEMBER.test(id)) throw apiError('GROUP_LINES_INVALID')
  }
  if (new Set(sent).size < sent.length) throw apiError('GROUP_LINES_DUPLICATE')
  return sent
}

/** The id of a line to change, as in the path. Codes: DNS.1601 malformed, DNS.0807 a built-in line. */
export function readLineId(sent: string): string {
  if (isKnownLine(sent)) throw apiError('LINE_BUILT_IN')
  if (!LINE_ID.test(sent)) throw apiError('LINE_ID_INVALID')
  return sent
}
