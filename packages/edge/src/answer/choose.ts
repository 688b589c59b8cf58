import { TYPE_CNAME } from '@waymark/dns/rr-types/type-codes'
import { findLines } from '../line/visitor.ts'
import {
  GROUP_LINE,
  GROUP_NEXT,
  GROUP_TYPE,
  GROUP_VARIANTS,
  LINE_DEFAULT,
  VARIANT_SIZE,
  VARIANT_WEIGHT,
  variantWords,
  ZONE_ACCOUNT,
} from '../zone-table/layout.ts'
import type { TableView } from '../zone-table/view.ts'
import type { Query } from './query.ts'

/**
 * Of the groups behind `first`, the one of `type` on the narrowest of the visitor's lines, or 0. With `orCname` a CNAME
 * group counts too, and wins over the type on the same line: the line is chosen before the type.
 */
export function chooseGroup(
  q: Query,
  view: TableView,
  first: number,
  type: number,
  orCname: boolean,
): number {
  const words = view.words
  let best = 0
  let bestRank = NOT_MINE
  for (let group = first; group !== 0; group = words[group + GROUP_NEXT]!) {
    const groupType = words[group + GROUP_TYPE]! >>> 16
    if (groupType !== type && !(orCname && groupType === TYPE_CNAME)) continue
    const rank = rankOf(q, view, words[group + GROUP_LINE]!)
    if (rank < bestRank || (rank === bestRank && best !== 0 && groupType === TYPE_CNAME)) {
      best = group
      bestRank = rank
    }
  }
  return best
}

/** For ANY: some group that the visitor may see, a CNAME if there is one; 0 when there is none. */
export function chooseAny(q: Query, view: TableView, first: number): number {
  const cname = chooseGroup(q, view, first, TYPE_CNAME, false)
  if (cname !== 0) return cname
  const words = view.words
  for (let group = first; group !== 0; group = words[group + GROUP_NEXT]!) {
    if (rankOf(q, view, words[group + GROUP_LINE]!) < NOT_MINE) {
      return chooseGroup(q, view, first, words[group + GROUP_TYPE]! >>> 16, false)
    }
  }
  return 0
}

/** Ranks of lines: their places in the visitor's chain, where groups of the default line come behind it. */
const DEFAULT_RANK = 1 << 16
const NOT_MINE = 1 << 17

/** The lower, the better; {@link NOT_MINE} when the visitor is not on the line. Who the visitor is is found out only when asked. */
function rankOf(q: Query, view: TableView, line: number): number {
  if (line === LINE_DEFAULT) return DEFAULT_RANK
  q.isForSubnet = true
  const account = view.words[q.zone + ZONE_ACCOUNT]!
  if (q.linesAccount !== account) findLines(q, view.lines, account)
  for (let i = 0; i < q.lineCount; i++) {
    if (q.lines[i] === line) return i < q.defaultAt ? i : DEFAULT_RANK + 1 + i
  }
  return NOT_MINE
}

/** Whether a group of any type is for some visitors only. */
export function hasOtherLines(view: TableView, first: number): boolean {
  const words = view.words
  for (let group = first; group !== 0; group = words[group + GROUP_NEXT]!) {
    if (words[group + GROUP_LINE] !== LINE_DEFAULT) return true
  }
  return false
}

/**
 * The variant that this answer gives. API: of the variants with weight > 0 one is chosen with probability weight / sum;
 * when only weight 0 is left, one evenly; weight -1 marks the single variant of a group without weights.
 */
export function chooseVariant(q: Query, view: TableView, group: number): number {
  const words = view.words
  const first = group + GROUP_VARIANTS
  const count = words[group + GROUP_TYPE]! & 0xffff
  if (count === 1) return first
  let sum = 0
  let variant = first
  for (let i = 0; i < count; i++) {
    sum += Math.max(0, words[variant + VARIANT_WEIGHT]! >> 16)
    variant += variantWords(words[variant + VARIANT_SIZE]!)
  }
  let rest = q.nextRandom() % (sum > 0 ? sum : count)
  variant = first
  for (let i = 1; i < count; i++) {
    rest -= sum > 0 ? Math.max(0, words[variant + VARIANT_WEIGHT]! >> 16) : 1
    if (rest < 0) break
    variant += variantWords(words[variant + VARIANT_SIZE]!)
  }
  if (q.trace !== null) q.trace.drew(group, variant)
  return variant
}
