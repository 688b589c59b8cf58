/** Process accounting and statistics for the benches. Linux only: reads /proc. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { median, min: sorted[0]!, max: sorted[sorted.length - 1]! }
}

export const show = (s: Spread, digits = 1): string =>
  `${s.median.toFixed(digits)} (${s.min.toFixed(digits)}–${s.max.toFixed(digits)})`

const TICKS_PER_SECOND = 100

/** The process and all its descendants. */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    const id = Number(entry)
    if (!Number.isInteger(id)) continue
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'latin1')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      children.set(parent, [...(children.get(parent) ?? []), id])
    } catch {
      // the process ended while we looked
    }
  }
  const tree = [pid]
  for (let i = 0; i < tree.length; i++) tree.push(...(children.get(tree[i]!) ?? []))
  return tree
}

/** User and system seconds that the process tree has used so far. */
export function cpuSeconds(pid: number): number {
  let ticks = 0
  for (const id of processTree(pid)) {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'latin1')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      ticks += Number(fields[11]) + Number(fields[12])
    } catch {
      // ended
    }
  }
  return ticks / TICKS_PER_SECOND
}

/** Proportional memory (PSS) of the process tree, bytes: shared pages count once. */
export function memoryBytes(pid: number): number {
  let kilobytes = 0
  for (const id of processTree(pid)) {
    try {
      const rollup = readFileSync(`/proc/${id}/smaps_rollup`, 'latin1')
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)
    } catch {
      // ended
    }
  }
  return kilobytes * 1024
}
