import {
  OctetWriter,
  OP_HEARTBEAT,
  OP_KEYS_CHANGED,
  OP_TRANSFERS_CHANGED,
  writeFrame,
} from '@waymark/dns/feed-codec'
import type { FeedEntry, Store } from '../store/store.ts'
import { ALL_ZONES } from '../store/transfer-calls.ts'
import type { SecretBox } from '../tenants/secrets.ts'
import { policyPayload } from '../transfers/policy-payload.ts'
import { octetStream } from './octet-stream.ts'
import { keysPayload } from './zone-keys.ts'

const HEARTBEAT_MS = 1000
/** Entries looked at in one go, and payload octets put into one chunk of the body (one entry may be larger). */
const BATCH_ENTRIES = 500
const BATCH_OCTETS = 1 << 20

/** Zone id of frames that are about no zone. */
export const NO_ZONE = '0'.repeat(32)

/**
 * The log from behind `after` on, as frames, without end: first what is there, then each entry as it is committed, and a
 * heartbeat whenever a second passes without one. Breaks off when the log has been trimmed past a client that reads too
 * slowly; it asks again and is told to take a snapshot. `stop` ends it.
 */
export function followFeed(
  store: Store,
  secrets: SecretBox,
  after: number,
  stop: AbortSignal,
  onFailure: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  return octetStream(async (send, gone) => {
    const end = AbortSignal.any([stop, gone])
    const wake = new Wake()
    const unsubscribe = store.onFeed(() => wake.call())
    end.addEventListener('abort', () => wake.call())
    const writer = new OctetWriter(BATCH_OCTETS)
    let seq = after
    let sentAt = performance.now()
    try {
      while (!end.aborted) {
        wake.reset()
        const count = await countOfBatch(store, seq)
        if (count > 0) {
          for (const entry of await store.readFeed(seq, count)) {
            if (entry.seq !== seq + 1) return
            writeFrame(writer, await completed(store, secrets, entry, onFailure))
            seq = entry.seq
          }
        } else {
          // A store may wake its followers without an entry, as PostgreSQL's does that looks for what it was not told of.
          const left = HEARTBEAT_MS - (performance.now() - sentAt)
          if (left > 0 && (await wake.within(left))) continue
          writeFrame(writer, {
            seq,
            zoneId: NO_ZONE,
            serial: 0,
            payload: Uint8Array.of(OP_HEARTBEAT),
          })
        }
        if (writer.length === 0) continue
        const octets = writer.finish()
        writer.reset()
        await send(octets)
        sentAt = performance.now()
      }
    } finally {
      unsubscribe()
    }
  }, onFailure)
}

/** The entry with the secrets that the log does not hold, as they are now: a later state than the entry's does no harm. */
async function completed(
  store: Store,
  secrets: SecretBox,
  entry: FeedEntry,
  onFailure: (error: unknown) => void,
): Promise<FeedEntry> {
  const [operation] = entry.payload
  if (operation === OP_TRANSFERS_CHANGED) {
    const keys = await store.tsigKeys()
    const access = await store.findTransferAccess(ALL_ZONES)
    return { ...entry, payload: policyPayload(keys, access, secrets, onFailure).finish() }
  }
  if (operation !== OP_KEYS_CHANGED) return entry
  const keys = await store.zoneKeys(entry.zoneId)
  return { ...entry, payload: keysPayload(keys, secrets, onFailure).finish() }
}

/** How many entries behind `seq` make one chunk: 0 when there is none, else at least 1. */
async function countOfBatch(store: Store, seq: number): Promise<number> {
  const sizes = await store.feedSizes(seq, BATCH_ENTRIES)
  let octets = 0
  const full = sizes.findIndex(({ sizeBytes }) => {
    octets += sizeBytes
    return octets > BATCH_OCTETS
  })
  return full < 0 ? sizes.length : Math.max(1, full)
}

/** A call that is remembered until somebody waits for it. */
class Wake {
  #isCalled = false
  #resolve = (): void => {}

  call(): void {
    this.#isCalled = true
    this.#resolve()
  }

  reset(): void {
    this.#isCalled = false
  }

  /** True when called since {@link reset}, or within `ms` from now. */
  async within(ms: number): Promise<boolean> {
    if (this.#isCalled) return true
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms)
      this.#resolve = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }
}
