import { AsyncLocalStorage } from 'node:async_hooks'
import { sql } from 'kysely'
import { migrate } from './migrate.ts'
import { fromCustomLineRow, fromLineGroupRow, fromZoneRow } from './rows.ts'
import type { Engine, Session } from './session.ts'
import { accessReads, accessWrites } from './sql/access.ts'
import { claimReads, claimWrites } from './sql/claims.ts'
import { endpointReads, endpointWrites } from './sql/endpoints.ts'
import { feedReads, feedWrites } from './sql/feed.ts'
import { identityReads, identityWrites } from './sql/identity.ts'
import { lineReads, lineWrites } from './sql/lines.ts'
import { lookUps } from './sql/look-ups.ts'
import { manyZoneReads, manyZoneWrites } from './sql/many-zones.ts'
import { allNetworks, networkReads, networkWrites } from './sql/networks.ts'
import { ptrReads, ptrWrites, publishedPtrs } from './sql/ptrs.ts'
import { queryLogReads, queryLogWrites } from './sql/query-logs.ts'
import { recordSetLists } from './sql/record-set-list.ts'
import { publishedRecordSets, recordSetReads, recordSetWrites } from './sql/record-sets.ts'
import { ruleReads, ruleWrites } from './sql/resolver-rules.ts'
import { secondaryReads, secondaryWrites } from './sql/secondary.ts'
import { standInReads } from './sql/stand-ins.ts'
import { taskReads, taskWrites } from './sql/tasks.ts'
import { transferReads, transferWrites } from './sql/transfers.ts'
import { allZoneKeys, zoneKeyReads, zoneKeyWrites } from './sql/zone-keys.ts'
import { zoneReads, zoneWrites } from './sql/zones.ts'
import type { FeedSnapshot, Reads, Store, Tx } from './store.ts'

/** Tries at a transaction that others got in the way of. */
const ATTEMPTS = 6
const RETRY_PAUSE_MS = 10

const reads = (session: Session): Reads => ({
  ...zoneReads(session),
  ...recordSetReads(session),
  ...recordSetLists(session),
  ...lookUps(session),
  ...lineReads(session),
  ...taskReads(session),
  ...manyZoneReads(session),
  ...feedReads(session),
  ...identityReads(session),
  ...accessReads(session),
  ...claimReads(session),
  ...networkReads(session),
  ...ptrReads(session),
  ...endpointReads(session),
  ...ruleReads(session),
  ...queryLogReads(session),
  ...secondaryReads(session),
  ...standInReads(session),
  ...transferReads(session),
  ...zoneKeyReads(session),
})

const writes = (session: Session): Tx => ({
  ...reads(session),
  ...zoneWrites(session),
  ...recordSetWrites(session),
  ...lineWrites(session),
  ...taskWrites(session),
  ...manyZoneWrites(session),
  ...feedWrites(session),
  ...identityWrites(session),
  ...accessWrites(session),
  ...claimWrites(session),
  ...networkWrites(session),
  ...ptrWrites(session),
  ...endpointWrites(session),
  ...ruleWrites(session),
  ...queryLogWrites(session),
  ...secondaryWrites(session),
  ...transferWrites(session),
  ...zoneKeyWrites(session),
})

/** The store over one engine: the queries are the same, the engine says how transactions run. */
export function createSqlStore(engine: Engine): Store {
  const listeners = new Set<() => void>()
  const notify = () => {
    for (const listener of [...listeners]) listener()
  }
  let stopListening: (() => void) | undefined
  const current = new AsyncLocalStorage<{ isOpen: boolean }>()

  /** Waiting for another transaction inside of one would wait for ever. */
  function refuseInside(): void {
    if (current.getStore()?.isOpen) throw new Error('Inside a transaction use its own `tx`, not the store.')
  }

  async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    refuseInside()
    for (let attempt = 1; ; attempt++) {
      let hasAppended = false
      try {
        const result = await engine.write((session) => {
          const scope = { isOpen: true }
          const tx = writes({
            ...session,
            appendFeed: (entries) => {
              hasAppended = true
              return session.appendFeed(entries)
            },
          })
          return current
            .run(scope, () => work(tx))
            .finally(() => {
              scope.isOpen = false
            })
        })
        if (hasAppended) notify()
        return result
      } catch (error) {
        if (attempt === ATTEMPTS || !engine.isRetryable(error)) throw error
        await Bun.sleep(Math.random() * RETRY_PAUSE_MS * 2 ** attempt)
      }
    }
  }

  return {
    engine: engine.name,
    ...guarded(reads(engine.reader), refuseInside),
    transaction,

    migrate: () => migrate(engine),

    readSnapshot: (work) => engine.freeze(async (session) => work(await snapshotOf(session))),

    onFeed(listener) {
      listeners.add(listener)
      stopListening ??= engine.listen(notify)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stopListening?.()
        stopListening = undefined
      }
    },

    async ping() {
      await sql`select 1`.execute(engine.reader.db)
    },

    async close() {
      listeners.clear()
      stopListening?.()
      stopListening = undefined
      await engine.close()
    },
  }
}

/** The same calls, each looked at by `check` first. */
function guarded(calls: Reads, check: () => void): Reads {
  const entries = Object.entries(calls).map(([name, call]) => [
    name,
    async (...parameters: unknown[]) => {
      check()
      return (call as (...parameters: unknown[]) => Promise<unknown>)(...parameters)
    },
  ])
  return Object.fromEntries(entries) as Reads
}

async function snapshotOf(session: Session): Promise<FeedSnapshot> {
  const { newest } = await feedReads(session).feedBounds()
  return {
    seq: newest,
    async zones() {
      const rows = await session.db.selectFrom('zone').selectAll().orderBy('no').execute()
      return rows.map(fromZoneRow)
    },
    async lines() {
      const lines = await session.db.selectFrom('custom_line').selectAll().orderBy('line_id').execute()
      const groups = await session.db.selectFrom('line_group').selectAll().orderBy('line_id').execute()
      return { customLines: lines.map(fromCustomLineRow), groups: groups.map(fromLineGroupRow) }
    },
    networks: () => allNetworks(session),
    zoneKeys: () => allZoneKeys(session),
    async transfers() {
      const stored = transferReads(session)
      return { keys: await stored.tsigKeys(), access: await stored.transferAccess() }
    },
    ptrs: () => publishedPtrs(session),
    publishedRecordSets: (zoneId) => publishedRecordSets(session, zoneId),
  }
}
