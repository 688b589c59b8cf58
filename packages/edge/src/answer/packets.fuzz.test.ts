import { expect, test } from 'bun:test'
import { decodeMessage } from '@waymark/dns/message/decode'
import type { EdnsOption } from '@waymark/dns/message/edns'
import fc from 'fast-check'
import { rateMemory } from '../rate-limit/rate-limiter.ts'
import { queryPacket, TestTable } from '../testing/ask.ts'
import { SOA_AND_NS } from '../testing/zone-text.ts'
import { PLAIN_PROFILE, ServerProfile } from './server-profile.ts'

const many = Array.from({ length: 60 }, (_, i) => `many 300 AAAA 2001:db8::${i}`).join('\n')
const ZONE = {
  apex: 'example.org',
  text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1\nc 300 CNAME www\n* 300 TXT "w"\n${many}`,
}
const PROFILE = {
  ...PLAIN_PROFILE,
  ...{ nsid: 'n'.repeat(64), chaosId: 'one', chaosVersion: 'x'.repeat(128) },
  cookieSecrets: [new Uint8Array(16)],
}
const table = new TestTable([ZONE])
table.query.profile = new ServerProfile(PROFILE, () => 1_800_000_000_000)
table.query.source = '192.0.2.7'

/** Another one where UDP is limited: what it sends is never longer than the query's own answer. */
const limited = new TestTable([ZONE])
limited.query.profile = new ServerProfile(
  { ...PROFILE, rateLimit: { rate: 1, slip: 1, memory: rateMemory(), seed: 3 } },
  () => 1_800_000_000_000,
)
limited.query.source = '192.0.2.7'
limited.send(queryPacket('www.example.org', 'A'))

const PADDED: EdnsOption[] = [
  { code: 3, data: new Uint8Array(0) },
  { code: 10, data: new Uint8Array(8) },
  { code: 12, data: new Uint8Array(64) },
]
/** Labels of the names of key and algorithm, octets of the MAC and of other data. */
const TSIG_SIZES = [
  [0, 0, 0],
  [1, 32, 0],
  [3, 64, 6],
  [4, 64, 6],
  [4, 64, 60_000],
] as const

const RUNS = { seed: Number(process.env.WAYMARK_FUZZ_SEED ?? 20_261_122), numRuns: 3000 }
const UDP_MAXIMUM = 1232

/** Size that the query's OPT record allows, as far as the packet is one that we understood. */
function maximumOf(reply: Uint8Array, packet: Uint8Array): number {
  const decoded = decodeMessage(reply)
  if (!decoded.ok) throw new Error(`${Buffer.from(packet).toString('hex')}: ${decoded.problems[0]?.detail}`)
  return decoded.value.edns === null ? 512 : UDP_MAXIMUM
}

function check(packet: Uint8Array): void {
  const udp = table.send(packet)
  const tcp = table.send(packet, true)
  table.query.isEncrypted = true
  const tls = table.send(packet, true)
  table.query.isEncrypted = false
  const slipped = limited.send(packet)
  expect(udp === null).toBe(tcp === null)
  expect(udp === null).toBe(tls === null)
  if (udp === null || tcp === null || tls === null) return
  for (const reply of [udp, tcp, tls]) {
    expect([reply[0], reply[1], reply[2]! & 0x80]).toEqual([packet[0]!, packet[1]!, 0x80])
  }
  expect(udp.length).toBeLessThanOrEqual(maximumOf(udp, packet))
  maximumOf(tcp, packet)
  maximumOf(tls, packet)
  expect(tls.length).toBeLessThanOrEqual(65_535)
  // What is whole over UDP is the same over TCP, but for what an option asks of TCP alone (keepalive).
  const hasKeepalive = Buffer.from(packet).includes(Uint8Array.of(0, 11))
  if ((udp[2]! & 2) === 0 && !hasKeepalive && !Buffer.from(packet).includes(Uint8Array.of(0, 252))) {
    expect(tcp[3]! & 15).toBe(udp[3]! & 15)
    expect(tcp.subarray(6, 10)).toEqual(udp.subarray(6, 10))
  }
  if (slipped !== null && (slipped[2]! & 2) !== 0) expect(slipped.length).toBeLessThanOrEqual(udp.length)
}

const option: fc.Arbitrary<EdnsOption> = fc.record({
  code: fc.constantFrom(3, 8, 9, 10, 11, 12, 15, 65_001),
  data: fc.uint8Array({ maxLength: 44 }),
})
const query = fc
  .tuple(
    fc.constantFrom('www', 'many', 'c', 'none.of.it', 'x.'.repeat(40).slice(0, -1)),
    fc.constantFrom('A', 'AAAA', 'ANY', 'TXT', 'SOA', 'DS', 'HTTPS'),
    fc.option(fc.tuple(fc.integer({ min: 0, max: 65_535 }), fc.array(option, { maxLength: 5 })), {
      nil: undefined,
    }),
  )
  .map(([label, type, edns]) =>
    queryPacket(`${label}.example.org`, type, edns ? { payloadSize: edns[0], options: edns[1] } : {}),
  )

test('whatever is changed in a query: no exception, answers that can be read, within their size, alike over UDP and TCP', () => {
  fc.assert(
    fc.property(
      query,
      fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      fc.nat(20),
      fc.uint8Array({ maxLength: 40 }),
      (packet, changes, cut, more) => {
        const changed = packet.slice()
        for (const [at, octet] of changed.length === 0 ? [] : changes) changed[at % changed.length] = octet
        check(packet)
        check(changed)
        check(changed.slice(0, Math.max(0, changed.length - cut)))
        check(Uint8Array.from([...changed, ...more]))
      },
    ),
    RUNS,
  )
})

test('records of every kind behind the question, with counts that lie: no exception', () => {
  const header = fc.uint8Array({ minLength: 12, maxLength: 12 })
  fc.assert(
    fc.property(header, query, fc.uint8Array({ maxLength: 300 }), (head, packet, tail) => {
      const changed = Uint8Array.from([...packet, ...tail])
      changed.set(head)
      changed[2]! &= 0x7f
      check(changed)
      changed[2] = 0
      changed.set([0, 1, 0, 0, 0, head[8]! & 3, 0, head[9]! & 3], 4)
      check(changed)
    }),
    RUNS,
  )
})

/** The octets of a TSIG record with a key, an algorithm and a MAC that nobody knows. */
function tsigRecord(labels: number, macSize: number, otherSize: number): Uint8Array {
  const name = Uint8Array.from([
    ...Array.from({ length: labels }, () => [62, ...Buffer.alloc(62, 'k')]).flat(),
    0,
  ])
  const fields = [...Buffer.alloc(8), macSize >> 8, macSize & 255, ...Buffer.alloc(macSize)]
  const rest = [0, 1, 0, 0, otherSize >> 8, otherSize & 255, ...Buffer.alloc(otherSize)]
  const rdata = [...name, ...fields, ...rest]
  return Uint8Array.from([
    ...name,
    0,
    250,
    0,
    255,
    0,
    0,
    0,
    0,
    rdata.length >> 8,
    rdata.length & 255,
    ...rdata,
  ])
}

test('whatever a signature takes, the answer keeps to its size', () => {
  const label = 'q'.repeat(61)
  const names = ['www', 'many', 'none.of.it', `${label}.${label}.${label}.${'r'.repeat(54)}`]
  for (const name of names) {
    for (const options of [undefined, [], PADDED]) {
      const packet = queryPacket(`${name}.example.org`, 'AAAA', options ? { payloadSize: 512, options } : {})
      for (const [labels, macSize, otherSize] of TSIG_SIZES) {
        const signed = Uint8Array.from([...packet, ...tsigRecord(labels, macSize, otherSize)])
        signed[11]!++
        check(signed)
        expect(table.send(signed)!.length).toBeLessThanOrEqual(512)
      }
    }
  }
})

test('names that point to themselves, forward, or nowhere are refused', () => {
  const packet = queryPacket('www.example.org', 'A')
  for (const pointer of [12, 13, packet.length - 6, 0x3fff]) {
    const looped = packet.slice()
    looped.set([0xc0 | (pointer >> 8), pointer & 255], 12)
    expect(table.send(looped)![3]! & 15).toBe(1)
    const behind = Uint8Array.from([
      ...packet,
      0xc0 | (pointer >> 8),
      pointer & 255,
      0,
      41,
      4,
      208,
      0,
      0,
      0,
      0,
      0,
      0,
    ])
    behind[11] = 1
    check(behind)
  }
})

test('a packet as long as UDP carries is answered like a short one', () => {
  const packet = queryPacket('www.example.org', 'A', {
    payloadSize: 1232,
    options: [{ code: 65_001, data: new Uint8Array(65_000) }],
  })
  check(packet)
  expect(table.send(packet)![3]! & 15).toBe(0)
})
