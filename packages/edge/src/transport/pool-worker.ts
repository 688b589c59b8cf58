import type { FromWorker, ToWorker } from './worker-messages.ts'
import type { BoundAddresses } from './worker-transports.ts'

/** One thread that answers, as the pool sees it. It begins to load when it is made. */
export class PoolWorker {
  readonly thread = new Worker(new URL('./worker.ts', import.meta.url))
  /** Generation of the table that it answers from. */
  generation = 0
  #failure: string | undefined
  #onFailure = (_reason: string): void => {}

  constructor() {
    this.thread.addEventListener('error', ({ message }: ErrorEvent) => {
      this.#failure ??= message
      this.#onFailure(message)
    })
  }

  /** Calls back for an error that nobody has caught; at once if there was one. */
  set onFailure(onFailure: (reason: string) => void) {
    this.#onFailure = onFailure
    if (this.#failure !== undefined) onFailure(this.#failure)
  }

  send(message: ToWorker): void {
    this.thread.postMessage(message)
  }

  /** Gives the thread what it answers from. Resolves when it listens, rejects when it cannot. */
  async start(message: ToWorker & { readonly kind: 'start' }): Promise<BoundAddresses> {
    this.generation = message.table.generation
    return await new Promise((resolve, reject) => {
      this.onFailure = (reason) => reject(new Error(reason))
      this.thread.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === 'listening') resolve(data.bound)
        if (data.kind === 'failed') reject(new Error(data.reason))
      })
      this.send(message)
    })
  }
}
