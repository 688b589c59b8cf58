import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { EdgePositions } from '../feed/edge-positions.ts'
import type { Store } from '../store/store.ts'

/** What `GET /metrics` shows, in a registry of its own: several servers can live in one process. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #requests: Counter<'operation' | 'status'>
  readonly #duration: Histogram<'operation'>
  readonly #feed: Gauge
  readonly #edges: Gauge<'edge'>
  readonly #tasks: Gauge
  readonly #memory: Gauge
  readonly #transfersIn: Counter<'outcome'>

  constructor() {
    const registers = [this.#registry]
    this.#requests = new Counter({
      name: 'waymark_http_requests_total',
      help: 'Requests answered, by operation and status.',
      labelNames: ['operation', 'status'],
      registers,
    })
    this.#duration = new Histogram({
      name: 'waymark_http_request_seconds',
      help: 'Time from the head of a request to its answer.',
      labelNames: ['operation'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    })
    this.#feed = new Gauge({
      name: 'waymark_feed_position',
      help: 'Newest entry of the feed.',
      registers,
    })
    this.#edges = new Gauge({
      name: 'waymark_edge_position',
      help: 'Newest entry of the feed that the edge answers.',
      labelNames: ['edge'],
      registers,
    })
    this.#tasks = new Gauge({
      name: 'waymark_tasks_pending',
      help: 'Tasks that are not finished.',
      registers,
    })
    this.#transfersIn = new Counter({
      name: 'waymark_transfers_in_total',
      help: 'Tries to bring a secondary zone up to date, by their outcome.',
      labelNames: ['outcome'],
      registers,
    })
    this.#memory = new Gauge({
      name: 'process_resident_memory_bytes',
      help: 'Resident memory of the process.',
      registers,
    })
  }

  record(operation: string, status: number, seconds: number): void {
    this.#requests.inc({ operation, status })
    this.#duration.observe({ operation }, seconds)
  }

  recordTransfer(outcome: string): void {
    this.#transfersIn.inc({ outcome })
  }

  /** The Prometheus text; gauges are read from the store and the edges now. */
  async render(store: Store, edges: EdgePositions): Promise<{ text: string; contentType: string }> {
    this.#feed.set((await store.feedBounds()).newest)
    this.#edges.reset()
    for (const edge of edges.all()) this.#edges.set({ edge: edge.id }, edge.seq)
    let pending = 0
    for (const account of await store.listAccounts())
      pending += (
        await store.listTasks(
          { domainId: account.id, projectId: '' },
          { status: 'PENDING' },
          { limit: 1, offset: 0 },
        )
      ).total
    this.#tasks.set(pending)
    this.#memory.set(process.memoryUsage.rss())
    return { text: await this.#registry.metrics(), contentType: this.#registry.contentType }
  }
}
