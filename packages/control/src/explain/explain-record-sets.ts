import { decodeRdatas } from '@waymark/dns/feed-codec'
import { rrTypeByName } from '@waymark/dns/rr-types/registry'
import { isInZone } from '../record-sets/names.ts'
import { publishedTypes, rdatasFor } from '../record-sets/published-addresses.ts'
import type { RecordSet, Store, Zone } from '../store/store.ts'
import { namesAbove } from '../zones/zone-name.ts'
import type { EdgeStep, ExplainedRecordSet } from './explanation.ts'

/** The record sets that a search in a zone could have met: at the name, and at the wildcards above it. Each with why it is answered or not. */
export async function explainRecordSets(
  store: Store,
  zone: Zone,
  type: string,
  step: EdgeStep,
): Promise<ExplainedRecordSet[]> {
  const owners = new Set([
    step.name,
    ...(step.owner === '' ? [] : [step.owner]),
    ...wildcardsOf(step.name, zone.apex),
  ])
  const sets = await store.recordSetsAt(zone.id, [...owners])
  return sets.map((set) => ({
    id: set.id,
    name: set.name,
    type: set.type,
    line: set.line,
    weight: set.weight,
    ttl: set.ttl,
    status: set.status,
    records: [...set.records],
    alias_target: set.aliasTarget?.resourceDomainName ?? null,
    reason: reasonOf(set, type, step),
  }))
}

const wildcardsOf = (name: string, apex: string): string[] =>
  namesAbove(name)
    .filter((above) => isInZone(above, apex))
    .map((above) => `*.${above}`)

function reasonOf(set: RecordSet, asked: string, step: EdgeStep): ExplainedRecordSet['reason'] {
  if (set.status === 'DISABLE') return 'paused'
  if (set.status !== 'ACTIVE') return 'not-active'
  const types = publishedTypes(set.type)
  const chosen = step.sets.find(({ is_chosen }) => is_chosen)
  if (set.owner !== step.owner) return 'other-name'
  const isChosen = chosen !== undefined && chosen.line === set.line && types.includes(chosen.type)
  if (isChosen) {
    if (rdatasFor(set, chosen.type) === null) return 'nothing-to-answer'
    return isGiven(set, chosen.type, step) ? 'given' : 'not-drawn'
  }
  if (step.outcome === 'delegation' || step.outcome === 'dname') return 'behind-cut'
  if (asked !== 'ANY' && !types.includes(asked) && set.type !== 'CNAME') return 'other-type'
  if (set.rdatas === null) return 'nothing-to-answer'
  if (!step.lines.includes(set.line)) return 'other-line'
  return chosen?.line === set.line ? (chosen.type === 'CNAME' ? 'behind-cname' : 'other-type') : 'later-line'
}

/** Whether its values are in the variant that was given; several sets are one variant where weights mean nothing (MX). */
function isGiven(set: RecordSet, type: string, step: EdgeStep): boolean {
  const given = step.variants.find(({ is_given }) => is_given)
  const rdatas = rdatasFor(set, type)
  const rrType = rrTypeByName(type)
  if (given === undefined || rdatas === null || rrType === undefined) return false
  if (step.variants.length === 1) return true
  const isSameWeight = (given.weight ?? null) === set.weight && given.ttl === set.ttl
  return isSameWeight && decodeRdatas(rdatas).every((rdata) => given.records.includes(rrType.format(rdata)))
}
