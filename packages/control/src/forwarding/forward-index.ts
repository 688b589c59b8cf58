import { DEFAULT_LINE } from '../lines/lines.ts'
import type { StandInSet } from '../store/stand-in-calls.ts'

/** What becomes of visitors of one name. */
export interface Forward {
  /** As shown, without final dot. */
  readonly name: string
  /** A redirect, which the browser shows, or a frame, which it does not. */
  readonly kind: 'redirect' | 'frame'
  /** Absolute, ASCII only. */
  readonly target: string
}

/** The names under URL forwarding that are answered, kept in memory so that visitors never wait for the database. */
export class ForwardIndex {
  readonly #ownersOf = new Map<string, Set<string>>()
  readonly #sets = new Map<string, StandInSet[]>()

  /** Takes what the store holds now of these zones, or of all. */
  replace(zoneIds: readonly string[] | undefined, sets: readonly StandInSet[]): void {
    for (const zoneId of zoneIds ?? [...this.#ownersOf.keys()]) this.#forget(zoneId)
    for (const set of sets) {
      if (set.status !== 'ACTIVE' || !isAnswered(set)) continue
      const others = this.#sets.get(set.owner)
      if (others === undefined) this.#sets.set(set.owner, [set])
      else others.push(set)
      const owners = this.#ownersOf.get(set.zoneId)
      if (owners === undefined) this.#ownersOf.set(set.zoneId, new Set([set.owner]))
      else owners.add(set.owner)
    }
  }

  /** By name, in A-labels, lower case, final dot. Where lines have sets of their own, that of the default line, or the oldest. */
  find(owner: string): Forward | undefined {
    const sets = this.#sets.get(owner)
    if (sets === undefined) return undefined
    const set = sets.find(({ line }) => line === DEFAULT_LINE) ?? sets.reduce((a, b) => (a.id < b.id ? a : b))
    // What browsers make of an address is what they are given; it also escapes whatever a header may not hold.
    const target = URL.parse(set.records[0]!)?.href
    if (target === undefined) return undefined
    return {
      name: set.name.slice(0, -1),
      kind: set.type === 'REDIRECT_URL' ? 'redirect' : 'frame',
      target,
    }
  }

  #forget(zoneId: string): void {
    for (const owner of this.#ownersOf.get(zoneId) ?? []) {
      const rest = this.#sets.get(owner)!.filter((set) => set.zoneId !== zoneId)
      if (rest.length === 0) this.#sets.delete(owner)
      else this.#sets.set(owner, rest)
    }
    this.#ownersOf.delete(zoneId)
  }
}

const isAnswered = ({ zoneStatus }: StandInSet): boolean => zoneStatus === 'ACTIVE' || zoneStatus === 'ERROR'
