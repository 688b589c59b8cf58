import { type Failure, failure } from '../errors.ts'
import { DEFAULT_LINE, isKnownLine, isLineId } from '../lines/lines.ts'
import { isStorable } from '../store/storable-text.ts'
import type { RecordSet, Tag, ZoneType } from '../store/store.ts'
import { keptTags, tagFault } from '../tags/tag-rules.ts'
import type { Door, RecordSetDraft, Verdict } from './draft.ts'
import { hasStrayAsterisk, isInZone, isWildcardName, type OwnerName, readName } from './names.ts'
import { isAddressType, UNRESOLVED } from './published-addresses.ts'
import { CONFLICT_RULES } from './rules/rules.ts'
import { isUrlType } from './rules/url-alone.ts'
import { isCreatable, type RecordSetType, recordSetType } from './types.ts'
import { endsInNumber } from './value-rules.ts'
import { readValues } from './values.ts'
import type { ZoneState } from './zone-state.ts'

/** What stays the same for all drafts of one call. */
export interface Checking {
  readonly state: ZoneState
  readonly door: Door
  readonly strictTypes: boolean
  readonly apexCnameWithMail: boolean
  /** What stands in `rdatas` of URL sets: see published-addresses.ts. */
  readonly redirectRdatas: Uint8Array | null
  /** Milliseconds since 1970 UTC, for the rows. */
  readonly now: number
  readonly newId: () => string
  /** Record sets that the account may still create. */
  quotaLeft: number
}

const MAX_TTL = 2147483647
const MAX_WEIGHT = 1000
const MAX_DESCRIPTION = 255
/** Values of one set: what the batch task admits, and what every other door does. */
const MAX_VALUES_BATCH = 100
const MAX_VALUES = 50

/**
 * Judges one draft: each field alone, quota, then what stands beside it. The first fault counts, in the order type, name,
 * description, ttl, line, status, weight, alias, values, tags, quota, conflicts. With `replacing` the draft is what an update makes of
 * that set, which the state no longer holds.
 */
export function checkDraft(draft: RecordSetDraft, checking: Checking, replacing?: RecordSet): Verdict {
  const { zone } = checking.state
  const type = typeof draft.type === 'string' ? recordSetType(draft.type) : undefined
  if (type === undefined || !mayHaveType(type, checking, replacing)) return refused(failure('TYPE_INVALID'))
  const name = typeof draft.name === 'string' ? readName(draft.name) : undefined
  if (name === undefined || !isInZone(name.owner, zone.apex) || !fitsType(name.owner, type)) {
    return refused(failure('NAME_INVALID'))
  }
  const weight = weightOf(draft, checking.door, zone.zoneType)
  const fault = fieldFault(draft, weight, type, checking.state)
  if (fault !== undefined) return refused(fault)

  const alias = draft.aliasTarget ?? null
  const values =
    alias === null ? readValues(type, name.owner, draft.records, maxValues(checking, replacing)) : NO_VALUES
  if (typeof values === 'string') return refused(failure('VALUE_INVALID', { detail: values }))
  const tags = draft.tags ?? NO_TAGS
  const badTags = tags === NO_TAGS ? undefined : tagFault(tags)
  if (badTags !== undefined) return refused(badTags)
  if (replacing === undefined && checking.quotaLeft <= 0) return refused(failure('RECORD_SET_QUOTA'))

  const row: RecordSet = {
    id: replacing?.id ?? checking.newId(),
    zoneId: zone.id,
    name: name.name,
    owner: name.owner,
    type: type.name,
    line: draft.line,
    ttl: draft.ttl,
    weight: alias === null ? weight : null,
    records: values.records,
    rdatas: publishedOf(type.name, alias, values, checking, replacing),
    status: replacing?.status ?? (draft.status === 'DISABLE' ? 'DISABLE' : 'ACTIVE'),
    isDefault: replacing?.isDefault ?? false,
    description: draft.description,
    aliasTarget: alias,
    tags: replacing?.tags ?? keptTags(tags),
    createdAt: replacing?.createdAt ?? checking.now,
    updatedAt: replacing === undefined ? null : checking.now,
  }
  const conflict = conflictOf(row, checking, replacing)
  return conflict === undefined ? { ok: true, row } : refused(conflict)
}

const NO_VALUES = { records: [], rdatas: null } as const

/** What is published of the set: its values; of URL forwarding and aliases, addresses that others find out. */
function publishedOf(
  type: string,
  alias: RecordSet['aliasTarget'],
  values: Pick<RecordSet, 'rdatas'>,
  checking: Checking,
  replacing: RecordSet | undefined,
): Uint8Array | null {
  if (isUrlType(type)) return checking.redirectRdatas
  if (alias === null) return values.rdatas
  if (!isAddressType(type)) return null
  // An update cannot change the target, so what was found for it still holds.
  return replacing?.type === type ? replacing.rdatas : UNRESOLVED
}
const NO_TAGS: readonly Tag[] = []

const refused = (why: Failure): Verdict => ({ ok: false, failure: why })

/** An update may keep a type that could not be created through its door, such as the zone's own NS. */
function mayHaveType(type: RecordSetType, checking: Checking, replacing: RecordSet | undefined): boolean {
  if (replacing?.type === type.name) return true
  const { zone } = checking.state
  if (type.name === 'PTR' && !isReverseName(zone.apex)) return false
  return isCreatable(type, zone.zoneType, checking.door === 'batch', checking.strictTypes)
}

/** Where `*` and `_` may stand depends on the type. */
function fitsType(owner: string, type: RecordSetType): boolean {
  if (isUrlType(type.name) && owner.includes('_')) return false
  if (!owner.includes('*')) return true
  // In TXT names an asterisk elsewhere is an ordinary character.
  if (type.name === 'TXT') return true
  return type.allowsWildcard && isWildcardName(owner) && !hasStrayAsterisk(owner)
}

/** Reverse zones: at or below in-addr.arpa. or ip6.arpa. */
const isReverseName = (apex: string): boolean =>
  isInZone(apex, 'in-addr.arpa.') || isInZone(apex, 'ip6.arpa.')

/** The weight that counts: as sent, or the default of zone type, door and type. Batch tasks give MX none. */
function weightOf(draft: RecordSetDraft, door: Door, zoneType: ZoneType): number | null {
  if (door === 'batch' && draft.type === 'MX') return null
  if (draft.weight !== undefined) return draft.weight
  return zoneType === 'public' ? 1 : null
}

function fieldFault(
  draft: RecordSetDraft,
  weight: number | null,
  type: RecordSetType,
  { zone: { zoneType }, ownLines }: ZoneState,
): Failure | undefined {
  if (!isDescription(draft.description)) return failure('DESCRIPTION_INVALID')
  if (!Number.isInteger(draft.ttl)) return failure('TTL_INVALID')
  if (draft.ttl < 1 || draft.ttl > MAX_TTL) return failure('TTL_OUT_OF_RANGE')
  if (draft.line !== DEFAULT_LINE) {
    if (zoneType === 'private') return failure('LINE_NOT_DEFAULT')
    if (!isKnownLine(draft.line) && !ownLines.has(draft.line)) {
      return isLineId(draft.line) ? failure('LINE_UNKNOWN') : failure('LINE_ID_INVALID')
    }
  }
  if (draft.status !== 'ENABLE' && draft.status !== 'DISABLE') return failure('STATUS_INVALID')
  if (weight !== null && !(Number.isInteger(weight) && weight >= 0 && weight <= MAX_WEIGHT)) {
    return failure('WEIGHT_OUT_OF_RANGE', { min: 0, max: MAX_WEIGHT })
  }
  return draft.aliasTarget == null ? undefined : aliasFault(draft, type, zoneType)
}

function isDescription(text: string | null): boolean {
  if (text === null) return true
  if (typeof text !== 'string' || !isStorable(text)) return false
  return text.length <= MAX_DESCRIPTION || [...text].length <= MAX_DESCRIPTION
}

const ALIAS_RESOURCES: ReadonlySet<string> = new Set(['cloudsite', 'waf'])

/** An alias names a resource of a public zone whose addresses are answered in its place. */
function aliasFault(draft: RecordSetDraft, type: RecordSetType, zoneType: ZoneType): Failure | undefined {
  const target = draft.aliasTarget!
  if (zoneType === 'private' || type.name === 'NS' || type.name === 'CNAME')
    return failure('ALIAS_UNSUPPORTED')
  if (!ALIAS_RESOURCES.has(target.resourceType)) return failure('ALIAS_TYPE_INVALID')
  const { resourceDomainName: host } = target
  const name: OwnerName | undefined = typeof host === 'string' ? readName(host) : undefined
  if (name === undefined || /[*_]/.test(name.owner) || endsInNumber(name.owner)) {
    return failure('ALIAS_NAME_INVALID')
  }
  const hasValues = Array.isArray(draft.records) && draft.records.length > 0
  return hasValues
    ? failure('VALUE_INVALID', { detail: 'A record set has either values or an alias, not both.' })
    : undefined
}

/** A set that came in with more values than an update admits may keep as many. */
const maxValues = (checking: Checking, replacing: RecordSet | undefined): number =>
  checking.door === 'batch' ? MAX_VALUES_BATCH : Math.max(MAX_VALUES, replacing?.records.length ?? 0)

function conflictOf(
  row: RecordSet,
  checking: Checking,
  replacing: RecordSet | undefined,
): Failure | undefined {
  const { state, door, apexCnameWithMail } = checking
  const neighbours = state.setsAt(row.owner, row.line)
  const context = { state, neighbours, door, replacing, apexCnameWithMail }
  for (const rule of CONFLICT_RULES) {
    const objection = rule(row, context)
    if (objection !== undefined) return objection
  }
  return undefined
}
