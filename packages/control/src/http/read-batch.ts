import { apiError } from '../errors.ts'

type LimitKey = 'BATCH_CREATE_LIMIT' | 'BATCH_DELETE_LIMIT' | 'BATCH_UPDATE_LIMIT'

/** The members of a batch: an array of one to `limit`. Codes: DNS.0002, and for more of them that of `tooMany`. */
export function readBatch(sent: unknown, limit: number, tooMany: LimitKey): readonly unknown[] {
  if (!Array.isArray(sent) || sent.length === 0) throw apiError('REQUEST_INVALID')
  if (sent.length > limit) throw apiError(tooMany, { limit })
  return sent
}

/** The ids of a batch, each once, in order. An id of a wrong form is one that nothing has. Codes as above. */
export function readIds(sent: unknown, limit: number, tooMany: LimitKey): readonly string[] {
  const ids = new Set<string>()
  for (const id of readBatch(sent, limit, tooMany)) {
    if (typeof id !== 'string') throw apiError('REQUEST_INVALID')
    ids.add(id)
  }
  return [...ids]
}
