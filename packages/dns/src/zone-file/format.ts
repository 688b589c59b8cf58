import { equalNames, formatName, isSubdomain, labelCount, type WireName } from '../name.ts'
import { rrTypeByCode } from '../rr-types/registry.ts'
import { TYPE_SOA } from '../rr-types/type-codes.ts'
import type { RecordData } from './parse.ts'

export interface ZoneFileFormatOptions {
  /** The zone's apex: written as `$ORIGIN`, and owners are written relative to it. */
  readonly origin: WireName
  /** Lines put in front as comments, without the semicolon. */
  readonly comments?: readonly string[]
}

const OWNER_WIDTH = 24
const TTL_WIDTH = 8
const TYPE_WIDTH = 7

/**
 * Writes a zone file that any server loads. Every line carries owner, TTL, class and type, so it can be searched and
 * compared line by line. The SOA comes first, where some readers want it; the other records keep their order.
 */
export function formatZoneFile(records: readonly RecordData[], options: ZoneFileFormatOptions): string {
  const { origin, comments = [] } = options
  const lines = comments.map((comment) => `; ${comment.replace(/[\r\n]+/g, ' ')}`)
  lines.push(`$ORIGIN ${formatName(origin)}`)
  for (const record of records) if (record.type === TYPE_SOA) lines.push(formatRecord(record, origin))
  for (const record of records) if (record.type !== TYPE_SOA) lines.push(formatRecord(record, origin))
  return `${lines.join('\n')}\n`
}

/** One record as one line of a zone file, its owner relative to `origin` where it lies below it. */
export function formatRecord(record: RecordData, origin?: WireName): string {
  const type = rrTypeByCode(record.type)
  const owner = origin === undefined ? formatName(record.owner) : formatOwner(record.owner, origin)
  const ttl = String(record.ttl).padEnd(TTL_WIDTH)
  return `${owner.padEnd(OWNER_WIDTH)} ${ttl} IN ${type.name.padEnd(TYPE_WIDTH)} ${type.format(record.rdata)}`
}

function formatOwner(owner: WireName, origin: WireName): string {
  if (labelCount(origin) === 0 || !isSubdomain(owner, origin)) return formatName(owner)
  if (equalNames(owner, origin)) return '@'
  const relative = new Uint8Array(owner.length - origin.length + 1)
  relative.set(owner.subarray(0, relative.length - 1))
  return formatName(relative).slice(0, -1)
}
