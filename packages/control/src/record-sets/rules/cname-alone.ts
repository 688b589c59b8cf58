import { failure } from '../../errors.ts'
import type { RecordSet, Zone } from '../../store/store.ts'
import type { ConflictRule, RuleContext } from './rule.ts'

/**
 * A CNAME stands beside no other type (RFC 1034 3.6.2), per line. At the apex of a public zone the API lets it stand beside
 * SOA and NS, and by a setting beside MX and TXT.
 */
export const cnameAlone: ConflictRule = (candidate, context) => {
  for (const other of context.neighbours) {
    if ((candidate.type === 'CNAME') === (other.type === 'CNAME')) continue
    const companion = candidate.type === 'CNAME' ? other.type : candidate.type
    if (mayStandBeside(companion, candidate, context.state.zone, context)) continue
    return conflict(other)
  }
  return undefined
}

function mayStandBeside(type: string, candidate: RecordSet, zone: Zone, context: RuleContext): boolean {
  if (zone.zoneType !== 'public' || candidate.owner !== zone.apex) return false
  return type === 'NS' || type === 'SOA' || (context.apexCnameWithMail && (type === 'MX' || type === 'TXT'))
}

/** The API's words for a set of another type in the way. */
export const conflict = (other: RecordSet) =>
  failure('RECORD_SET_CONFLICT', { name: other.name, type: other.type, line: other.line })
