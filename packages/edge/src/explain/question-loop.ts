import type { FeedSettings } from '../source/feed.ts'
import type { ExplainQuestion, Explanation } from './explanation.ts'

/** How long the control plane holds a request while nobody asks, and some more. */
const TIMEOUT_MS = 30_000
const RETRY_MS = 1000

/**
 * Lets the control plane ask this edge: `GET /waymark/v1/feed/question?edge=ID` is answered when there is a question, 204 when there was
 * none for a while; the answer goes to `POST /waymark/v1/feed/answer`. So an edge needs no port that the control plane can reach.
 */
export class QuestionLoop {
  readonly #settings: FeedSettings
  readonly #explain: (question: ExplainQuestion) => Promise<Explanation | undefined>
  readonly #stop = new AbortController()

  constructor(
    settings: FeedSettings,
    explain: (question: ExplainQuestion) => Promise<Explanation | undefined>,
  ) {
    this.#settings = settings
    this.#explain = explain
  }

  start(): void {
    void this.#run()
  }

  stop(): void {
    this.#stop.abort()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      const asked = await this.#next()
      if (asked === null) await pause(RETRY_MS, signal)
      // Others may ask while an upstream takes its time.
      else if (asked !== undefined) void this.#answer(asked)
    }
  }

  /** A question; undefined for none, null when the control plane is not there. */
  async #next(): Promise<Asked | undefined | null> {
    try {
      const response = await this.#fetch(`question?edge=${encodeURIComponent(this.#settings.edgeId)}`)
      if (response.status === 204) return undefined
      return response.ok ? ((await response.json()) as Asked) : null
    } catch {
      return null
    }
  }

  async #answer({ id, question }: Asked): Promise<void> {
    try {
      const explanation = (await this.#explain(question)) ?? null
      await this.#fetch('answer', JSON.stringify({ id, explanation }))
    } catch {
      // Whoever asked is told that no edge has answered.
    }
  }

  async #fetch(path: string, body?: string): Promise<Response> {
    const { url, secret } = this.#settings
    const response = await fetch(new URL(`/waymark/v1/feed/${path}`, url), {
      ...(body === undefined ? {} : { method: 'POST', body }),
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    return response
  }
}

interface Asked {
  readonly id: string
  readonly question: ExplainQuestion
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
