import { expect, test } from 'bun:test'
import { OP_ZONE_EMPTIED, writeGroup } from '@waymark/dns/feed-codec'
import { frame, groupsFrame, SOA_AND_NS, wire, zoneFrame, zoneIdOf } from '../testing/zone-text.ts'
import { TableView } from '../zone-table/view.ts'
import { accessFrame, decoded, LOOPBACK, OPEN, TransferLab, textOf, transferRequest } from './testing.ts'
import { ImageSource, TransferStream } from './transfer-stream.ts'
import { TransferWriter } from './transfer-writer.ts'

const APEX = 'example.org'
const NS = 'example.org. 172800 NS ns1.lab.example.'
const REFUSED = 5
const NOTAUTH = 9

const lab = (text = '', catalog?: string) =>
  new TransferLab(OPEN, [zoneFrame({ apex: APEX, text: `${SOA_AND_NS}\n${text}` })], catalog)

const remove = (owner: string, type: number, serial: number): Uint8Array =>
  frame(serial, zoneIdOf(APEX), serial, (payload) => writeGroup(payload, wire(owner), type, '', []))

/** Whether an IXFR is answered with the whole zone, in the form of AXFR (RFC 1995 4). */
const isWhole = async (zone: TransferLab, serial: number): Promise<boolean> =>
  !((await zone.take(APEX, serial)) as string[])[1]!.startsWith('SOA')

test('a zone goes out between its SOA records, as the default line sees it, weights united', async () => {
  const zone = lab(`
www 300 A 192.0.2.1
www 300 A 192.0.2.2
; weight 1
w 300 A 192.0.2.3
; weight 2
w 60 A 192.0.2.3
w 60 A 192.0.2.4
; weight 3
c 300 CNAME light.example.com.
; weight 9
c 300 CNAME heavy.example.com.
; line US
us 300 A 192.0.2.9
www 300 A 192.0.2.8
`)
  const records = (await zone.take(APEX)) as string[]
  expect([records[0], records.at(-1)]).toEqual(['SOA 1', 'SOA 1'])
  expect(records.slice(1, -1).sort()).toEqual([
    'c.example.org. 300 CNAME heavy.example.com.',
    NS,
    'w.example.org. 60 A 192.0.2.3',
    'w.example.org. 60 A 192.0.2.4',
    'www.example.org. 300 A 192.0.2.1',
    'www.example.org. 300 A 192.0.2.2',
  ])
})

test('nobody has a zone by default, and access of its own replaces that of all zones', async () => {
  const closed = new TransferLab({ keys: [], access: { allow: [], notify: [] } }, [
    zoneFrame({ apex: APEX, text: SOA_AND_NS }),
  ])
  expect(await closed.take(APEX)).toBe(REFUSED)
  expect(await closed.take('elsewhere.example')).toBe(REFUSED)
  closed.apply(accessFrame(APEX, { allow: [LOOPBACK], notify: [] }, 2, 1))
  expect(await closed.take(APEX)).toHaveLength(3)
  expect(await closed.take(APEX, undefined, '::ffff:127.0.0.9')).toHaveLength(3)
  for (const stranger of ['192.0.2.1', '::1', '']) expect(await closed.take(APEX, 1, stranger)).toBe(REFUSED)
  const open = lab()
  open.apply(accessFrame(APEX, { allow: [], notify: [] }, 2, 1))
  expect(await open.take(APEX)).toBe(REFUSED)
  expect(await open.take('elsewhere.example')).toBe(NOTAUTH)
})

test('private zones and zones that are not answered are not transferred', async () => {
  const zones = [
    zoneFrame({ apex: 'private.example', kind: 1, text: SOA_AND_NS }),
    zoneFrame({ apex: 'paused.example', isAnswered: false, text: SOA_AND_NS }),
  ]
  const both = new TransferLab(OPEN, zones)
  expect(await both.take('private.example')).toBe(NOTAUTH)
  expect(await both.take('paused.example')).toBe(NOTAUTH)
})

test('changes go out by IXFR: what went, what came, step by step', async () => {
  const zone = lab('www 300 A 192.0.2.1\nwww 300 A 192.0.2.2\nold 300 TXT "old"')
  zone.apply(groupsFrame(APEX, 'www 300 A 192.0.2.2\nwww 300 A 192.0.2.3', 2, 2))
  zone.apply(remove('old.example.org', 16, 3))
  zone.apply(groupsFrame(APEX, 'www 60 A 192.0.2.2', 4, 5))
  const last = [
    ...['SOA 3', 'www.example.org. 300 A 192.0.2.2', 'www.example.org. 300 A 192.0.2.3'],
    ...['SOA 5', 'www.example.org. 60 A 192.0.2.2', 'SOA 5'],
  ]
  const removal = ['SOA 2', 'old.example.org. 300 TXT "old"', 'SOA 3']
  expect(await zone.take(APEX, 1)).toEqual([
    ...['SOA 5', 'SOA 1', 'www.example.org. 300 A 192.0.2.1', 'SOA 2', 'www.example.org. 300 A 192.0.2.3'],
    ...removal,
    ...last,
  ])
  expect(await zone.take(APEX, 2)).toEqual(['SOA 5', ...removal, ...last])
  expect(await zone.take(APEX, 5)).toEqual(['SOA 5'])
  expect(await zone.take(APEX, 9)).toEqual(['SOA 5'])
  // A serial that never was, or is forgotten: everything, in the form of AXFR.
  for (const unknown of [4, 0]) expect(await isWhole(zone, unknown)).toBe(true)
})

test('a change on another line raises the serial and changes no record', async () => {
  const zone = lab('www 300 A 192.0.2.1')
  zone.apply(groupsFrame(APEX, '; line US\nwww 300 A 192.0.2.9', 2, 2))
  expect(await zone.take(APEX, 1)).toEqual(['SOA 2', 'SOA 1', 'SOA 2', 'SOA 2'])
})

test('the SOA record itself may change', async () => {
  const zone = lab()
  zone.apply(groupsFrame(APEX, '@ 60 SOA ns1.lab.example. other.lab.example. 1 7200 900 1209600 300', 2, 2))
  const messages = (await zone.ask(transferRequest(APEX, 1))).map(decoded)
  const ttls = messages.flatMap(({ answers }) => answers.map(({ ttl }) => ttl))
  expect(ttls).toEqual([60, 3600, 60, 60])
})

test('serials wrap around', async () => {
  const zone = new TransferLab(OPEN, [zoneFrame({ apex: APEX, serial: 0xffffffff, text: SOA_AND_NS })])
  zone.apply(groupsFrame(APEX, 'www 300 A 192.0.2.1', 2, 0))
  expect(await zone.take(APEX, 0xffffffff)).toEqual([
    ...['SOA 0', 'SOA 4294967295', 'SOA 0', 'www.example.org. 300 A 192.0.2.1', 'SOA 0'],
  ])
})

test('frames that come once more are not taken for changes', async () => {
  // The table is ahead of the log, as after its own snapshot: serials 2 and 3 come again.
  const zone = new TransferLab(OPEN, [
    zoneFrame({ apex: APEX, serial: 3, text: `${SOA_AND_NS}\na 300 A 192.0.2.1\nb 300 A 192.0.2.2` }),
  ])
  zone.apply(groupsFrame(APEX, 'a 300 A 192.0.2.1', 2, 2), groupsFrame(APEX, 'b 300 A 192.0.2.2', 3, 3))
  expect(await isWhole(zone, 2)).toBe(true)
  zone.apply(groupsFrame(APEX, 'c 300 A 192.0.2.3', 4, 4))
  expect(await zone.take(APEX, 3)).toEqual([
    'SOA 4',
    'SOA 3',
    'SOA 4',
    'c.example.org. 300 A 192.0.2.3',
    'SOA 4',
  ])
})

test('a zone that was emptied or came by a snapshot goes out whole', async () => {
  const zone = lab('www 300 A 192.0.2.1')
  zone.apply(
    frame(2, zoneIdOf(APEX), 2, (payload) => payload.u8(OP_ZONE_EMPTIED)),
    groupsFrame(APEX, `${SOA_AND_NS}\nnew 300 A 192.0.2.2`, 3, 3),
  )
  expect(await isWhole(zone, 1)).toBe(true)
  zone.adopt([zoneFrame({ apex: APEX, serial: 7, text: SOA_AND_NS })])
  expect(await zone.take(APEX, 3)).toEqual(['SOA 7', NS, 'SOA 7'])
})

test('a small zone that changes often forgets old steps, and none is sent twice', async () => {
  const zone = lab()
  for (let serial = 2; serial < 4000; serial++)
    zone.apply(groupsFrame(APEX, `www 300 A 192.0.2.${serial % 250}`, serial, serial))
  expect(await isWhole(zone, 1)).toBe(true)
  const late = (await zone.take(APEX, 3990)) as string[]
  expect(late.filter((line) => line.startsWith('SOA'))).toHaveLength(2 + 2 * 9)
})

test('an image holds one state, whatever is written meanwhile', async () => {
  const names = Array.from({ length: 5000 }, (_, i) => `h${i} 300 A 192.0.2.1`).join('\n')
  const zone = lab(names)
  const plan = await zone.transfers.plan({
    ...{ apex: wire(APEX), serial: undefined, source: '127.0.0.1', listener: '', keyName: undefined },
  })
  if (plan.kind !== 'image') throw new Error(plan.kind)
  const writer = new TransferWriter(1, 0x8400, transferRequest(APEX).slice(12), wire(APEX))
  const stream = new TransferStream(writer, new ImageSource(plan.image), undefined)
  const out = new Uint8Array(65535)
  const seen: string[] = []
  for (let serial = 2; !stream.isDone; serial++) {
    seen.push(...decoded(out.slice(0, stream.next(out))).answers.map(textOf))
    for (let i = 0; i < 500; i++)
      zone.apply(groupsFrame(APEX, `h${i} 300 A 192.0.2.2\nx${serial}-${i} 300 A 192.0.2.3`, serial, serial))
    zone.table.writer.rebuild()
  }
  expect(seen.at(0)).toBe('SOA 1')
  expect(seen.at(-1)).toBe('SOA 1')
  expect(seen.slice(1, -1).filter((line) => !/(A 192\.0\.2\.1$)|NS/.test(line))).toEqual([])
  expect(seen).toHaveLength(5003)
  // What is there now is found by the list of nodes, after a rebuild too.
  const count = ((await zone.take(APEX)) as string[]).length
  expect(count).toBeGreaterThan(5003)
  expect(new TableView(zone.table.handle).generation).toBe(zone.table.handle.generation)
}, 120_000)

test('the catalog lists the public zones that are answered, and changes by IXFR', async () => {
  const zones = [
    zoneFrame({ apex: 'private.example', kind: 1, text: SOA_AND_NS }),
    zoneFrame({ apex: 'paused.example', isAnswered: false, text: SOA_AND_NS }),
    zoneFrame({ apex: APEX, text: SOA_AND_NS }),
  ]
  const catalog = new TransferLab(OPEN, zones, 'catalog.waymark')
  const member = (apex: string) => `${zoneIdOf(apex)}.zones.catalog.waymark. 0 PTR ${apex}.`
  const whole = (await catalog.take('catalog.waymark')) as string[]
  expect(whole.slice(1, -1).sort()).toEqual(
    [member(APEX), 'catalog.waymark. 0 NS invalid.', 'version.catalog.waymark. 0 TXT "2"'].sort(),
  )
  catalog.apply(zoneFrame({ apex: 'new.example', text: SOA_AND_NS }, 9))
  const after = ['SOA 9', 'SOA 1', 'SOA 9', member('new.example'), 'SOA 9']
  expect(await catalog.take('catalog.waymark', 1)).toEqual(after)
  catalog.apply(zoneFrame({ apex: 'new.example', isAnswered: false, text: SOA_AND_NS }, 10))
  expect(await catalog.take('catalog.waymark', 9)).toEqual([
    ...['SOA 10', 'SOA 9', member('new.example'), 'SOA 10', 'SOA 10'],
  ])
  expect(await lab().take('catalog.waymark')).toBe(NOTAUTH)
})
