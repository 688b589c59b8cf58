import { LINE_SAMPLES } from './lines.ts'
import { OPERATION_TASK_SAMPLES } from './operation-tasks.ts'
import { PTR_SAMPLES } from './ptrs.ts'
import { ALIAS_SAMPLE, RECORD_SET_SAMPLES } from './record-sets.ts'
import { RESOLVER_SAMPLES } from './resolver.ts'
import type { SampleMaker, Samples } from './sample.ts'
import { TAG_AND_OWNERSHIP_SAMPLES } from './tags-and-ownership.ts'
import { ZONE_SAMPLES } from './zones.ts'

/** One good request of every operation. */
export const SAMPLES: Samples = {
  ...ZONE_SAMPLES,
  ...RECORD_SET_SAMPLES,
  ...OPERATION_TASK_SAMPLES,
  ...LINE_SAMPLES,
  ...PTR_SAMPLES,
  ...RESOLVER_SAMPLES,
  ...TAG_AND_OWNERSHIP_SAMPLES,
}

/** A list from its start: without the word it is another list, which the marker is not of. */
function withoutMarker(operation: string): SampleMaker {
  return async (lab) => {
    const { query: { marker: _, ...query } = {} } = await SAMPLES[operation]!(lab)
    return { query }
  }
}

/** For fields that a request cannot have together with the others, by operation and field. */
export const VARIANTS: Samples = {
  'CreateRecordSetWithLine alias_target': ALIAS_SAMPLE,
  'ListPrivateZones type': withoutMarker('ListPrivateZones'),
}
