import { apiError } from '../errors.ts'
import { DEFAULT_LINE } from '../lines/lines.ts'
import type { RecordSet } from '../store/store.ts'
import type { RecordSetDraft } from './draft.ts'
import { readName } from './names.ts'

/** The two shapes of the API: v2 knows no line, weight or alias. */
export type ApiVersion = 'v2' | 'v2.1'

type Members = Readonly<Record<string, unknown>>

/** Seconds, where none are sent. */
export const DEFAULT_TTL = 300

/** The draft that the body of a creation means. Members that are null count as not sent, but for an explicit null weight. */
export function draftOfNew(sent: Members, version: ApiVersion): RecordSetDraft {
  const hasLines = version === 'v2.1'
  // Kinds are the business of the rules, which own the code of each fault.
  return {
    name: sent.name ?? '',
    type: sent.type ?? '',
    line: hasLines && !isBlank(sent.line) ? sent.line : DEFAULT_LINE,
    ttl: sent.ttl ?? DEFAULT_TTL,
    weight: hasLines ? sent.weight : undefined,
    records: sent.records ?? [],
    status: isBlank(sent.status) ? 'ENABLE' : sent.status,
    description: sent.description ?? null,
    aliasTarget: hasLines ? readAlias(sent.alias_target) : null,
    tags: sent.tags ?? [],
  } as RecordSetDraft
}

function readAlias(sent: unknown): RecordSetDraft['aliasTarget'] {
  if (sent === undefined || sent === null) return null
  const { resource_type: resourceType, resource_domain_name: resourceDomainName } = sent as Members
  return { resourceType, resourceDomainName } as RecordSetDraft['aliasTarget']
}

/**
 * The draft that the body of an update makes of `existing`. Absent, null and empty keep what is there; v2.1 demands name and
 * type. A new type needs new values. Codes: DNS.0318 for what the sets of the zone itself cannot change, DNS.0043 for another line.
 */
export function draftOfUpdate(sent: Members, existing: RecordSet, version: ApiVersion): RecordSetDraft {
  if (existing.isDefault) refuseDefault(sent, existing)
  if (!isBlank(sent.line) && sent.line !== existing.line) throw apiError('PARAMETER_UNSUPPORTED')
  const kept = version === 'v2' ? existing : { name: '', type: '' }
  const type = isBlank(sent.type) ? kept.type : sent.type
  const keptRecords = type === existing.type ? existing.records : []
  return {
    name: isBlank(sent.name) ? kept.name : sent.name,
    type,
    line: existing.line,
    ttl: sent.ttl ?? existing.ttl,
    weight: (version === 'v2.1' ? sent.weight : undefined) ?? existing.weight,
    records: isEmpty(sent.records) ? keptRecords : sent.records,
    status: 'ENABLE',
    description: isBlank(sent.description) ? existing.description : sent.description,
    aliasTarget: existing.aliasTarget,
  } as RecordSetDraft
}

/** Not sent, as far as a text goes. 0 and false are values of a wrong kind, which the rules refuse. */
export const isBlank = (sent: unknown): boolean => sent === undefined || sent === null || sent === ''

const isEmpty = (sent: unknown): boolean => isBlank(sent) || (Array.isArray(sent) && sent.length === 0)

/** SOA cannot be changed at all, the NS of the zone keeps its name and type. */
function refuseDefault(sent: Members, existing: RecordSet): void {
  const keepsType = isBlank(sent.type) || sent.type === existing.type
  const keepsName =
    isBlank(sent.name) || (typeof sent.name === 'string' && readName(sent.name)?.owner === existing.owner)
  if (existing.type === 'SOA' || !keepsType || !keepsName) throw apiError('DEFAULT_NOT_UPDATABLE')
}
