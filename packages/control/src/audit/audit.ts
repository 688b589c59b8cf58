import { AsyncLocalStorage } from 'node:async_hooks'
import type { AuditCaller } from '../store/access-calls.ts'
import type { Store, Tenant, Tx } from '../store/store.ts'
import { ChangeLog, watchWrites } from './watch-writes.ts'

/** The request on whose behalf code runs; ended once it is answered, so that work it has started is not its own. */
interface Recording {
  readonly caller: AuditCaller
  isOver: boolean
  feedSeq: number
}

const current = new AsyncLocalStorage<Recording>()

/**
 * Runs a request so that each transaction in it that changes something leaves an entry in the audit log. `feedSeq` is the
 * last position of the feed that it has published; 0 when it has published nothing.
 */
export async function recorded<T>(
  caller: AuditCaller,
  work: () => Promise<T> | T,
): Promise<{ readonly result: T; readonly feedSeq: number }> {
  const recording = { caller, isOver: false, feedSeq: 0 }
  try {
    const result = await current.run(recording, async () => work())
    return { result, feedSeq: recording.feedSeq }
  } finally {
    recording.isOver = true
  }
}

/** Runs what a request starts but what is not done on its behalf. */
export const unrecorded = <T>(work: () => T): T => current.exit(work)

/**
 * The store, with the audit log written along: the entry is in the very transaction of the write, so there is none
 * without the other.
 */
export const auditedStore = (
  store: Store,
  { now, newId }: { now: () => number; newId: () => string },
): Store => ({
  ...store,
  transaction(work) {
    const recording = current.getStore()
    if (recording === undefined || recording.isOver) return store.transaction(work)
    return store.transaction(async (tx) => {
      const tell: Telling['tell'] = async (caller, each) => {
        const log = new ChangeLog()
        const watched = watchWrites(tx, log)
        tellings.set(watched, { caller, tell })
        const result = await each(watched)
        const { zoneId, changes, changeCount, feedSeq } = log
        recording.feedSeq = Math.max(recording.feedSeq, feedSeq)
        if (changeCount > 0)
          await tx.insertAuditEntry({ ...caller, id: newId(), at: now(), zoneId, changes, changeCount })
        return result
      }
      return tell(recording.caller, work)
    })
  },
})

/** How to write about a transaction under way. */
interface Telling {
  readonly caller: AuditCaller
  readonly tell: <T>(caller: AuditCaller, work: (tx: Tx) => Promise<T>) => Promise<T>
}

const tellings = new WeakMap<Tx, Telling>()

/**
 * Does what a request does to things of another account. That account finds it in its own log, without being told whose request
 * it was; the log of the caller, who may not see those things, is silent about it.
 */
export function toldTo<T>(tx: Tx, owner: Tenant, work: (tx: Tx) => Promise<T>): Promise<T> {
  const telling = tellings.get(tx)
  if (telling === undefined) return work(tx)
  const { domainId, projectId } = owner
  const nobody = { userId: '', userName: '', address: '' }
  return telling.tell({ ...telling.caller, ...nobody, domainId, projectId }, work)
}

const TRIM_EVERY_MS = 60 * 60_000
const TRIM_AT_ONCE = 5000

/** Drops entries older than `days`, now and every hour. Returns what stops it. */
export function keepAuditShort(
  store: Store,
  days: number,
  now: () => number,
  onFault: (error: unknown) => void,
) {
  async function trim(): Promise<void> {
    const oldest = now() - days * 24 * 60 * 60_000
    while ((await store.transaction((tx) => tx.trimAudit(oldest, TRIM_AT_ONCE))) === TRIM_AT_ONCE);
  }
  const run = () => void trim().catch(onFault)
  run()
  const timer = setInterval(run, TRIM_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
