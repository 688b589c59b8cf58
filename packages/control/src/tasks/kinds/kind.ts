import type { ControlSettings } from '../../context.ts'
import type { Failure } from '../../errors.ts'
import type { RecordSetDraft } from '../../record-sets/draft.ts'
import type { Zone, ZoneTaskKind } from '../../store/store.ts'

/** A stored item when its turn comes: a draft for the rules, or why it can never become one. */
export type ReadItem =
  | { readonly draft: RecordSetDraft; readonly failure?: undefined }
  | { readonly draft?: undefined; readonly failure: Failure }

/**
 * A kind of task on one zone as data: the engine knows nothing else about it. `Item` is the JSON form in which the kind's
 * items are stored. To add a kind: a file like its neighbours here, its name in `ZoneTaskKind`, an entry in `kinds.ts`.
 */
export interface Kind<Item = unknown> {
  readonly name: ZoneTaskKind
  /** The address under which at most one task of this kind may exist in a zone; null: any number, found by id only. */
  readonly slot: ((zoneId: string) => string) | null
  /** Whether a new task of the kind may take the slot of a finished one. */
  readonly replacesFinished: (settings: ControlSettings) => boolean
  readonly read: (item: Item) => ReadItem
  /** What the query operation shows of an item that failed, beside code and message. */
  readonly shown: (item: Item, zone: Zone) => Record<string, unknown>
}

/** The weight a batch or import gives a draft: MX sets have none, elsewhere the zone type decides (API: weights). */
export function effectiveWeight(draft: RecordSetDraft, zone: Zone): number | null {
  if (draft.type === 'MX') return null
  if (draft.weight !== undefined) return draft.weight
  return zone.zoneType === 'public' ? 1 : null
}
