import { conflict } from './cname-alone.ts'
import type { ConflictRule } from './rule.ts'

/**
 * Two line groups with a member in common have no sets of one name and type both: a visitor of that line would have two
 * answers of the same rank.
 */
export const groupsApart: ConflictRule = (candidate, { state }) => {
  for (const line of state.ownLines.groupsMeeting(candidate.line)) {
    const other = state.setsAt(candidate.owner, line).find((set) => set.type === candidate.type)
    if (other !== undefined) return conflict(other)
  }
  return undefined
}
