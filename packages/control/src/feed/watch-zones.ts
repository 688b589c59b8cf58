import type { Store } from '../store/store.ts'

/** A zone whose change was missed is seen after this time at the latest. */
const EVERYTHING_EVERY_MS = 30_000
const RETRY_MS = 1000
/** An import commits many times a second, and nobody has to see each. */
const BETWEEN_MS = 25

/** Follows which zones change. Ends with `stop`. */
export interface ZoneWatch {
  /** Resolves when what is in the store now has been looked at for the first time. */
  readonly started: Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Calls `look` with the zones that have changed, of this node or another, soon after each commit; with undefined at first, now and
 * then, and whenever it is unknown which ones. One call at a time; when one throws, everything is looked at again.
 */
export function watchZones(
  store: Store,
  look: (zoneIds: readonly string[] | undefined) => Promise<void>,
  onFailure: (error: unknown) => void,
  everythingEveryMs = EVERYTHING_EVERY_MS,
): ZoneWatch {
  const first = Promise.withResolvers<void>()
  let isStopped = false
  let wake = (): void => {}
  let isCalled = false
  const unsubscribe = store.onFeed(() => {
    isCalled = true
    wake()
  })

  /** Until a commit is announced, the time is over, or the end. */
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (isCalled || isStopped) return resolve()
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  /** The position up to which everything has been looked at; undefined: nothing is known. */
  async function step(seq: number | undefined): Promise<number> {
    if (seq === undefined) {
      const { newest } = await store.feedBounds()
      await look(undefined)
      return newest
    }
    const { zoneIds, newest } = await store.zonesInFeed(seq)
    const { oldest } = await store.feedBounds()
    // Entries that were dropped unread may have been about any zone.
    if (oldest > seq + 1) await look(undefined)
    else if (zoneIds.length > 0) await look(zoneIds)
    return newest
  }

  async function run(): Promise<void> {
    let seq: number | undefined
    let everythingAt = 0
    while (!isStopped) {
      isCalled = false
      try {
        if (Date.now() >= everythingAt) seq = undefined
        if (seq === undefined) everythingAt = Date.now() + everythingEveryMs
        seq = await step(seq)
        first.resolve()
      } catch (error) {
        if (isStopped) break
        onFailure(error)
        seq = undefined
        everythingAt = 0
        await Bun.sleep(RETRY_MS)
        continue
      }
      await pause(Math.max(0, everythingAt - Date.now()))
      if (!isStopped) await Bun.sleep(BETWEEN_MS)
    }
    first.resolve()
  }

  const running = run()
  return {
    started: first.promise,
    async stop() {
      isStopped = true
      unsubscribe()
      wake()
      await running
    },
  }
}
