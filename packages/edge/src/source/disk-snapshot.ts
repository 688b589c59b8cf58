import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import type { TableBooks } from '../zone-table/table-books.ts'
import { TableMemory } from '../zone-table/table-memory.ts'
import type { LiveTable } from './live-table.ts'
import { BlockSums, blockCount, endOf, placed, readBlocks, SUM_SIZE } from './snapshot-blocks.ts'
import { decodeHead, encodeHead, HEAD_SIZE, type SnapshotHead } from './snapshot-head.ts'

/** Where in the feed of which store a table stands. */
export interface SnapshotPosition {
  readonly store: string
  readonly seq: number
}

/** A snapshot that was written. */
export interface SavedSnapshot extends SnapshotPosition {
  readonly sizeBytes: number
}

/** The writer's side of a table as JSON. */
interface Books extends SnapshotPosition {
  readonly table: TableBooks
}

/**
 * Writes the table as it lies in memory to `path`, atomically, so that the edge answers when it starts before, or without, the
 * control plane:
 *
 *     head (snapshot-head.ts) | the parts of the table | checksums of their blocks | books as JSON
 *
 * The table may change meanwhile. What has changed while most of it was written is written again, without a pause, so that
 * the file has one state of it, and gives its position. docs/decisions/0078-snapshot.md says what that costs.
 */
export async function saveSnapshot(path: string, table: LiveTable): Promise<SavedSnapshot> {
  const part = `${path}.part`
  const file = await open(part, 'w', 0o600)
  try {
    const sums = new BlockSums()
    for (let round = 0; round < 2; round++) {
      await writeChanges(file, sums, table)
      // Flushed before the pause, so that the system has little to hold it up with.
      await file.datasync()
    }
    const saved = finish(file.fd, sums, table)
    await file.truncate(saved.sizeBytes)
    await file.sync()
    await file.close()
    await rename(part, path)
    return saved
  } catch (error) {
    await file.close().catch(() => {})
    // A disk that is full needs the place.
    await rm(part, { force: true })
    throw error
  }
}

const partsOf = ({ writer }: LiveTable) => placed(writer.parts, HEAD_SIZE)

async function writeChanges(file: FileHandle, sums: BlockSums, table: LiveTable): Promise<void> {
  for (const { octets, at } of sums.changes(partsOf(table))) {
    if (octets.length === 0) await new Promise<void>((resolve) => setImmediate(resolve))
    else await writeAll(file, octets, at)
  }
}

async function writeAll(file: FileHandle, octets: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < octets.length; ) {
    done += (await file.write(octets, done, octets.length - done, at + done)).bytesWritten
  }
}

/** Takes the cut: nothing changes from the first line to the last. */
function finish(fd: number, sums: BlockSums, table: LiveTable): SavedSnapshot {
  if (!table.isWhole) throw new Error('A frame of the feed was broken off.')
  const { store, seq, writer } = table
  const write = (octets: Uint8Array, at: number): void => {
    let done = 0
    while (done < octets.length) done += writeSync(fd, octets, done, octets.length - done, at + done)
  }
  const parts = partsOf(table)
  for (const { octets, at } of sums.changes(parts)) write(octets, at)
  const text = JSON.stringify({ store, seq, table: writer.books } satisfies Books)
  const books = new TextEncoder().encode(text)
  const tail = Buffer.concat([new Uint8Array(sums.all.buffer), books])
  write(tail, endOf(parts))
  const partWords = parts.map(({ octets }) => octets.length / 4)
  write(encodeHead({ partWords, booksSize: books.length, tailSum: Bun.hash.crc32(tail) }), 0)
  return { store, seq, sizeBytes: endOf(parts) + tail.length }
}

/**
 * Fills `table` from the file. False when there is no file. Throws when it is damaged, or OtherVersionError when another version has
 * written it: it is to be ignored then, and `table` is as it was.
 */
export function loadSnapshot(path: string, table: LiveTable): boolean {
  const fd = openIfThere(path)
  if (fd === undefined) return false
  try {
    const head = decodeHead(readAt(fd, 0, HEAD_SIZE))
    const sizes = head.partWords.map((words) => words * 4)
    const tailAt = HEAD_SIZE + sizes.reduce((sum, size) => sum + size, 0)
    const { sums, books } = readTail(fd, tailAt, head, blockCount(sizes))
    const memory = new TableMemory(books.table.memory, head.partWords)
    let block = 0
    for (const { octets, at } of placed(memory.parts, HEAD_SIZE)) {
      const count = blockCount([octets.length])
      const read = (into: Uint8Array, from: number) => readSync(fd, into, 0, into.length, at + from)
      if (!readBlocks(octets, sums.subarray(block, block + count), read)) {
        throw new Error('A checksum of the table is wrong.')
      }
      block += count
    }
    table.adopt(table.draft({ memory, books: books.table }), books.store, books.seq)
    return true
  } finally {
    closeSync(fd)
  }
}

function readTail(
  fd: number,
  at: number,
  { booksSize, tailSum }: SnapshotHead,
  blocks: number,
): { sums: BigUint64Array; books: Books } {
  const size = blocks * SUM_SIZE + booksSize
  if (fstatSync(fd).size !== at + size) throw new Error('The snapshot has not the size that it should have.')
  const tail = readAt(fd, at, size)
  if (Bun.hash.crc32(tail) !== tailSum) throw new Error('The checksum of the books is wrong.')
  const sums = new BigUint64Array(tail.buffer, 0, blocks)
  return { sums, books: JSON.parse(new TextDecoder().decode(tail.subarray(blocks * SUM_SIZE))) }
}

/** As many octets as there are, up to `size`. */
function readAt(fd: number, at: number, size: number): Uint8Array {
  const octets = new Uint8Array(size)
  let filled = 0
  for (let got = -1; got !== 0 && filled < size; filled += got) {
    got = readSync(fd, octets, filled, size - filled, at + filled)
  }
  return octets.subarray(0, filled)
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Puts a damaged file out of the way. */
export async function removeSnapshot(path: string): Promise<void> {
  await rm(path, { force: true })
}
