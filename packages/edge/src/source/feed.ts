import type { Log } from '../log.ts'
import { FrameError } from './apply-frame.ts'
import { faultOf, refusalOf } from './feed-fault.ts'
import { FeedStatus, type SnapshotReason } from './feed-status.ts'
import { FrameStream } from './frame-stream.ts'
import type { LiveTable } from './live-table.ts'

export interface FeedSettings {
  /** Base URL of the control plane. */
  readonly url: string
  readonly secret: string
  readonly edgeId: string
}

const MIN_BACKOFF_MS = 50
const MAX_BACKOFF_MS = 2000
/** Heartbeats come every second; a connection silent for this long is dead. */
const SILENCE_MS = 5000

/**
 * Follows the feed of a control plane: `GET /waymark/v1/feed?after=SEQ&store=ID&edge=ID` is an endless stream of frames.
 * When that position is no longer to be had (410), or it is another store, the whole state is taken from
 * `GET /waymark/v1/feed/snapshot` first, into a new table; the old one answers until it is complete. Whatever goes wrong,
 * the edge answers on and the connection is tried again.
 */
export class FeedFollower {
  readonly #settings: FeedSettings
  readonly #table: LiveTable
  readonly #log: Log
  readonly #onMoved: (isNewConnection: boolean) => void
  readonly status = new FeedStatus()
  #connection = new AbortController()
  #isStopped = false
  #needsSnapshot: boolean
  #snapshotReason: SnapshotReason = 'start'
  /** Why the feed is away, as far as it has been told. */
  readonly #reported = new Set<string>()
  #backoffMs = MIN_BACKOFF_MS
  #wake = (): void => {}
  #running: Promise<void> | undefined

  /** `onMoved` is called after frames were applied, after heartbeats, and (with true) when a connection was made. */
  constructor(
    settings: FeedSettings,
    table: LiveTable,
    log: Log,
    onMoved: (isNewConnection: boolean) => void,
  ) {
    this.#settings = settings
    this.#table = table
    this.#log = log
    this.#onMoved = onMoved
    this.#needsSnapshot = table.store === ''
  }

  start(): void {
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#connection.abort()
    this.#wake()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        if (this.#needsSnapshot) await this.#takeSnapshot()
        if (!this.#isStopped) await this.#follow()
        if (!this.#isStopped && !this.#needsSnapshot) this.status.losses++
      } catch (error) {
        // After a frame that makes no sense nothing is certain: everything is read anew.
        if (error instanceof FrameError) {
          this.#needsSnapshot = true
          this.#snapshotReason = 'malformed'
        }
        if (!this.#isStopped) this.status.losses++
        this.#report(error)
      }
      if (!this.#isStopped) await this.#pause()
    }
  }

  async #follow(): Promise<void> {
    const table = this.#table
    const query = new URLSearchParams({
      after: String(table.seq),
      store: table.store,
      edge: this.#settings.edgeId,
    })
    await this.#read(`/waymark/v1/feed?${query}`, (response, chunks) => {
      if (response.status === 410 || storeOf(response) !== table.store) {
        this.#needsSnapshot = true
        this.#snapshotReason = storeOf(response) === table.store ? 'gap' : 'store'
        this.#backoffMs = 0
        return undefined
      }
      this.#connected()
      this.#onMoved(true)
      return (chunk) => {
        chunks.push(chunk, (octets, at) => {
          const { isHeartbeat } = table.apply(octets, at)
          this.status.reached(table.seq, isHeartbeat)
        })
        this.#onMoved(false)
      }
    })
  }

  async #takeSnapshot(): Promise<void> {
    const draft = this.#table.draft()
    let store = ''
    let seq = -1
    await this.#read('/waymark/v1/feed/snapshot', (response, chunks) => {
      store = storeOf(response)
      return (chunk) =>
        chunks.push(chunk, (octets, at) => {
          const frame = draft.applier.apply(octets, at)
          if (frame.isEnd) seq = frame.seq
        })
    })
    if (this.#isStopped) return
    if (seq < 0) throw new Error('The snapshot of the feed ended early.')
    this.#table.adopt(draft, store, seq)
    this.status.reached(seq, true)
    this.status.snapshots[this.#snapshotReason]++
    // The old table and what was read of the stream are garbage now, of a size this quiet heap does not see by itself.
    Bun.gc(true)
    this.#needsSnapshot = false
    this.#log.info('snapshot taken', { store, position: seq, recordSets: draft.writer.recordSets })
    this.#onMoved(true)
  }

  /** One request. `onResponse` returns what takes the chunks, or undefined when the answer is not wanted. */
  async #read(
    path: string,
    onResponse: (response: Response, chunks: FrameStream) => ((chunk: Uint8Array) => void) | undefined,
  ): Promise<void> {
    this.#connection = new AbortController()
    const { signal } = this.#connection
    const watch = new SilenceWatch(SILENCE_MS, () => this.#connection.abort())
    try {
      const response = await fetch(new URL(path, this.#settings.url), {
        headers: { authorization: `Bearer ${this.#settings.secret}`, 'accept-encoding': 'identity' },
        signal,
      })
      watch.heard()
      if (response.status !== 200 && response.status !== 410) {
        throw refusalOf(response.status)
      }
      const take = onResponse(response, new FrameStream())
      if (take === undefined || response.body === null) {
        this.#connection.abort()
        return
      }
      for await (const chunk of response.body) {
        watch.heard()
        this.status.heard()
        take(chunk)
      }
    } catch (error) {
      if (signal.aborted && (this.#isStopped || this.#needsSnapshot)) return
      throw signal.aborted ? new Error(`Nothing was heard for ${SILENCE_MS} ms.`) : error
    } finally {
      this.status.isConnected = false
      watch.end()
      this.#connection.abort()
    }
  }

  #connected(): void {
    this.status.isConnected = true
    this.#backoffMs = MIN_BACKOFF_MS
    if (this.#reported.size > 0) this.#log.info('following the feed again', { position: this.#table.seq })
    this.#reported.clear()
  }

  /** Each reason once an outage: the control plane may be away for hours. */
  #report(error: unknown): void {
    const reason = faultOf(error)
    if (this.#isStopped || this.#reported.has(reason)) return
    this.#reported.add(reason)
    const { seq, store } = this.#table
    const msg =
      store === '' ? 'no feed, and nothing is here to answer from' : 'feed lost, answering from what is here'
    this.#log.warn(msg, { reason, position: seq })
  }

  async #pause(): Promise<void> {
    const ms = this.#backoffMs
    this.#backoffMs = Math.min(MAX_BACKOFF_MS, Math.max(MIN_BACKOFF_MS, ms * 2))
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

const storeOf = (response: Response): string => response.headers.get('x-waymark-store') ?? ''

/** Calls back when nothing was heard for a while; hearing something costs one assignment. */
class SilenceWatch {
  #heardAt = performance.now()
  readonly #timer: ReturnType<typeof setInterval>

  constructor(silenceMs: number, onSilence: () => void) {
    this.#timer = setInterval(() => {
      if (performance.now() - this.#heardAt > silenceMs) onSilence()
    }, silenceMs / 5)
  }

  heard(): void {
    this.#heardAt = performance.now()
  }

  end(): void {
    clearInterval(this.#timer)
  }
}
