import { RCODE_SERVFAIL } from '@waymark/dns/message/header'
import { countersFor } from '../counters.ts'
import type { TapBuffer } from '../observe/tap.ts'
import { zoneCountsFor } from '../observe/top-zones.ts'
import type { TransferKeys, TransferPlan, TransferRequest } from '../transfer/plan.ts'
import type { NotifyHeard } from '../transfer/receive-notify.ts'
import type { TableHandle } from '../zone-table/layout.ts'
import { checkAddressesAreFree } from './free-addresses.ts'
import { PoolWorker } from './pool-worker.ts'
import type { TlsMaterial } from './tls-material.ts'
import type { DnsAddress, FromWorker, ToWorker } from './worker-messages.ts'
import { type BoundAddresses, plainTransports, type WorkerTransports } from './worker-transports.ts'

const NO_TRANSFER: TransferPlan = { kind: 'refuse', rcode: RCODE_SERVFAIL }

/** What threads answer from. */
export interface PoolContents {
  readonly table: TableHandle
  /** Line data, see line/ranges.ts. */
  readonly ranges?: SharedArrayBuffer | undefined
  /** For the query log, one for each thread. */
  readonly taps?: readonly TapBuffer[] | undefined
  readonly transports?: WorkerTransports
}

/**
 * The threads that answer. All listen on the same UDP and TCP addresses, and the kernel spreads the queries. The thread
 * that writes the table answers none, so the largest import delays no answer.
 */
export class WorkerPool {
  readonly bound: BoundAddresses
  readonly counters: SharedArrayBuffer
  /** Answers by zone, see observe/top-zones.ts. */
  readonly zoneCounts: SharedArrayBuffer
  readonly #workers: PoolWorker[]
  /** Plans the transfers that the threads are asked for. */
  onTransfer: (request: TransferRequest) => Promise<TransferPlan> = async () => NO_TRANSFER
  /** Told when a primary says that a zone has changed. */
  onNotify: (notify: NotifyHeard) => void = () => {}
  #table: TableHandle
  #waiting: { generation: number; resolve: () => void }[] = []

  private constructor(
    bound: BoundAddresses,
    counters: SharedArrayBuffer,
    zoneCounts: SharedArrayBuffer,
    workers: PoolWorker[],
    table: TableHandle,
  ) {
    this.bound = bound
    this.counters = counters
    this.zoneCounts = zoneCounts
    this.#workers = workers
    this.#table = table
  }

  /**
   * Starts `count` threads, which load while what they answer from is made ready. Rejects when that fails or an address is taken,
   * and leaves no thread behind then. `onExit` is called when a thread ends by itself, which only an error can make it do.
   */
  static async start(
    addresses: readonly DnsAddress[],
    count: number,
    contents: PoolContents | Promise<PoolContents>,
    onExit: (reason: string) => void,
  ): Promise<WorkerPool> {
    const workers = Array.from({ length: count }, () => new PoolWorker())
    try {
      const { table, ranges, taps, transports = plainTransports() } = await contents
      await checkAddressesAreFree(addresses, [...transports.dot, ...transports.doh])
      const counters = countersFor(count)
      const zoneCounts = zoneCountsFor(count)
      const start = (bound: BoundAddresses, i: number): Promise<BoundAddresses> =>
        workers[i]!.start({
          ...{ kind: 'start', worker: i, table, ranges, counters, zoneCounts, tap: taps?.[i] },
          addresses: bound.dns,
          transports: { ...transports, dot: bound.dot, doh: bound.doh },
        })
      // The first one settles the ports that the system chooses; the others share them.
      const bound = await start({ dns: addresses, dot: transports.dot, doh: transports.doh }, 0)
      await Promise.all(workers.slice(1).map((_, i) => start(bound, i + 1)))
      const pool = new WorkerPool(bound, counters, zoneCounts, workers, table)
      for (const worker of workers) pool.#watch(worker, onExit)
      return pool
    } catch (error) {
      for (const { thread } of workers) thread.terminate()
      throw error
    }
  }

  /** Where UDP and TCP queries are answered. */
  get addresses(): readonly DnsAddress[] {
    return this.bound.dns
  }

  /** Hands a new table to all threads. */
  setTable(table: TableHandle): void {
    this.#table = table
    this.#sendAll({ kind: 'table', table })
  }

  /** Hands new line data to all threads. */
  setRanges(ranges: SharedArrayBuffer | undefined): void {
    this.#sendAll({ kind: 'ranges', ranges })
  }

  /** Hands a renewed certificate to all threads. */
  setMaterial(material: TlsMaterial): void {
    this.#sendAll({ kind: 'certificate', material })
  }

  /** Hands the keys of signed requests to all threads. */
  setTransferKeys(keys: TransferKeys): void {
    this.#sendAll({ kind: 'transfer-keys', keys })
  }

  /** Whether every thread answers from the table handed out last. */
  get isCurrent(): boolean {
    return this.#workers.every((worker) => worker.generation >= this.#table.generation)
  }

  /** Resolves when every thread answers from the table handed out last. */
  async whenCurrent(): Promise<void> {
    if (this.isCurrent) return
    const { generation } = this.#table
    await new Promise<void>((resolve) => this.#waiting.push({ generation, resolve }))
  }

  /** Sends the answers in flight and closes all sockets. Nobody waits for {@link whenCurrent} any longer. */
  async stop(): Promise<void> {
    for (const { resolve } of this.#waiting.splice(0)) resolve()
    await Promise.all(
      this.#workers.map(async (worker) => {
        const { thread } = worker
        const stopped = new Promise<void>((resolve) => {
          thread.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
            if (data.kind === 'stopped') resolve()
          })
          thread.addEventListener('close', () => resolve())
        })
        worker.send({ kind: 'stop' })
        await stopped
        thread.terminate()
      }),
    )
  }

  async #plan({ thread }: PoolWorker, number: number, request: TransferRequest): Promise<void> {
    // What is wrong was told to the log; the client may ask again.
    const plan = await this.onTransfer(request).catch(() => NO_TRANSFER)
    thread.postMessage({ kind: 'transfer-plan', number, plan } satisfies ToWorker)
  }

  #sendAll(message: ToWorker): void {
    for (const worker of this.#workers) worker.send(message)
  }

  #watch(worker: PoolWorker, onExit: (reason: string) => void): void {
    let isStopping = false
    worker.thread.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'stopped') isStopping = true
      if (data.kind === 'notify') this.onNotify(data.notify)
      if (data.kind === 'transfer') void this.#plan(worker, data.number, data.request)
      if (data.kind !== 'attached') return
      worker.generation = data.generation
      const lowest = Math.min(...this.#workers.map((each) => each.generation))
      const due = this.#waiting.filter(({ generation }) => generation <= lowest)
      this.#waiting = this.#waiting.filter(({ generation }) => generation > lowest)
      for (const { resolve } of due) resolve()
    })
    worker.onFailure = onExit
    worker.thread.addEventListener('close', () => {
      if (!isStopping) onExit('A thread that answers queries ended.')
    })
  }
}
