import type { WrittenZone } from './written-zone.ts'

/** Is told what the writer of a table changes, at once, in the writer's thread. Offsets are of the arena as it is then. */
export interface TableObserver {
  /** A group took the place of another; 0: there was none, or there is none any more. */
  groupReplaced(zone: WrittenZone, node: number, type: number, line: number, old: number, now: number): void
  /** A zone was made, emptied, removed, has other keys or other access, or is answered or no longer answered. */
  zoneChanged(zone: WrittenZone): void
  /** A frame of a zone ends. Everything it replaced is still in the arena. */
  committing(zone: WrittenZone, oldSerial: number, serial: number): void
}
