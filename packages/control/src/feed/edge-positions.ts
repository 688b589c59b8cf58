import { EdgeQuestions } from './edge-questions.ts'

/** What an edge last said: everything up to `seq` is answered at the addresses `dns`. */
export interface EdgePosition {
  readonly id: string
  readonly seq: number
  readonly dns: readonly string[]
  readonly zones: number
  readonly recordSets: number
  /** Start of the edge and time of the report, milliseconds since 1970 UTC. */
  readonly startedAt: number
  readonly reportedAt: number
  /** Undefined where the edge does not tell. */
  readonly version?: string | undefined
  /** Resident memory of the process, and what the table takes of it. */
  readonly memoryBytes?: number | undefined
  readonly tableBytes?: number | undefined
  /** Answers since its start, and lately a second. */
  readonly queries?: number | undefined
  readonly queriesPerSecond?: number | undefined
  /** When its line data was made, milliseconds since 1970 UTC; 0 where that is not known. */
  readonly lineDataAt?: number | undefined
  /** Transfers to secondaries since its start, see the edge's report. */
  readonly transfers?: number | undefined
  readonly transfersFailed?: number | undefined
  readonly transfersRunning?: number | undefined
  /** NOTIFY messages that no secondary answered. */
  readonly notifyLost?: number | undefined
}

/** An edge that has said nothing for so long is not waited for. Edges repeat themselves every 3 seconds, so one report may get lost. */
export const LIVE_MS = 10_000
/**
 * An edge that has said nothing for so long counts as gone. Up to then it is taken to answer on: an edge does, whatever becomes of its
 * reports, and a machine with much to do delays those while its threads that answer have their turn.
 */
export const PRESUMED_MS = 30_000

/** How far the edges are, as they report it to this node. Kept in memory: after a restart they report again. */
export class EdgePositions {
  /** What the edges are asked. */
  readonly questions = new EdgeQuestions()
  readonly #now: () => number
  readonly #positions = new Map<string, EdgePosition>()
  readonly #waiting = new Set<() => void>()

  constructor(now: () => number) {
    this.#now = now
  }

  report(position: Omit<EdgePosition, 'reportedAt'>): void {
    this.#positions.set(position.id, { ...position, reportedAt: this.#now() })
    for (const look of [...this.#waiting]) look()
  }

  /** The live edges. */
  all(): readonly EdgePosition[] {
    const oldest = this.#now() - LIVE_MS
    return this.presumed().filter(({ reportedAt }) => reportedAt >= oldest)
  }

  /** The live edges and those that may be late with their reports. */
  presumed(): readonly EdgePosition[] {
    const oldest = this.#now() - PRESUMED_MS
    for (const [id, position] of this.#positions) {
      if (position.reportedAt < oldest) this.#positions.delete(id)
    }
    return [...this.#positions.values()]
  }

  /** Whether there is an edge, and every one answers what the log holds up to `seq`, the silent ones as far as one may presume. */
  isPresumedAnswered(seq: number): boolean {
    return isReachedBy(this.presumed(), seq)
  }

  /** Whether there is a live edge and every live edge answers what the log holds up to `seq`. */
  isAnswered(seq: number): boolean {
    return isReachedBy(this.all(), seq)
  }

  /** Position of the live edge that is furthest behind; undefined without a live edge. */
  slowest(): number | undefined {
    const seqs = this.all().map((position) => position.seq)
    return seqs.length === 0 ? undefined : Math.min(...seqs)
  }

  /** Resolves true as soon as {@link isAnswered} holds, false when it does not within `timeoutMs`. */
  async whenAnswered(seq: number, timeoutMs: number): Promise<boolean> {
    if (this.isAnswered(seq)) return true
    return new Promise((resolve) => {
      const end = (isAnswered: boolean) => {
        this.#waiting.delete(look)
        clearTimeout(timer)
        clearInterval(second)
        resolve(isAnswered)
      }
      const look = () => {
        if (this.isAnswered(seq)) end(true)
      }
      const timer = setTimeout(() => end(this.isAnswered(seq)), timeoutMs)
      const second = setInterval(look, 1000) // the one that is behind may be gone by then
      this.#waiting.add(look)
    })
  }
}

const isReachedBy = (edges: readonly EdgePosition[], seq: number): boolean =>
  edges.length > 0 && edges.every((position) => position.seq >= seq)
