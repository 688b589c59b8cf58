import { formatName, lowerName } from '@waymark/dns/name'
import type { NotifyHeard } from '../transfer/receive-notify.ts'
import type { FeedSettings } from './feed.ts'

/** Words of primaries that wait or are on their way, at most: who floods us with them gets no further. */
const MAX_PENDING = 1000
/** Requests at one time. */
const AT_ONCE = 8
const TIMEOUT_MS = 5000
const ATTEMPTS = 3
const PAUSE_MS = 300

interface Pending {
  readonly zone: string
  readonly source: string
  isSent: boolean
  /** Heard once more since it was sent: it has to be sent again. */
  isRepeated: boolean
}

/**
 * Tells the control plane what primaries say: `POST /waymark/v1/feed/notify`. What is said again of a zone while a request
 * about it runs is sent once more behind it, so that a flood costs no more than one request at a time for each zone and source.
 */
export class NotifyForwarder {
  readonly #settings: FeedSettings
  readonly #pending = new Map<string, Pending>()
  readonly #stop = new AbortController()
  #running = 0

  constructor(settings: FeedSettings) {
    this.#settings = settings
  }

  forward({ apex, source }: NotifyHeard): void {
    const zone = formatName(lowerName(apex))
    const key = `${zone} ${source}`
    const known = this.#pending.get(key)
    if (known !== undefined) known.isRepeated = known.isSent
    else if (this.#pending.size < MAX_PENDING) {
      this.#pending.set(key, { zone, source, isSent: false, isRepeated: false })
      this.#work()
    }
  }

  stop(): void {
    this.#stop.abort()
    this.#pending.clear()
  }

  #work(): void {
    for (const [key, pending] of this.#pending) {
      if (this.#running >= AT_ONCE || this.#stop.signal.aborted) return
      if (!pending.isSent) void this.#send(key, pending)
    }
  }

  async #send(key: string, pending: Pending): Promise<void> {
    this.#running++
    pending.isSent = true
    // A primary that has had our answer does not repeat itself, so what it said must not be lost with one request.
    for (let attempt = 1; attempt <= ATTEMPTS && !(await this.#post(pending)); attempt++)
      await Bun.sleep(PAUSE_MS)
    this.#running--
    if (pending.isRepeated) {
      pending.isSent = false
      pending.isRepeated = false
    } else this.#pending.delete(key)
    this.#work()
  }

  async #post({ zone, source }: Pending): Promise<boolean> {
    const { signal } = this.#stop
    if (signal.aborted) return true
    try {
      const response = await fetch(new URL('/waymark/v1/feed/notify', this.#settings.url), {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#settings.secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({ zone, source }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      })
      await response.arrayBuffer()
      return response.status < 500
    } catch {
      return signal.aborted
    }
  }
}
