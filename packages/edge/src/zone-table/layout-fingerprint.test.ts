import { expect, test } from 'bun:test'
import { crc32 } from 'node:zlib'
import { encodeZoneKeys } from '@waymark/dns/dnssec/zone-keys'
import { MemorySource } from '../source/memory.ts'
import { networkFrame, SOA_AND_NS, zoneFrame } from '../testing/zone-text.ts'
import { layoutFingerprint } from './layout-fingerprint.ts'
import { type MemoryBooks, TableMemory } from './table-memory.ts'
import { TableWriter } from './writer.ts'

const EMPTY: MemoryBooks = {
  ...{ seed: 4711, control: [], nextNumber: 1, liveWords: 0, recordSets: 0, counts: [0, 0, 0] },
  lines: { names: [''], accounts: [] },
  networks: { names: [''], clients: [] },
}

const KEYS = encodeZoneKeys([
  {
    ...{
      flags: 257,
      algorithm: 13,
      publicKey: new Uint8Array(64).fill(1),
      privateKey: new Uint8Array(32).fill(2),
    },
    times: { published: 1, active: 2, retired: 3, removed: 4 },
  },
])

const TEXT = `${SOA_AND_NS}
www 300 A 192.0.2.1
*.a.b 300 TXT "text"
sub 300 NS ns.sub
tree 300 DNAME example.com.
; line US
www 300 A 192.0.2.2
; weight 7
www 60 A 192.0.2.3
`

test('octets of another meaning have another fingerprint, so that no edge takes up a snapshot that it reads otherwise', () => {
  const books = { memory: EMPTY, transferPolicy: '', zones: [] }
  const source = new MemorySource(new TableWriter(() => {}, { memory: new TableMemory(EMPTY), books }))
  source.apply(zoneFrame({ apex: 'example.org', text: TEXT, account: 'a', keys: KEYS, serial: 7 }))
  source.apply(zoneFrame({ apex: 'example.net', text: '', kind: 1, networks: ['n'], isRecursive: true }))
  source.apply(networkFrame('n', ['192.0.2.0/24'], ['192.0.2.53']))
  const { parts, books: written } = source.writer
  // After a change of the octets or of the books: raise REVISION, unless the fingerprint is another one already, then
  // put the new numbers here.
  expect([layoutFingerprint(), ...parts.map((part) => crc32(part)), crc32(JSON.stringify(written))]).toEqual([
    541831975, 3956195223, 2097028824, 498694148, 3733374541, 3860400315,
  ])
})
