import { expect, test } from 'bun:test'
import { zipSync } from 'fflate'
import { openZip, ZIP_LIMITS, ZipFault } from './zip.ts'

const text = (value: string) => new TextEncoder().encode(value)
const read = (bytes: Uint8Array, name: string, limits = ZIP_LIMITS) => {
  const pieces = [...openZip(bytes, limits).read(name)]
  return new TextDecoder().decode(Buffer.concat(pieces))
}
const sample = () =>
  zipSync({ 'a.txt': text('one '.repeat(1000)), 'b.txt': [text('two'), { level: 0 }] }, { level: 6 })

/** Places of a signature, so that tests can lie about what follows it. */
function find(bytes: Uint8Array, signature: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const places: number[] = []
  for (let at = 0; at + 4 <= bytes.length; at++) if (view.getUint32(at, true) === signature) places.push(at)
  return places
}
const DIRECTORY = 0x02014b50
const END = 0x06054b50

test('packed and stored entries are read by name, whatever its case', () => {
  expect(read(sample(), 'a.txt')).toBe('one '.repeat(1000))
  expect(read(sample(), 'B.TXT')).toBe('two')
  expect(() => read(sample(), 'c.txt')).toThrow(ZipFault)
})

test('a file cut off anywhere is refused, never read half', () => {
  const bytes = sample()
  for (let length = 0; length < bytes.length; length += 7) {
    expect(() => read(bytes.slice(0, length), 'a.txt')).toThrow(ZipFault)
  }
})

test('flipping any single octet gives the same content or a fault, nothing else', () => {
  const bytes = sample()
  for (let at = 0; at < bytes.length; at++) {
    const damaged = bytes.slice()
    damaged[at]! ^= 0x55
    try {
      expect(read(damaged, 'a.txt')).toBe('one '.repeat(1000))
    } catch (fault) {
      expect(fault).toBeInstanceOf(ZipFault)
    }
  }
})

test('a bomb is refused while it unpacks, within its limits of size and ratio', () => {
  const bomb = zipSync({ bomb: new Uint8Array(24 * 1024 * 1024) }, { level: 9 })
  expect(bomb.length).toBeLessThan(200_000)
  let unpacked = 0
  const unpack = (limits: typeof ZIP_LIMITS) => {
    unpacked = 0
    for (const piece of openZip(bomb, limits).read('bomb')) unpacked += piece.length
  }
  expect(() => unpack(ZIP_LIMITS)).toThrow('packed more than 100 times')
  expect(unpacked).toBeLessThanOrEqual(ZIP_LIMITS.ratioFromBytes + 100 * bomb.length)
  const generous = { ...ZIP_LIMITS, inflatedBytes: 8 * 1024 * 1024, ratio: 100_000 }
  expect(() => unpack(generous)).toThrow('larger than 8388608 bytes when unpacked')
  expect(unpacked).toBeLessThanOrEqual(8 * 1024 * 1024)
})

test('a bomb whose directory states a small size is refused at that size', () => {
  const bomb = zipSync({ bomb: new Uint8Array(8 * 1024 * 1024) }, { level: 9 })
  new DataView(bomb.buffer).setUint32(find(bomb, DIRECTORY)[0]! + 24, 1000, true)
  expect(() => [...openZip(bomb).read('bomb')]).toThrow('larger than the archive says')
})

test('the limit of size counts all entries together', () => {
  const bytes = zipSync({ a: new Uint8Array(600), b: new Uint8Array(600) })
  const archive = openZip(bytes, { ...ZIP_LIMITS, inflatedBytes: 1000 })
  expect([...archive.read('a')].length).toBe(1)
  expect(() => [...archive.read('b')]).toThrow('larger than 1000 bytes')
})

test('entries that share their data are refused', () => {
  const bytes = sample()
  const [first, second] = find(bytes, DIRECTORY)
  const view = new DataView(bytes.buffer)
  view.setUint32(second! + 42, view.getUint32(first! + 42, true), true)
  expect(() => openZip(bytes)).toThrow('overlap')
})

test('two entries of one name are refused, since readers would differ about which counts', () => {
  const bytes = zipSync({ 'a.txt': text('one'), 'b.txt': text('two') })
  for (const place of find(bytes, DIRECTORY)) bytes[place + 46] = 0x61
  expect(() => openZip(bytes)).toThrow('two parts named')
})

test('encrypted entries, too many entries and directories that point nowhere are refused', () => {
  const encrypted = sample()
  encrypted[find(encrypted, DIRECTORY)[0]! + 8]! |= 1
  expect(() => openZip(encrypted)).toThrow('encrypted')

  const many = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`f${n}`, new Uint8Array(0)]))
  expect(() => openZip(zipSync(many), { ...ZIP_LIMITS, entries: 10 })).toThrow('more than 10 entries')

  const lost = sample()
  new DataView(lost.buffer).setUint32(find(lost, END)[0]! + 16, 0xfffffff0, true)
  expect(() => openZip(lost)).toThrow(ZipFault)

  const elsewhere = sample()
  new DataView(elsewhere.buffer).setUint32(find(elsewhere, DIRECTORY)[0]! + 42, 5, true)
  expect(() => openZip(elsewhere)).toThrow('not where the directory says')
})

test('an archive written with 64-bit fields is read', () => {
  const plain = zipSync({ 'a.txt': [text('hello'), { level: 0 }] })
  const at = find(plain, DIRECTORY)[0]!
  const end = find(plain, END)[0]!
  const extra = new DataView(new ArrayBuffer(28))
  extra.setUint16(0, 1, true)
  extra.setUint16(2, 24, true)
  extra.setBigUint64(4, 5n, true)
  extra.setBigUint64(12, 5n, true)
  extra.setBigUint64(20, 0n, true)
  const directory = new Uint8Array(end - at + 28)
  directory.set(plain.subarray(at, end))
  directory.set(new Uint8Array(extra.buffer), end - at)
  const header = new DataView(directory.buffer)
  for (const field of [20, 24, 42]) header.setUint32(field, 0xffffffff, true)
  header.setUint16(30, 28, true)
  const tail = new DataView(new ArrayBuffer(56 + 20 + 22))
  tail.setUint32(0, 0x06064b50, true)
  tail.setBigUint64(4, 44n, true)
  tail.setBigUint64(32, 1n, true)
  tail.setBigUint64(40, BigInt(directory.length), true)
  tail.setBigUint64(48, BigInt(at), true)
  tail.setUint32(56, 0x07064b50, true)
  tail.setBigUint64(64, BigInt(at + directory.length), true)
  tail.setUint32(76, END, true)
  for (const field of [8, 10]) tail.setUint16(76 + field, 0xffff, true)
  for (const field of [12, 16]) tail.setUint32(76 + field, 0xffffffff, true)
  const bytes = new Uint8Array(Buffer.concat([plain.subarray(0, at), directory, new Uint8Array(tail.buffer)]))
  expect(read(bytes, 'a.txt')).toBe('hello')
})
