import { DELEGATION, findPublicZone, NODATA, NXDOMAIN } from '../answer/find.ts'
import type { Query } from '../answer/query.ts'
import { NODE_GROUPS, ZONE_FLAGS, ZONE_IS_RECURSIVE } from '../zone-table/layout.ts'
import type { TableView } from '../zone-table/view.ts'

/**
 * What becomes of a name that a recursive private zone has nothing about, when `state` is how the search ended: true when a public zone
 * of ours is to be searched next. Else, where others would know more, `q.isForUpstream` says so, and what is written is the answer for
 * whoever cannot ask them.
 */
export function passOn(q: Query, view: TableView, state: number): boolean {
  if (q.isTruncated) return false
  if (!q.isPrivate) {
    // A public zone of ours was the next place to look, and it knows who knows more.
    q.isForUpstream ||= state === DELEGATION
    return false
  }
  if ((view.words[q.zone + ZONE_FLAGS]! & ZONE_IS_RECURSIVE) === 0) return false
  // A name that only has others below it has no data of its own either.
  const isMissing = state === NXDOMAIN || (state === NODATA && view.words[q.node + NODE_GROUPS] === 0)
  if (!isMissing) return false
  if (findPublicZone(q, view)) {
    q.isAuthoritative = q.answers > 0
    return true
  }
  q.isForUpstream = true
  return false
}
