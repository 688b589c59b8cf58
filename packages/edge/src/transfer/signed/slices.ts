import { setImmediate } from 'node:timers'

/** Time that one turn of the event loop gives to work: the feed waits no longer for it. */
const SLICE_MS = 4

const STOPPED = 'The work was given up: it is time to end.'

interface Job {
  readonly steps: Iterator<void, void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Long work in small pieces, between which the event loop turns. Jobs take turns, so a short one does not wait for a long one. */
export class Slices {
  readonly #jobs: Job[] = []
  #isScheduled = false
  #isStopped = false

  /** Runs all steps of a generator; none of them should take more than a millisecond. Rejects with what it throws. */
  run(steps: Iterator<void, void>): Promise<void> {
    if (this.#isStopped) return Promise.reject(new Error(STOPPED))
    return new Promise((resolve, reject) => {
      this.#jobs.push({ steps, resolve, reject })
      this.#schedule()
    })
  }

  /** Work that is under way is given up, and rejects: who waits for it should not keep a server from ending. */
  stop(): void {
    this.#isStopped = true
    for (const { reject } of this.#jobs.splice(0)) reject(new Error(STOPPED))
  }

  #schedule(): void {
    if (this.#isScheduled || this.#jobs.length === 0) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#turn()
      this.#schedule()
    })
  }

  #turn(): void {
    const end = performance.now() + SLICE_MS
    while (performance.now() < end) {
      const job = this.#jobs.shift()
      if (job === undefined) return
      try {
        let isDone = false
        do isDone = job.steps.next().done === true
        while (!isDone && performance.now() < end)
        if (isDone) job.resolve()
        else this.#jobs.push(job)
      } catch (error) {
        job.reject(error)
      }
    }
  }
}
