import type { RecordSet, TaskEffect } from '../../store/store.ts'

type Effect = Omit<TaskEffect, 'index'>

/** What a change of a record set leaves for an undo: all of the set as it was, and how to tell that it is as the task left it. */
export const recordSetEffect = (before: RecordSet | null, after: RecordSet | null): Effect => ({
  zoneId: (before ?? after)!.zoneId,
  recordSetId: (before ?? after)!.id,
  before: before === null ? null : imageOf(before),
  after: after === null ? null : { updatedAt: after.updatedAt },
})

/** The rdata follows from the values. */
function imageOf({ rdatas: _, ...image }: RecordSet): Record<string, unknown> {
  return image
}
