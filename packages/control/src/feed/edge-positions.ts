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
}

/** An edge that has said nothing for so long counts as gone. Edges repeat themselves every 5 seconds. */
export const LIVE_MS = 10_000

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
    for (const [id, position] of this.#positions) {
      if (position.reportedAt < oldest) this.#positions.delete(id)
    }
    return [...this.#positions.values()]
  }

  /** Whether there is a live edge and every live edge answers what the log holds up to `seq`. */
  isAnswered(seq: number): boolean {
    const live = this.all()
    return live.length > 0 && live.every((position) => position.seq >= seq)
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
