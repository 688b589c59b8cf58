import { afterAll, expect, test } from 'bun:test'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { writeLines } from '@waymark/dns/feed-codec'
import { processQuery } from '../answer/process-query.ts'
import { Query } from '../answer/query.ts'
import { queryPacket, readAnswer } from '../testing/ask.ts'
import { testKeys } from '../testing/keys.ts'
import { everybodyOn } from '../testing/ranges.ts'
import { frame, groupsFrame, SOA_AND_NS, zoneFrame, zoneIdOf } from '../testing/zone-text.ts'
import { dumpFrames } from '../zone-table/dump.ts'
import { ZONE_KEYS } from '../zone-table/layout.ts'
import { TableView } from '../zone-table/view.ts'
import { loadSnapshot, saveSnapshot } from './disk-snapshot.ts'
import { LiveTable } from './live-table.ts'

const folder = await mkdtemp(join(tmpdir(), 'waymark-edge-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const APEX = 'example.org'

function tableWith(...frames: Uint8Array[]): LiveTable {
  const table = new LiveTable(() => {})
  const draft = table.draft()
  for (const octets of frames) draft.applier.apply(octets, 0)
  table.adopt(draft, 'store-1', 41)
  return table
}

function ask(table: LiveTable, name: string, type = 'A'): string {
  const packet = queryPacket(name, type)
  const out = new Uint8Array(65535)
  const query = new Query(1)
  query.source = '192.0.2.99'
  const view = new TableView(table.handle)
  view.lines.ranges = everybodyOn('Dianxin')
  const size = processQuery(query, view, packet, packet.length, out, true)
  const { status, answer } = readAnswer(out.slice(0, size))
  return [status, ...answer].join(' | ')
}

test('what is saved is loaded: zones of all kinds, weights, lines, serials, empty non-terminals, cuts', async () => {
  const table = tableWith(
    zoneFrame({
      apex: APEX,
      serial: 4_000_000_000,
      text: `${SOA_AND_NS}
a.b.c 300 A 192.0.2.1
sub 300 NS ns.sub
ns.sub 300 A 192.0.2.2
* 300 TXT "any"
; line Dianxin
www 300 A 192.0.2.3
; line
www 300 A 192.0.2.4
; weight 7
w 300 A 192.0.2.5
`,
    }),
    zoneFrame({ apex: 'off.example', text: SOA_AND_NS, isAnswered: false }),
    zoneFrame({ apex: 'private.example', text: SOA_AND_NS, kind: 1 }),
    zoneFrame({ apex: 'empty.example', text: '' }),
  )
  const path = join(folder, 'all.snapshot')
  await saveSnapshot(path, table)
  const loaded = new LiveTable(() => {})
  expect(await loadSnapshot(path, loaded)).toBe(true)
  expect([loaded.store, loaded.seq]).toEqual(['store-1', 41])
  expect(loaded.writer.zones.size).toBe(4)
  expect(loaded.writer.recordSets).toBe(table.writer.recordSets)
  for (const [name, type] of [
    ['example.org', 'SOA'],
    ['b.c.example.org', 'A'],
    ['x.sub.example.org', 'A'],
    ['q.example.org', 'TXT'],
    ['www.example.org', 'A'],
    ['w.example.org', 'A'],
    ['off.example', 'SOA'],
    ['private.example', 'SOA'],
    ['empty.example', 'SOA'],
  ] as const) {
    expect(ask(loaded, name, type)).toBe(ask(table, name, type))
  }
  expect(ask(loaded, 'www.example.org')).toContain('192.0.2.3')
  expect(ask(loaded, 'example.org', 'SOA')).toContain(' 4000000000 ')
})

test('own lines of accounts and whose a zone is are saved too', async () => {
  const account = 'd'.repeat(32)
  const table = tableWith(
    frame(1, '0'.repeat(32), 0, (payload) =>
      writeLines(
        payload,
        account,
        [{ id: 'custom_1', segments: [[0xc0000260, 0xc0000263]] }],
        [{ id: 'lgroup_1', members: ['custom_1', 'CN'] }],
      ),
    ),
    zoneFrame({
      apex: APEX,
      account,
      text: `${SOA_AND_NS}\n; line custom_1\nwww 300 A 192.0.2.3\n; line lgroup_1\nftp 300 A 192.0.2.4`,
    }),
  )
  const path = join(folder, 'lines.snapshot')
  await saveSnapshot(path, table)
  const loaded = new LiveTable(() => {})
  await loadSnapshot(path, loaded)
  expect(ask(loaded, 'www.example.org')).toContain('192.0.2.3')
  expect(ask(loaded, 'ftp.example.org')).toContain('192.0.2.4')
})

test('keys of zones are saved too, readable by the owner of the file alone', async () => {
  const keys = testKeys()
  const table = tableWith(
    zoneFrame({ apex: APEX, keys, text: SOA_AND_NS }),
    zoneFrame({ apex: 'unsigned.example', text: SOA_AND_NS }),
  )
  const path = join(folder, 'keys.snapshot')
  await saveSnapshot(path, table)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const loaded = new LiveTable(() => {})
  await loadSnapshot(path, loaded)
  const keysOf = () => [...loaded.writer.zones.values()].map((zone) => zone.keys)
  expect(keysOf()).toEqual([keys, new Uint8Array()])
  loaded.writer.rebuild()
  expect(keysInArena(loaded)).toEqual(keys)
  loaded.writer.emptyZone(zoneIdOf(APEX))
  loaded.writer.commit(zoneIdOf(APEX), 2)
  expect(keysInArena(loaded)).toEqual(keys)
  loaded.writer.setKeys(zoneIdOf(APEX), new Uint8Array())
  expect(keysInArena(loaded)).toBeUndefined()
})

function keysInArena(table: LiveTable): Uint8Array | undefined {
  const view = new TableView(table.handle)
  const at = view.words[table.writer.zones.get(zoneIdOf(APEX))!.offset + ZONE_KEYS]!
  return at === 0 ? undefined : view.octets.slice((at + 1) * 4, (at + 1) * 4 + view.words[at]!)
}

test('malformed keys break the feed off', () => {
  const keys = testKeys().slice(0, -1)
  const apply = () => tableWith(zoneFrame({ apex: APEX, keys, text: SOA_AND_NS }))
  expect(apply).toThrow('The keys of a zone are malformed.')
})

test('a file of another layout is refused', async () => {
  const path = join(folder, 'old.snapshot')
  await saveSnapshot(path, tableWith(zoneFrame({ apex: APEX, text: SOA_AND_NS })))
  const octets = await Bun.file(path).bytes()
  octets[7] = 0x31
  new DataView(octets.buffer).setUint32(octets.length - 4, crc32(octets.subarray(0, octets.length - 4)))
  await Bun.write(path, octets)
  expect(loadSnapshot(path, new LiveTable(() => {}))).rejects.toThrow('no snapshot')
})

test('a file that is not there is no error', async () => {
  expect(await loadSnapshot(join(folder, 'none'), new LiveTable(() => {}))).toBe(false)
})

test('changes and a rebuild while frames are read out lead to the right state once they are applied again', () => {
  const rows = (from: number, text: string) =>
    Array.from({ length: 3000 }, (_, i) => `h${from + i} 300 TXT "${text}${'x'.repeat(80)}"`).join('\n')
  const table = tableWith(
    zoneFrame({ apex: APEX, text: `${SOA_AND_NS}\n${rows(0, 'old')}` }),
    zoneFrame({ apex: 'other.example', text: SOA_AND_NS }),
  )
  const later = [groupsFrame(APEX, rows(1500, 'new'), 42, 42), groupsFrame(APEX, rows(9000, 'more'), 43, 43)]
  const copy = new LiveTable(() => {})
  const draft = copy.draft()
  let pieces = 0
  for (const octets of dumpFrames(table.writer, 41)) {
    draft.applier.apply(octets, 0)
    if (pieces === 0) table.apply(later[0]!, 0)
    if (pieces === 1) table.writer.rebuild()
    if (pieces === 2) table.apply(later[1]!, 0)
    pieces++
  }
  expect(pieces).toBeGreaterThan(3)
  copy.adopt(draft, 'store-1', 41)
  for (const octets of later) copy.apply(octets, 0)
  expect(copy.writer.recordSets).toBe(table.writer.recordSets)
  for (const i of [0, 1499, 1500, 2999, 4499, 9000, 11_999, 12_000]) {
    expect(ask(copy, `h${i}.example.org`, 'TXT')).toBe(ask(table, `h${i}.example.org`, 'TXT'))
  }
})
