import type { Failure } from '../../errors.ts'
import type { RecordSet } from '../../store/store.ts'
import type { Door } from '../draft.ts'
import type { ZoneState } from '../zone-state.ts'

/** What a conflict rule judges by, besides the set itself. */
export interface RuleContext {
  readonly state: ZoneState
  /** Sets at the owner and line of the candidate, of any type, without the one that it replaces. */
  readonly neighbours: readonly RecordSet[]
  /** Decides the wording and, for v2, that a second set of a type is refused whatever its weight. */
  readonly door: Door
  /** The set that an update replaces. */
  readonly replacing: RecordSet | undefined
  readonly apexCnameWithMail: boolean
}

/** Judges a set that is right by itself against what stands beside it. undefined: no objection. */
export type ConflictRule = (candidate: RecordSet, context: RuleContext) => Failure | undefined
