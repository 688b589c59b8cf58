import { z } from 'zod'

/** An edge waits this long for a question before it asks for one again. */
const WAIT_MS = 20_000
/** An edge that has just taken a question is back within this time. */
const EDGE_MS = 2000
/** An edge answers at once, unless it has to ask others first. */
const ANSWER_MS = 8000

/** Body of `POST /waymark/v1/feed/answer`; null: the question makes no sense to the edge. */
export const EdgeAnswer = z.object({ id: z.string(), explanation: z.unknown() })

/** A question on its way to an edge. */
export interface EdgeQuestion {
  readonly id: string
  readonly question: unknown
}

/** What the edges that are connected to this node are asked, and what they say. Any of them will do: all answer the same. */
export class EdgeQuestions {
  readonly #waiting: ((question: EdgeQuestion | undefined) => void)[] = []
  readonly #asked: { question: EdgeQuestion; drop: () => void }[] = []
  /** When an edge last asked for a question, or stopped waiting for one. */
  #seenAt = Number.NEGATIVE_INFINITY
  readonly #open = new Map<string, (answer: unknown) => void>()

  /** What an edge says to the question; undefined when no edge is there or it says nothing in time. */
  async ask(question: unknown, { edgeMs = EDGE_MS, answerMs = ANSWER_MS } = {}): Promise<unknown> {
    const asked = { id: crypto.randomUUID(), question }
    const { promise, resolve } = Promise.withResolvers<unknown>()
    this.#open.set(asked.id, resolve)
    const timers = [setTimeout(() => resolve(undefined), answerMs)]
    const next = this.#waiting.shift()
    if (next === undefined && performance.now() - this.#seenAt > edgeMs) {
      resolve(undefined)
    } else if (next === undefined) {
      timers.push(setTimeout(() => this.#dropUntaken(asked), edgeMs))
      this.#asked.push({ question: asked, drop: () => resolve(undefined) })
    } else {
      next(asked)
    }
    return promise.finally(() => {
      for (const timer of timers) clearTimeout(timer)
      this.#open.delete(asked.id)
    })
  }

  /** The next question for an edge that has nothing to do; undefined when there is none for a while, or `gone` says that it has left. */
  async next(gone: AbortSignal, waitMs = WAIT_MS): Promise<EdgeQuestion | undefined> {
    this.#seenAt = performance.now()
    const first = this.#asked.shift()
    if (first !== undefined) return first.question
    return new Promise((resolve) => {
      const end = (question: EdgeQuestion | undefined): void => {
        this.#seenAt = performance.now()
        clearTimeout(timer)
        gone.removeEventListener('abort', leave)
        const place = this.#waiting.indexOf(end)
        if (place >= 0) this.#waiting.splice(place, 1)
        resolve(question)
      }
      const leave = (): void => end(undefined)
      const timer = setTimeout(leave, waitMs)
      gone.addEventListener('abort', leave)
      this.#waiting.push(end)
    })
  }

  /** Takes an answer; false when nobody waits for it any more. */
  answer(id: string, answer: unknown): boolean {
    const resolve = this.#open.get(id)
    resolve?.(answer)
    return resolve !== undefined
  }

  #dropUntaken(question: EdgeQuestion): void {
    const place = this.#asked.findIndex((each) => each.question === question)
    if (place >= 0) this.#asked.splice(place, 1)[0]!.drop()
  }
}
