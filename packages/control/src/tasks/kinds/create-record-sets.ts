import type { RecordSetDraft } from '../../record-sets/draft.ts'
import { effectiveWeight, type Kind } from './kind.ts'

/** `batch-create-task` of API v2.1: record sets of one zone, sent as JSON. An item is stored as its draft. */
export const createRecordSetsKind: Kind<RecordSetDraft> = {
  name: 'create_record_sets',
  slot: (zoneId) => `batch:${zoneId}`,
  replacesFinished: (settings) => settings.replaceFinishedTask,
  read: (draft) => ({ draft }),
  shown: (draft, zone) => ({
    name: draft.name,
    type: draft.type,
    line: draft.line,
    ttl: draft.ttl,
    weight: effectiveWeight(draft, zone),
    records: draft.records,
    status: draft.status,
    description: draft.description,
  }),
}
