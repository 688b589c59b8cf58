import type { RecordSetDraft } from '../record-sets/draft.ts'
import { resolveBatchName } from '../record-sets/names.ts'
import type { Zone } from '../store/store.ts'
import type { BatchItem } from './batch-body.ts'
import { mergeMx } from './merge-mx.ts'

/** The items of a batch-create task as stored: names made full, MX items of one name and line joined. */
export const batchDrafts = (items: readonly BatchItem[], zone: Zone): RecordSetDraft[] =>
  mergeMx<RecordSetDraft>(
    items.map((item) => ({ ...item, name: resolveBatchName(item.name, zone) })),
    (draft) => draft,
    (_, joined) => joined,
  )
