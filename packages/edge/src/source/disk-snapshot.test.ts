import { afterAll, expect, test } from 'bun:test'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { writeLines } from '@waymark/dns/feed-codec'
import { processQuery } from '../answer/process-query.ts'
import { Query } from '../answer/query.ts'
import { queryPacket, readAnswer } from '../testing/ask.ts'
import { testKeys } from '../testing/keys.ts'
import { everybodyOn } from '../testing/ranges.ts'
import { frame, groupsFrame, SOA_AND_NS, writeGroups, zoneFrame, zoneIdOf } from '../testing/zone-text.ts'
import { ZONE_KEYS } from '../zone-table/layout.ts'
import { TableView } from '../zone-table/view.ts'
import { loadSnapshot, saveSnapshot } from './disk-snapshot.ts'
import { LiveTable } from './live-table.ts'
import { HEAD_SIZE, OtherVersionError } from './snapshot-head.ts'

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
  expect(loadSnapshot(path, loaded)).toBe(true)
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
  loadSnapshot(path, loaded)
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
  loadSnapshot(path, loaded)
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

test('a file that is not there is no error', () => {
  expect(loadSnapshot(join(folder, 'none'), new LiveTable(() => {}))).toBe(false)
})

test('a table in the middle of a frame that made no sense is not saved, and the file stays as it was', async () => {
  const table = tableWith(zoneFrame({ apex: APEX, text: SOA_AND_NS }))
  const path = join(folder, 'torn.snapshot')
  await saveSnapshot(path, table)
  const broken = frame(42, zoneIdOf(APEX), 42, (payload) => {
    writeGroups(payload, APEX, 'half 300 A 192.0.2.1')
    payload.u8(99)
  })
  expect(() => table.apply(broken, 0)).toThrow('Operation 99 is unknown.')
  await expect(saveSnapshot(path, table)).rejects.toThrow('A frame of the feed was broken off.')
  expect(await readdir(folder)).not.toContain('torn.snapshot.part')
  const loaded = new LiveTable(() => {})
  loadSnapshot(path, loaded)
  expect(ask(loaded, 'half.example.org')).toBe('NXDOMAIN AA')
})

test('a file of the form before is told from a damaged one', async () => {
  const path = join(folder, 'old.snapshot')
  await Bun.write(path, 'WMEDGE03 and what it had then')
  const load = () => loadSnapshot(path, new LiveTable(() => {}))
  expect(load).toThrow(OtherVersionError)
  await Bun.write(path, 'something else')
  expect(load).not.toThrow(OtherVersionError)
  expect(load).toThrow('This is no snapshot of an edge.')
})

test('a table of another layout is told from a damaged one', async () => {
  const path = join(folder, 'layout.snapshot')
  await saveSnapshot(path, tableWith(zoneFrame({ apex: APEX, text: SOA_AND_NS })))
  const octets = await Bun.file(path).bytes()
  const head = new Uint32Array(octets.buffer, 8, (HEAD_SIZE - 8) / 4)
  head[0]! ^= 1
  head[head.length - 1] = crc32(octets.subarray(0, HEAD_SIZE - 4))
  await Bun.write(path, octets)
  expect(() => loadSnapshot(path, new LiveTable(() => {}))).toThrow(OtherVersionError)
})

test('a file with a single bit turned, cut short or grown is refused, and the table stays as it was', async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `h${i} 300 TXT "${'x'.repeat(i % 90)}"`).join('\n')
  const path = join(folder, 'damaged.snapshot')
  await saveSnapshot(path, tableWith(zoneFrame({ apex: APEX, text: `${SOA_AND_NS}\n${rows}` })))
  const octets = await Bun.file(path).bytes()
  const table = new LiveTable(() => {})
  const damaged = async (content: Uint8Array): Promise<boolean> => {
    await Bun.write(path, content)
    try {
      return !loadSnapshot(path, table)
    } catch {
      return true
    }
  }
  const places = [
    ...Array(HEAD_SIZE).keys(),
    ...Array.from({ length: 60 }, (_, i) => (i * 7919 * 131) % octets.length),
  ]
  for (const place of [...places, octets.length - 1]) {
    octets[place]! ^= 1 << (place % 8)
    expect([place, await damaged(octets)]).toEqual([place, true])
    octets[place]! ^= 1 << (place % 8)
  }
  for (const size of [0, 7, 8, HEAD_SIZE - 1, HEAD_SIZE, 70_000, octets.length - 1]) {
    expect([size, await damaged(octets.subarray(0, size))]).toEqual([size, true])
  }
  expect(await damaged(Buffer.concat([octets, Uint8Array.of(0)]))).toBe(true)
  expect([table.store, table.writer.zones.size]).toEqual(['', 0])
  expect(await damaged(octets)).toBe(false)
})

test('what is saved while the table changes without a pause is one state of it, and the position is that state’s', async () => {
  const rows = (text: string, from: number, count: number) =>
    Array.from({ length: count }, (_, i) => `h${from + i} 300 TXT "${text}" "${'x'.repeat(200)}"`).join('\n')
  const table = tableWith(zoneFrame({ apex: APEX, text: `${SOA_AND_NS}\n${rows('0', 0, 20_000)}` }))
  const path = join(folder, 'live.snapshot')
  let isSaved = false
  const saving = saveSnapshot(path, table).finally(() => {
    isSaved = true
  })
  let seq = 41
  while (!isSaved) {
    seq++
    // The first ten change everywhere, new ones make the buffers grow, and now and then they are all replaced.
    table.apply(groupsFrame(APEX, `${rows(String(seq), 0, 10)}\n${rows('new', 1000 * seq, 50)}`, seq, seq), 0)
    if (seq % 16 === 0) table.writer.rebuild()
    await setImmediate()
  }
  const position = await saving
  expect(position.seq).toBeGreaterThan(41)
  const loaded = new LiveTable(() => {})
  loadSnapshot(path, loaded)
  expect(loaded.seq).toBe(position.seq)
  for (let i = 0; i < 10; i++) {
    expect(ask(loaded, `h${i}.example.org`, 'TXT')).toContain(`"${position.seq}"`)
  }
  expect(ask(loaded, `h${1000 * position.seq + 49}.example.org`, 'TXT')).toContain('"new"')
  expect(ask(loaded, `h${1000 * (position.seq + 1)}.example.org`, 'TXT')).toBe('NXDOMAIN AA')
  expect(loaded.writer.recordSets).toBe(20_002 + 50 * (position.seq - 41))
})
