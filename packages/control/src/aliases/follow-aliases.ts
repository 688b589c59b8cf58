import { encodeRdatas } from '@waymark/dns/feed-codec'
import type { Logger } from 'pino'
import { watchZones } from '../feed/watch-zones.ts'
import { readName } from '../record-sets/names.ts'
import { equalRdatas, isAddressType, UNRESOLVED } from '../record-sets/published-addresses.ts'
import { putPublished } from '../record-sets/put-published.ts'
import type { StandInSet } from '../store/stand-in-calls.ts'
import type { Store } from '../store/store.ts'
import { findTarget } from './find-target.ts'
import type { AddressType, FindAddresses, Finding } from './finding.ts'

/** Look-ups at a time: those outside may take seconds, and must not keep others waiting. */
const MAX_RUNNING = 16
/** A target is looked up again after the TTL of what was found, within these bounds. */
const SHORTEST_MS = 5000
const LONGEST_MS = 3_600_000
const RETRY_MS = 10_000
/** Failures in a row for which what was found last is still answered. */
const PATIENCE = 3

/** An alias, and what is known of its target. */
interface Followed {
  set: StandInSet
  /** Zones that the last finding comes from. */
  zoneIds: readonly string[]
  /** When to look next, milliseconds since 1970 UTC. */
  dueAt: number
  failures: number
  isRunning: boolean
}

/**
 * Keeps the addresses of all aliases up to date: looks their targets up, again when the TTL is over or, for names that are kept
 * here, when their zones change, and publishes what has changed. A target that cannot be had is published without data, which
 * edges answer with SERVFAIL. Resolves when all are known that the store has now; they may not have been looked up yet.
 */
export async function followAliases(
  { store, log, now }: { readonly store: Store; readonly log: Logger; readonly now: () => number },
  askOutside: FindAddresses,
): Promise<{ readonly stop: () => Promise<void> }> {
  const followed = new Map<string, Followed>()
  const running = new Set<Promise<void>>()
  /** What waits for an answer from outside, to be let go at the end. */
  const waiting = new Set<(finding: Finding) => void>()
  let timer: Timer | undefined
  let isStopped = false

  const ask: FindAddresses = (name, type) =>
    new Promise((resolve) => {
      waiting.add(resolve)
      void askOutside(name, type).then((finding) => {
        waiting.delete(resolve)
        resolve(finding)
      })
    })

  /** Takes what the store holds now of these zones, or of all, and what comes from there as due. */
  function take(zoneIds: readonly string[] | undefined, sets: readonly StandInSet[]): void {
    const changed = zoneIds === undefined ? undefined : new Set(zoneIds)
    const ids = new Set(sets.map((set) => set.id))
    for (const [id, entry] of followed) {
      const isHere = changed === undefined || changed.has(entry.set.zoneId)
      if (isHere && !ids.has(id)) followed.delete(id)
      else if (entry.zoneIds.some((zoneId) => changed === undefined || changed.has(zoneId))) entry.dueAt = 0
    }
    for (const set of sets) {
      const known = followed.get(set.id)
      if (known === undefined) {
        followed.set(set.id, { set, zoneIds: [], dueAt: 0, failures: 0, isRunning: false })
        continue
      }
      if (known.set.type !== set.type || known.set.owner !== set.owner) known.dueAt = 0
      known.set = set
    }
  }

  /** Starts what is due, and comes back when the next is. */
  function startDue(): void {
    clearTimeout(timer)
    if (isStopped) return
    let next = Number.POSITIVE_INFINITY
    for (const entry of followed.values()) {
      if (entry.isRunning) continue
      if (entry.dueAt <= now()) {
        if (running.size >= MAX_RUNNING) return // the end of one of them calls again
        start(entry)
      } else next = Math.min(next, entry.dueAt)
    }
    if (next < Number.POSITIVE_INFINITY) timer = setTimeout(startDue, Math.max(1, next - now()))
  }

  function start(entry: Followed): void {
    entry.isRunning = true
    entry.dueAt = Number.POSITIVE_INFINITY
    const run = lookAt(entry)
      .catch((err) => {
        entry.dueAt = Math.min(entry.dueAt, now() + RETRY_MS)
        if (!isStopped) log.warn({ err, recordSet: entry.set.id }, 'an alias could not be looked up')
      })
      .finally(() => {
        entry.isRunning = false
        running.delete(run)
        // Not after each: finding out what is due goes through all of them.
        if (running.size <= MAX_RUNNING / 2) startDue()
      })
    running.add(run)
  }

  async function lookAt(entry: Followed): Promise<void> {
    const { set } = entry
    const target = readName(set.aliasTarget!.resourceDomainName)
    const { finding, zoneIds } =
      target === undefined
        ? { finding: { kind: 'missing' } as const, zoneIds: [] }
        : await findTarget(store, ask, {
            target: target.owner,
            type: set.type as AddressType,
            line: set.line,
          })
    if (isStopped) return
    entry.zoneIds = zoneIds
    entry.failures = finding.kind === 'found' ? 0 : entry.failures + 1
    // A change meanwhile has set it to 0, and then this is out of date already.
    entry.dueAt = Math.min(entry.dueAt, now() + pauseAfter(finding, set.ttl))
    if (finding.kind === 'unknown' && entry.failures < PATIENCE) return
    const rdatas = rdatasOf(finding)
    if (equalRdatas(set.rdatas, rdatas)) return
    await putPublished(store, set, set.zoneId, [set], (row) =>
      row.type === set.type && row.aliasTarget !== null ? rdatas : undefined,
    )
  }

  const watch = watchZones(
    store,
    async (zoneIds) => {
      const sets = await store.listAliasRecordSets(zoneIds)
      take(
        zoneIds,
        sets.filter((set) => isAddressType(set.type)),
      )
      startDue()
    },
    (err) => log.warn({ err }, 'the aliases could not be read'),
  )
  await watch.started
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      for (const resolve of waiting) resolve({ kind: 'unknown' })
      await watch.stop()
      await Promise.all(running)
    },
  }
}

function pauseAfter(finding: Finding, ttl: number): number {
  if (finding.kind !== 'found') return RETRY_MS
  return Math.min(Math.max(Math.min(finding.ttl, ttl) * 1000, SHORTEST_MS), LONGEST_MS)
}

/** What is published: in one order, so that servers which rotate their answers cause no changes. */
function rdatasOf(finding: Finding): Uint8Array | null {
  if (finding.kind !== 'found') return UNRESOLVED
  return finding.rdatas.length === 0 ? null : encodeRdatas([...finding.rdatas].sort(Buffer.compare))
}
