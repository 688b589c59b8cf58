import { decodeRdatas } from '@waymark/dns/feed-codec'
import { type Failure, failure } from '../../errors.ts'
import type { RecordSet } from '../../store/store.ts'
import { equalOctets, fitsMessage, RECORD_OVERHEAD, replySize } from '../values.ts'
import type { ConflictRule, RuleContext } from './rule.ts'
import { isUrlType } from './url-alone.ts'

/** Weighted sets of one name, type and line. */
const MAX_WEIGHTED = 20

/**
 * A second set of one name, type and line: allowed only where all of them have a weight, at most 20, and not with the values
 * of another. Which code and which words a refusal gets depends on the door.
 */
export const sameType: ConflictRule = (candidate, context) => {
  const { neighbours } = context
  if (neighbours.length === 0) return undefined
  const group = neighbours.filter((other) => other.type === candidate.type)
  return group.length === 0 ? undefined : judge(candidate, group, context)
}

function judge(candidate: RecordSet, group: readonly RecordSet[], context: RuleContext): Failure | undefined {
  const { door, state } = context
  if (isAlwaysAlone(candidate, group, context)) {
    return door === 'batch' ? batchDuplicate(candidate) : failure('RECORD_SET_EXISTS')
  }
  if (group.some((other) => haveEqualValues(candidate, other))) {
    return door === 'batch' ? batchDuplicate(candidate) : duplicate(candidate)
  }
  const weightless = group.filter((other) => other.weight === null).length
  if (candidate.weight === null || weightless > 0) {
    const isPlain = candidate.weight === null && weightless === group.length
    if (state.zone.zoneType === 'public' || !isPlain) return failure('NOT_WEIGHTED')
    return door === 'batch' ? batchDuplicate(candidate) : failure('RECORD_SET_EXISTS')
  }
  if (group.length >= MAX_WEIGHTED) return failure('WEIGHTED_LIMIT', { limit: MAX_WEIGHTED })
  return candidate.type === 'MX' ? unionTooLarge(candidate, group) : undefined
}

/** Types without weighted groups, the apex NS that came with the zone, and v2, which knows no weights. */
function isAlwaysAlone(candidate: RecordSet, group: readonly RecordSet[], context: RuleContext): boolean {
  return (
    candidate.type === 'DNAME' ||
    isUrlType(candidate.type) ||
    group.some((other) => other.isDefault) ||
    // An update that keeps name and type stays a member of its group, also through v2.
    (context.door === 'v2' && !keepsItsPlace(candidate, context.replacing))
  )
}

const keepsItsPlace = (candidate: RecordSet, replacing: RecordSet | undefined): boolean =>
  replacing !== undefined && replacing.owner === candidate.owner && replacing.type === candidate.type

/** An MX answer is the union of the group, so its members have to fit one message together. */
function unionTooLarge(candidate: RecordSet, group: readonly RecordSet[]): Failure | undefined {
  let count = 0
  let size = 0
  for (const set of [candidate, ...group]) {
    if (set.rdatas === null) continue
    const here = decodeRdatas(set.rdatas).length
    count += here
    size += set.rdatas.length - 2 - 2 * here
  }
  if (fitsMessage(replySize(candidate.owner, count, size))) return undefined
  const octets = size + count * RECORD_OVERHEAD
  const detail = `All MX values of this name take ${octets} octets together, more than one DNS message can carry.`
  return failure('VALUE_INVALID', { detail })
}

/** Whether two sets hold the same values in any order; values that are not published compare as texts. */
function haveEqualValues(a: RecordSet, b: RecordSet): boolean {
  if (a.aliasTarget !== null || b.aliasTarget !== null) return haveEqualTargets(a.aliasTarget, b.aliasTarget)
  if (a.records.length !== b.records.length) return false
  if (a.rdatas === null || b.rdatas === null) {
    return a.rdatas === b.rdatas && a.records.every((value) => b.records.includes(value))
  }
  if (equalOctets(a.rdatas, b.rdatas)) return true
  if (a.rdatas.length !== b.rdatas.length) return false
  const others = decodeRdatas(b.rdatas)
  return decodeRdatas(a.rdatas).every((rdata) => others.some((other) => equalOctets(rdata, other)))
}

function haveEqualTargets(a: RecordSet['aliasTarget'], b: RecordSet['aliasTarget']): boolean {
  return a?.resourceType === b?.resourceType && a?.resourceDomainName === b?.resourceDomainName
}

const joined = (set: RecordSet): string => set.records.join(', ')

const duplicate = (set: RecordSet): Failure =>
  failure('RECORD_SET_DUPLICATE', { name: set.name, type: set.type, line: set.line, records: joined(set) })

const batchDuplicate = (set: RecordSet): Failure =>
  failure('BATCH_DUPLICATE', { name: set.name, type: set.type, records: joined(set) })
