import {
  SPACE_PUBLIC,
  ZONE_ACCOUNT,
  ZONE_FLAGS,
  ZONE_IS_ANSWERED,
  ZONE_IS_RECURSIVE,
  ZONE_KEYS,
  ZONE_NAME,
  ZONE_NUMBER,
  ZONE_SPACE,
} from './layout.ts'
import type { MemoryBooks, TableMemory } from './table-memory.ts'
import type { WrittenZone } from './written-zone.ts'

const NOTHING = new Uint8Array()

/** What the arena does not say of a zone: id, place, last node, words, groups, numbers of its networks, access by transfer in hex. */
export type ZoneRow = readonly [
  id: string,
  offset: number,
  lastNode: number,
  words: number,
  groups: number,
  networks: readonly number[],
  transferAccess: string,
]

/** All that a writer knows of its table besides the octets of the buffers: plain data, to be kept with a copy of them. */
export interface TableBooks {
  readonly memory: MemoryBooks
  /** In hex. */
  readonly transferPolicy: string
  readonly zones: readonly ZoneRow[]
}

/** The buffers of a table that was copied between two frames, and its books. */
export interface TableCopy {
  readonly memory: TableMemory
  readonly books: TableBooks
}

export function booksOf(
  memory: TableMemory,
  zones: Iterable<WrittenZone>,
  transferPolicy: Uint8Array,
): TableBooks {
  const rows = Array.from(
    zones,
    ({ id, offset, lastNode, words, groups, networks, transferAccess }): ZoneRow => {
      const numbers = networks.map((network) => memory.networks.number(network))
      return [id, offset, lastNode, words, groups, numbers, transferAccess.toHex()]
    },
  )
  return { memory: memory.books, transferPolicy: transferPolicy.toHex(), zones: rows }
}

/** The zone of a row. Between two frames every zone is published. */
export function zoneOf(
  { arena, lines, networks }: TableMemory,
  [id, offset, lastNode, words, groups, linked, transferAccess]: ZoneRow,
): WrittenZone {
  const word = (at: number): number => arena.words[offset + at]!
  const nameAt = (offset + ZONE_NAME) * 4
  const keysAt = word(ZONE_KEYS)
  const keysSize = keysAt === 0 ? 0 : arena.words[keysAt]!
  const isPublic = word(ZONE_SPACE) === SPACE_PUBLIC
  const networkCount = linked.length
  return {
    id,
    apex: arena.octets.slice(nameAt + 2, nameAt + 2 + arena.octets[nameAt + 1]!),
    account: lines.accountName(word(ZONE_ACCOUNT)),
    keys: keysSize === 0 ? NOTHING : arena.octets.slice((keysAt + 1) * 4, (keysAt + 1) * 4 + keysSize),
    isPublic,
    networks: networkCount === 0 ? [] : linked.map((number) => networks.name(number)),
    linked: isPublic ? [] : linked,
    transferAccess: transferAccess === '' ? NOTHING : Uint8Array.fromHex(transferAccess),
    number: word(ZONE_NUMBER),
    space: word(ZONE_SPACE),
    offset,
    lastNode,
    isAnswered: (word(ZONE_FLAGS) & ZONE_IS_ANSWERED) !== 0,
    isRecursive: (word(ZONE_FLAGS) & ZONE_IS_RECURSIVE) !== 0,
    isPublished: true,
    replaces: 0,
    words,
    groups,
  }
}
