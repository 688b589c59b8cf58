import { decodeRdatas } from '@waymark/dns/feed-codec'
import { RCODE_NOERROR } from '@waymark/dns/message/header'
import { formatName, type WireName } from '@waymark/dns/name'
import { rrTypeByCode } from '@waymark/dns/rr-types/registry'
import { TYPE_ANY, TYPE_CNAME } from '@waymark/dns/rr-types/type-codes'
import { DELEGATION, END, NODATA, NXDOMAIN } from '../answer/find.ts'
import type { Query } from '../answer/query.ts'
import { findLines } from '../line/visitor.ts'
import {
  GROUP_LINE,
  GROUP_NEXT,
  GROUP_TYPE,
  GROUP_VARIANTS,
  LINE_DEFAULT,
  NODE_GROUPS,
  NODE_NAME,
  VARIANT_RDATAS,
  VARIANT_SIZE,
  VARIANT_TTL,
  VARIANT_WEIGHT,
  variantWords,
  ZONE_ACCOUNT,
} from '../zone-table/layout.ts'
import type { TableView } from '../zone-table/view.ts'
import type { TableWriter } from '../zone-table/writer.ts'
import type { WrittenZone } from '../zone-table/written-zone.ts'
import type { ExplainedSet, ExplainedStep, ExplainedVariant } from './explanation.ts'
import type { Trace, TraceStep } from './trace.ts'

const DEFAULT_LINE = 'default_view'

/** The steps of a trace in words, taken from the table that the query was answered from. */
export function explainSteps(
  q: Query,
  view: TableView,
  writer: TableWriter,
  trace: Trace,
  isFromUpstream: boolean,
): ExplainedStep[] {
  const zones = new Map([...writer.zones.values()].map((zone) => [zone.offset, zone]))
  return trace.steps.map((step, i) => {
    const zone = zones.get(step.zone)!
    const isLast = i === trace.steps.length - 1
    const lines = linesOf(q, view, step)
    return {
      name: formatName(step.name as WireName),
      zone_id: zone.id,
      zone: formatName(zone.apex as WireName),
      is_private: !zone.isPublic,
      owner: ownerOf(view, zone, step.above || step.node),
      outcome: outcomeOf(q, view, step, isLast ? trace.state : -1, isLast && isFromUpstream),
      lines: lines.map((line) => nameOf(view, line)),
      sets: setsOf(view, step, lines),
      variants: variantsOf(view, step),
    }
  })
}

function outcomeOf(
  q: Query,
  view: TableView,
  step: TraceStep,
  state: number,
  isFromUpstream: boolean,
): ExplainedStep['outcome'] {
  if (step.isFromSigner) return 'signer'
  if (step.above !== 0 && state === DELEGATION) return isFromUpstream ? 'passed-on' : 'delegation'
  if (step.above !== 0) return isLoop(q, step, state) ? 'loop' : 'dname'
  if (step.group === 0) {
    if (state === NODATA && !isFromUpstream) return 'no-data'
    return state === NXDOMAIN && !isFromUpstream ? 'no-name' : 'passed-on'
  }
  if (hasNothing(view, step.group)) return 'no-address'
  if (
    view.words[step.group + GROUP_TYPE]! >>> 16 === TYPE_CNAME &&
    q.type !== TYPE_CNAME &&
    q.type !== TYPE_ANY
  ) {
    return isLoop(q, step, state) ? 'loop' : 'cname'
  }
  return step.isWildcard ? 'wildcard' : 'exact'
}

/** The chain ends here though it leads on: it has been here before, or is too long. */
const isLoop = (q: Query, step: TraceStep, state: number): boolean =>
  state === END && !step.isFollowed && q.rcode === RCODE_NOERROR

/** What an alias stands for could not be had: its group has a variant without data. */
const hasNothing = (view: TableView, group: number): boolean =>
  (view.words[group + GROUP_VARIANTS + VARIANT_WEIGHT]! & 0xffff) === 0

/** Numbers of the lines that whoever asks is on, those behind the default line after it. */
function linesOf(q: Query, view: TableView, step: TraceStep): number[] {
  findLines(q, view.lines, view.words[step.zone + ZONE_ACCOUNT]!)
  const lines = [...q.lines.subarray(0, q.lineCount)]
  return [...lines.slice(0, q.defaultAt), LINE_DEFAULT, ...lines.slice(q.defaultAt)]
}

const nameOf = (view: TableView, line: number): string => view.handle.lines.names[line] || DEFAULT_LINE

function ownerOf(view: TableView, zone: WrittenZone, node: number): string {
  if (node === 0) return ''
  const at = (node + NODE_NAME) * 4
  const size = view.octets[at]!
  const owner = new Uint8Array(size + zone.apex.length)
  owner.set(view.octets.subarray(at + 1, at + 1 + size))
  owner.set(zone.apex, size)
  return formatName(owner as WireName)
}

function setsOf(view: TableView, step: TraceStep, lines: readonly number[]): ExplainedSet[] {
  const { words } = view
  const sets: ExplainedSet[] = []
  if (step.looked === 0) return sets
  for (let group = words[step.looked + NODE_GROUPS]!; group !== 0; group = words[group + GROUP_NEXT]!) {
    const line = words[group + GROUP_LINE]!
    sets.push({
      type: rrTypeByCode(words[group + GROUP_TYPE]! >>> 16).name,
      line: nameOf(view, line),
      is_on_line: lines.includes(line),
      is_chosen: group === step.group,
    })
  }
  return sets
}

/** API: weights. The share of a variant is its weight of the sum; where all weights are 0, the same for each. */
function variantsOf(view: TableView, step: TraceStep): ExplainedVariant[] {
  const { words, octets } = view
  const { group } = step
  if (group === 0) return []
  const rrType = rrTypeByCode(words[group + GROUP_TYPE]! >>> 16)
  const count = words[group + GROUP_TYPE]! & 0xffff
  const places: number[] = []
  let at = group + GROUP_VARIANTS
  for (let i = 0; i < count; i++) {
    places.push(at)
    at += variantWords(words[at + VARIANT_SIZE]!)
  }
  const weights = places.map((place) => words[place + VARIANT_WEIGHT]! >> 16)
  const sum = weights.reduce((all, weight) => all + Math.max(0, weight), 0)
  return places.map((place, i) => {
    const from = (place + VARIANT_RDATAS) * 4
    // The table keeps the count of rdatas elsewhere; the codec reads it in front of them.
    const packed = new Uint8Array(2 + words[place + VARIANT_SIZE]!)
    packed[0] = words[place + VARIANT_WEIGHT]! >> 8
    packed[1] = words[place + VARIANT_WEIGHT]!
    packed.set(octets.subarray(from, from + words[place + VARIANT_SIZE]!), 2)
    const weight = weights[i]!
    return {
      weight: weight < 0 ? null : weight,
      ttl: words[place + VARIANT_TTL]! >>> 0,
      records: decodeRdatas(packed).map((rdata) => rrType.format(rdata)),
      probability: sum > 0 ? Math.max(0, weight) / sum : 1 / count,
      is_given: count === 1 || place === step.variant,
    }
  })
}
