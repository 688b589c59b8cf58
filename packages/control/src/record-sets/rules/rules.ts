import { cnameAlone } from './cname-alone.ts'
import { dnameBesideNoDelegation, dsAtZoneCut, nothingBelowDname } from './delegation.ts'
import { groupsApart } from './groups-apart.ts'
import type { ConflictRule } from './rule.ts'
import { sameType } from './same-type.ts'
import { urlAlone } from './url-alone.ts'

/** The rules between record sets, in the order in which they are asked; the first objection counts. */
export const CONFLICT_RULES: readonly ConflictRule[] = [
  cnameAlone,
  urlAlone,
  sameType,
  groupsApart,
  dsAtZoneCut,
  nothingBelowDname,
  dnameBesideNoDelegation,
]
