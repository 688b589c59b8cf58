import type { Query } from '../answer/query.ts'

/** One search in one zone: the answer path makes another where a CNAME or DNAME, or a recursive private zone, leads on. */
export interface TraceStep {
  /** Place of the zone in the table. */
  readonly zone: number
  /** Lower-case wire: what was looked for. */
  readonly name: Uint8Array
  /** Where it was found, 0 where it was not. */
  node: number
  isWildcard: boolean
  /** The node of a zone cut or of a DNAME above the name, 0 without one. */
  above: number
  /** The groups that were there to choose from: of this node. */
  looked: number
  /** The group that was chosen, and its variant where there was one to choose. */
  group: number
  variant: number
  /** A record that the signer has made: keys, denials. */
  isFromSigner: boolean
  /** The name of a CNAME or DNAME was followed: it was no loop. */
  isFollowed: boolean
}

/** What the answer path tells of its way when `Query.trace` is set. Offsets are those of the table's arena at that time. */
export class Trace {
  readonly steps: TraceStep[] = []
  /** How the last search ended, a state of `answer/find.ts`; -1 where there was none. */
  state = -1

  /** A zone was found for `q.name`. */
  zone(q: Query): void {
    this.steps.push({
      zone: q.zone,
      name: q.name.octets.slice(0, q.name.length),
      node: 0,
      isWildcard: false,
      above: 0,
      looked: 0,
      group: 0,
      variant: 0,
      isFromSigner: false,
      isFollowed: false,
    })
  }

  /** The name was found, or a wildcard stands for it. */
  found(node: number, isWildcard: boolean): void {
    const step = this.steps.at(-1)!
    step.node = node
    step.looked = node
    step.isWildcard = isWildcard
  }

  /** A zone cut or a DNAME was found on the way down to the name. */
  foundAbove(node: number, group: number): void {
    const step = this.steps.at(-1)!
    step.above = node
    step.looked = node
    step.group = group
  }

  /** Of the groups at the name this one, or none (0), is the visitor's. */
  chose(group: number): void {
    this.steps.at(-1)!.group = group
  }

  /** Of the variants of a group this one is given. Those of additional records say nothing here. */
  drew(group: number, variant: number): void {
    const step = this.steps.findLast((each) => each.group === group)
    if (step !== undefined && step.variant === 0) step.variant = variant
  }

  followed(): void {
    this.steps.at(-1)!.isFollowed = true
  }

  madeBySigner(): void {
    this.steps.at(-1)!.isFromSigner = true
  }

  end(state: number): void {
    this.state = state
  }
}
