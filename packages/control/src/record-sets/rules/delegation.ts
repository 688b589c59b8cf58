import { failure } from '../../errors.ts'
import { DEFAULT_LINE } from '../../lines/lines.ts'
import type { RecordSet } from '../../store/store.ts'
import { conflict } from './cname-alone.ts'
import type { ConflictRule } from './rule.ts'

/**
 * A DS set belongs to a zone cut: it stands beside the NS set of a delegation and never at the apex (RFC 4035 2.4). The NS may
 * be that of the same line or of the default line, which answers where the line has none.
 */
export const dsAtZoneCut: ConflictRule = (candidate, { state, neighbours }) => {
  if (candidate.type !== 'DS') return undefined
  if (candidate.owner === state.zone.apex) {
    return failure('VALUE_INVALID', { detail: 'A DS record set cannot stand at the apex of its zone.' })
  }
  const isDelegated =
    neighbours.some((other) => other.type === 'NS') ||
    state.setsAt(candidate.owner, DEFAULT_LINE).some((other) => other.type === 'NS')
  if (isDelegated) return undefined
  const detail = `A DS record set needs the NS record set of a delegation at '${candidate.name}'.`
  return failure('VALUE_INVALID', { detail })
}

/**
 * No names stand below a DNAME (RFC 6672 2.3), on whatever line: a line without sets of its own shows those of the default line.
 */
export const nothingBelowDname: ConflictRule = (candidate, { state, replacing }) => {
  const above = state.dnameAbove(candidate.owner)
  if (above !== undefined) return conflict(above)
  if (candidate.type !== 'DNAME' || !state.hasNamesBelow(candidate.owner)) return undefined
  if (replacing?.type === 'DNAME' && replacing.owner === candidate.owner) return undefined
  const detail = `A DNAME cannot stand at '${candidate.name}': there are record sets below it.`
  return failure('VALUE_INVALID', { detail })
}

/** A name is delegated or redirected, not both, but for the apex, whose NS is no delegation (RFC 6672 2.3). */
export const dnameBesideNoDelegation: ConflictRule = (candidate, { state, neighbours }) => {
  if (candidate.type !== 'DNAME' && candidate.type !== 'NS') return undefined
  if (candidate.owner === state.zone.apex) return undefined
  const opposite = candidate.type === 'NS' ? 'DNAME' : 'NS'
  const isOpposite = (other: RecordSet) => other.type === opposite
  const other = neighbours.find(isOpposite) ?? state.setsAt(candidate.owner, DEFAULT_LINE).find(isOpposite)
  return other === undefined ? undefined : conflict(other)
}
