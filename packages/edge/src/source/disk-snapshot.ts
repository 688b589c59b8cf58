import { open, rename, rm } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { OctetWriter } from '@waymark/dns/feed-codec'
import { dumpFrames } from '../zone-table/dump.ts'
import { FrameStream } from './frame-stream.ts'
import type { LiveTable } from './live-table.ts'

/**
 * The edge's own copy of its table, so that it answers when it starts before, or without, the control plane:
 *
 *     "WMEDGE03" | u64 seq | u8 length, store id | frames as in the feed | u32 CRC-32 of everything before
 */
const MAGIC = new TextEncoder().encode('WMEDGE03')
const CHUNK = 1 << 20

/** Writes the table to `path`, atomically. Changes may go on meanwhile: the file then holds a little more than its `seq`. */
export async function saveSnapshot(path: string, table: LiveTable): Promise<void> {
  const part = `${path}.part`
  const { seq, store, writer } = table
  const file = await open(part, 'w', 0o600)
  try {
    let crc = 0
    const write = async (octets: Uint8Array): Promise<void> => {
      crc = crc32(octets, crc)
      await file.write(octets)
    }
    const head = new OctetWriter()
    head.bytes(MAGIC)
    head.u64(seq)
    const storeOctets = new TextEncoder().encode(store)
    head.u8(storeOctets.length)
    head.bytes(storeOctets)
    await write(head.finish())
    for (const frame of dumpFrames(writer, seq)) await write(frame)
    const tail = new OctetWriter()
    tail.u32(crc)
    await file.write(tail.finish())
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(part, path)
}

/**
 * Fills `table` from the file. False when there is no file. Throws when it is damaged: it is to be ignored then, and
 * `table` is as it was.
 */
export async function loadSnapshot(path: string, table: LiveTable): Promise<boolean> {
  const file = Bun.file(path)
  if (!(await file.exists())) return false
  const end = file.size - 4
  const headSize = MAGIC.length + 9
  if (end < headSize) throw new Error('The snapshot is too short.')
  await checkCrc(file, end)
  const head = new DataView(await file.slice(0, headSize).arrayBuffer())
  for (let i = 0; i < MAGIC.length; i++) {
    if (head.getUint8(i) !== MAGIC[i]) throw new Error('This is no snapshot of an edge.')
  }
  const seq = Number(head.getBigUint64(MAGIC.length))
  const storeEnd = headSize + head.getUint8(headSize - 1)
  const store = await file.slice(headSize, storeEnd).text()
  const draft = table.draft()
  const frames = new FrameStream()
  for (let at = storeEnd; at < end; at += CHUNK) {
    const chunk = new Uint8Array(await file.slice(at, Math.min(end, at + CHUNK)).arrayBuffer())
    frames.push(chunk, (octets, start) => draft.applier.apply(octets, start))
  }
  if (!frames.isWhole) throw new Error('The snapshot ends inside a frame.')
  table.adopt(draft, store, seq)
  return true
}

async function checkCrc(file: Bun.BunFile, end: number): Promise<void> {
  let crc = 0
  for (let at = 0; at < end; at += CHUNK) {
    crc = crc32(new Uint8Array(await file.slice(at, Math.min(end, at + CHUNK)).arrayBuffer()), crc)
  }
  const stored = new DataView(await file.slice(end, end + 4).arrayBuffer()).getUint32(0)
  if (stored !== crc) throw new Error('The checksum of the snapshot is wrong.')
}

/** Puts a damaged file out of the way. */
export async function removeSnapshot(path: string): Promise<void> {
  await rm(path, { force: true })
}
