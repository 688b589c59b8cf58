import { afterAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OP_ZONE_EMPTIED, OP_ZONE_REMOVED, writeGroup, writeKeys, writeLines } from '@waymark/dns/feed-codec'
import { processQuery } from '../answer/process-query.ts'
import { Query } from '../answer/query.ts'
import { queryPacket, readAnswer } from '../testing/ask.ts'
import { testKeys } from '../testing/keys.ts'
import { everybodyOn } from '../testing/ranges.ts'
import {
  frame,
  groupsFrame,
  networkFrame,
  SOA_AND_NS,
  wire,
  zoneFrame,
  zoneIdOf,
} from '../testing/zone-text.ts'
import { accessFrame, LOOPBACK, OPEN, TransferLab } from '../transfer/testing.ts'
import { TableView } from '../zone-table/view.ts'
import { loadSnapshot, saveSnapshot } from './disk-snapshot.ts'

const folder = await mkdtemp(join(tmpdir(), 'waymark-edge-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const ACCOUNT = 'd'.repeat(32)
const CATALOG = 'catalog.example'
const LINE = 'Dianxin'
const OWN_LINE = 'custom_1'
const NETWORKS = ['n0', 'n1', 'n2']
const OWNERS = ['@', 'www', 'a.b', '*.w', 'sub', 'x.sub', 'old', 'alias', 'tree', 'new']
const TYPES = ['SOA', 'A', 'TXT', 'NS', 'DNSKEY']
/** Nobody's, on an own line, and in two networks. */
const VISITORS = ['203.0.113.9', '192.0.2.97', '10.0.0.1', '10.1.0.1']
const PUBLIC = Array.from({ length: 20 }, (_, i) => `z${i}.example`)
const PRIVATE = ['corp.example', 'z1.example', 'home.example']

/** Contents of zone `i`: each has a part of everything, another one each. */
function textOf(i: number, round: number): string {
  const parts = [
    `www 300 A 192.0.2.${i}\nwww 300 A 192.0.2.${100 + round}`,
    'a.b 300 TXT "below an empty non-terminal"',
    '*.w 300 A 192.0.2.3',
    'sub 300 NS ns.sub\nns.sub 300 A 192.0.2.4',
    'old 300 TXT "old"',
    'alias 300 CNAME www',
    'tree 300 DNAME z2.example.',
    `; line ${LINE}\nwww 300 A 192.0.2.${50 + i}\n; line ${OWN_LINE}\nwww 60 TXT "own ${round}"\n; line`,
    '; weight 3\nold 60 A 192.0.2.6\n; weight 1\nold 60 A 192.0.2.7\n; weight',
  ]
  return parts.filter((_, part) => (i + round) % (part + 2) !== 1).join('\n')
}

/** Everything that a feed can say of zones, lines, networks and transfers. */
function world(): Uint8Array[] {
  const lines = frame(1, '0'.repeat(32), 0, (payload) =>
    writeLines(
      payload,
      ACCOUNT,
      [{ id: OWN_LINE, segments: [[0xc0000260, 0xc0000263]] }],
      [{ id: 'lgroup_1', members: [OWN_LINE, LINE] }],
    ),
  )
  const zones = PUBLIC.map((apex, i) =>
    zoneFrame({
      apex,
      serial: 4_000_000_000 + i,
      isAnswered: i % 7 !== 3,
      ...(i % 3 === 0 ? { account: ACCOUNT } : {}),
      ...(i % 10 === 0 ? { keys: testKeys() } : {}),
      text: `${i === 11 ? '' : SOA_AND_NS}\n${textOf(i, 0)}`,
    }),
  )
  const hidden = PRIVATE.map((apex, i) =>
    zoneFrame({
      apex,
      id: zoneIdOf(`private ${apex}`),
      kind: 1,
      networks: NETWORKS.slice(i),
      isRecursive: i === 1,
      text: `${SOA_AND_NS}\n${textOf(30 + i, 0)}`,
    }),
  )
  return [
    lines,
    networkFrame('n0', ['10.0.0.0/16'], ['192.0.2.53']),
    networkFrame('n1', ['10.1.0.0/16', '2001:db8:9::/48']),
    ...zones,
    ...hidden,
    accessFrame('z4.example', { allow: [], notify: [] }, 1, 4_000_000_004),
    accessFrame('z5.example', { allow: [LOOPBACK], notify: [] }, 1, 4_000_000_005),
  ]
}

/** Changes of every kind, with serials from `seq` on. */
function changes(seq: number): Uint8Array[] {
  const put = (apex: string, text: string) => groupsFrame(apex, text, seq, seq)
  const many = Array.from({ length: 3000 }, (_, i) => `h${seq}-${i}.deep.down 300 A 192.0.2.${i % 250}`)
  const whole = (apex: string, op: number) => frame(seq, zoneIdOf(apex), seq, (payload) => payload.u8(op))
  return [
    ...PUBLIC.slice(0, 8).map((apex, i) => put(apex, textOf(i, seq))),
    frame(seq, zoneIdOf('z9.example'), seq, (payload) => {
      for (const owner of ['old', 'a.b', 'sub', 'tree']) {
        for (const type of [1, 2, 16, 39]) writeGroup(payload, wire(`${owner}.z9.example`), type, '', [])
      }
    }),
    put('z10.example', many.join('\n')),
    put('z12.example', `; line lgroup_1\nnew 300 A 192.0.2.77\n; line Yidong\nnew 300 A 192.0.2.78`),
    whole('z13.example', OP_ZONE_EMPTIED),
    put('z13.example', `${SOA_AND_NS}\nnew 300 A 192.0.2.8`),
    whole('z14.example', OP_ZONE_REMOVED),
    frame(seq, zoneIdOf('private z1.example'), seq, (payload) => payload.u8(OP_ZONE_EMPTIED)),
    zoneFrame({
      ...{ apex: 'home.example', id: zoneIdOf('private home.example'), kind: 1 },
      ...{ networks: seq % 2 ? ['n1'] : ['n0', 'n9'], text: 'new 300 A 192.0.2.9' },
    }),
    zoneFrame({
      ...{ apex: 'corp.example', id: zoneIdOf('private corp.example'), kind: 1 },
      ...{ networks: seq % 2 ? ['n0'] : ['n1', 'n2'], text: '' },
    }),
    networkFrame('n9', [`10.${seq % 250}.0.0/16`]),
    frame(seq, zoneIdOf('z10.example'), seq, (payload) => writeKeys(payload, new Uint8Array())),
    accessFrame('z16.example', { allow: [], notify: [] }, seq, seq),
    zoneFrame({ apex: `made-${seq}.example`, text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1` }),
  ]
}

/** What visitors get, but for signatures, of which no two are alike. */
function answersOf({ table }: TransferLab): string[] {
  const view = new TableView(table.handle)
  view.lines.ranges = everybodyOn(LINE)
  const query = new Query(1, () => 1_800_000_000_000)
  const out = new Uint8Array(65535)
  const apexes = [...PUBLIC, ...PRIVATE, 'made-50.example', 'made-51.example']
  return apexes.flatMap((apex) =>
    OWNERS.flatMap((owner) =>
      TYPES.flatMap((type) => {
        const name = owner === '@' ? apex : `${owner}.${apex}`
        const packet = queryPacket(name, type, { isDnssecOk: true })
        return VISITORS.map((visitor) => {
          query.source = visitor
          const size = processQuery(query, view, packet, packet.length, out, true)
          const { status, answer, authority, additional } = readAnswer(out.slice(0, size))
          const records = [answer, authority, additional].map((section) =>
            section.filter((record) => !record.includes(' RRSIG ')),
          )
          return `${visitor} ${name} ${type}: ${status} ${JSON.stringify(records)} ${query.isForUpstream}`
        })
      }),
    ),
  )
}

/** All zones as secondaries get them; that of the catalog has a serial of its own after a restart. */
async function transfersOf(lab: TransferLab): Promise<unknown[]> {
  const zones: unknown[] = []
  for (const apex of [...PUBLIC, ...PRIVATE]) {
    const taken = await lab.take(apex)
    zones.push(typeof taken === 'number' ? taken : taken.filter((line) => !line.includes(' RRSIG ')))
  }
  const catalog = (await lab.take(CATALOG)) as string[]
  return [...zones, catalog.filter((line) => !line.startsWith('SOA')).sort()]
}

async function restarted(lab: TransferLab, name: string, catalog?: string): Promise<TransferLab> {
  await saveSnapshot(join(folder, name), lab.table)
  const next = new TransferLab(OPEN, [], catalog)
  expect(loadSnapshot(join(folder, name), next.table)).toBe(true)
  return next
}

test('a server that was started again answers and transfers as before, and goes on as if it had not been', async () => {
  const before = new TransferLab(OPEN, world(), CATALOG)
  let after = await restarted(before, 'first', CATALOG)
  const compare = async (): Promise<void> => {
    expect(answersOf(after)).toEqual(answersOf(before))
    expect(await transfersOf(after)).toEqual(await transfersOf(before))
    expect(after.table.writer.recordSets).toBe(before.table.writer.recordSets)
    expect([...after.table.writer.zones.keys()].sort()).toEqual([...before.table.writer.zones.keys()].sort())
  }
  await compare()
  for (const lab of [before, after]) lab.apply(...changes(50))
  await compare()
  after = await restarted(after, 'second', CATALOG)
  await compare()
  for (const lab of [before, after]) {
    lab.table.writer.rebuild()
    lab.apply(...changes(51))
  }
  await compare()
  after = await restarted(await restarted(after, 'third', CATALOG), 'fourth', CATALOG)
  await compare()
}, 30_000)

test('the books that come back are those of the table: a rebuild finds as many living words as they say', async () => {
  const before = new TransferLab(OPEN, world())
  before.apply(...PUBLIC.map((apex) => groupsFrame(apex, 'www 60 A 192.0.2.200', 2, 2)))
  const { writer } = (await restarted(before, 'books')).table
  expect(writer.memory).toEqual(before.table.writer.memory)
  const living = () => writer.memory.arenaBytes - writer.memory.garbageBytes
  const said = living()
  writer.rebuild()
  expect([living(), writer.memory.garbageBytes]).toEqual([said, 4])
})
