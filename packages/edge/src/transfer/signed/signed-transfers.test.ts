import { describe, expect, test } from 'bun:test'
import { FLAGS_KSK, FLAGS_ZSK } from '@waymark/dns/dnssec/dnskey'
import { decodeZoneKeys, encodeZoneKeys } from '@waymark/dns/dnssec/zone-keys'
import { writeGroup, writeKeys } from '@waymark/dns/feed-codec'
import type { ResourceRecord } from '@waymark/dns/message/message'
import { ALGORITHMS } from '@waymark/dns/rr-types/algorithms'
import { TYPE_NS, TYPE_NSEC, TYPE_RRSIG, TYPE_SOA, typeName } from '@waymark/dns/rr-types/type-codes'
import fc from 'fast-check'
import { checkSignedZone } from '../../testing/check-signed-zone.ts'
import { testKey, testKeys } from '../../testing/keys.ts'
import { frame, groupsFrame, SOA_AND_NS, wire, zoneFrame, zoneIdOf } from '../../testing/zone-text.ts'
import { decoded, OPEN, TransferLab, textOf, transferRequest } from '../testing.ts'

const APEX = 'example.org'
const DAY = 86_400
const TEXT = `${SOA_AND_NS}
@ 300 MX 10 mail
mail 300 A 192.0.2.25
www 300 A 192.0.2.1
www 300 A 192.0.2.2
alias 300 CNAME Www
a.ent 300 TXT "below"
*.wild 300 TXT "any"
old 300 DNAME new
below.old 300 A 192.0.2.77
secure 300 NS ns.secure
secure 300 DS 12345 13 2 ${'ab'.repeat(32)}
ns.secure 300 A 192.0.2.53
plain 300 NS ns.plain
plain 300 A 192.0.2.99
cut.plain 300 NS ns.plain
ns.plain 300 A 192.0.2.54
; weight 1
w 300 A 192.0.2.3
; weight 2
w 60 A 192.0.2.4
; line US
us 300 A 192.0.2.9
`
const KEYS = testKeys()
const START = 1_800_000_000

class SignedLab {
  seconds = START
  readonly lab: TransferLab
  keys: Uint8Array
  serial = 1

  constructor(text = TEXT, keys = KEYS) {
    this.keys = keys
    this.lab = new TransferLab(
      OPEN,
      [zoneFrame({ apex: APEX, text, keys })],
      undefined,
      () => this.seconds * 1000,
    )
  }

  /** Replaces the groups of the records. */
  put(text: string): void {
    this.serial++
    this.lab.apply(groupsFrame(APEX, text, this.serial, this.serial))
  }

  remove(owner: string, type: number): void {
    const serial = ++this.serial
    this.lab.apply(
      frame(serial, zoneIdOf(APEX), serial, (payload) => writeGroup(payload, wire(owner), type, '', [])),
    )
  }

  /** Raises the serial, with these keys from now on. */
  rekey(keys = this.keys): void {
    this.keys = keys
    const serial = ++this.serial
    this.lab.apply(frame(serial, zoneIdOf(APEX), serial, (payload) => writeKeys(payload, keys)))
  }

  async records(serial?: number, source = '127.0.0.1'): Promise<ResourceRecord[]> {
    const messages = await this.lab.ask(transferRequest(APEX, serial), source)
    return messages.flatMap((message) => decoded(message).answers)
  }

  /** The whole zone, checked. */
  async whole(source?: string): Promise<ResourceRecord[]> {
    const records = (await this.records(undefined, source)).slice(0, -1)
    expect(checkSignedZone(records, decodeZoneKeys(this.keys)!, this.seconds)).toEqual([])
    return records
  }
}

/** What a client that has `zone` has after an IXFR, strict as BIND is; undefined when the answer is the whole zone. */
function applied(
  zone: readonly ResourceRecord[],
  answer: readonly ResourceRecord[],
): Set<string> | undefined {
  const has = new Set(zone.map(full))
  let isComing = true
  if (answer.length > 1 && answer[1]!.type !== TYPE_SOA) return undefined
  for (const record of answer.slice(1, -1)) {
    if (record.type === TYPE_SOA) isComing = !isComing
    const text = full(record)
    if (isComing ? has.has(text) : !has.has(text)) throw new Error(`${isComing ? '+' : '-'} ${text}`)
    if (isComing) has.add(text)
    else has.delete(text)
  }
  return has
}

const full = (record: ResourceRecord): string =>
  `${textOf(record)} ${Buffer.from(record.rdata).toString('base64')} ${record.ttl}`

const of = (records: readonly ResourceRecord[], name: string, ...types: string[]): string[] =>
  records
    .filter(({ type }) => types.length === 0 || types.includes(typeName(type)))
    .map(textOf)
    .filter((text) => text.startsWith(`${name} `))

describe('a signed zone goes out signed', () => {
  for (const [name, algorithm] of [
    ['ECDSA P-256', ALGORITHMS.ECDSAP256SHA256],
    ['Ed25519', ALGORITHMS.ED25519],
  ] as const) {
    test(`with ${name}, and a chain through all its names`, async () => {
      const zone = new SignedLab(TEXT, testKeys(algorithm))
      const records = await zone.whole()
      const types = new Set(records.map(({ type }) => typeName(type)))
      expect(types).toContain('DNSKEY')
      expect(types).toContain('CDS')
      expect(types).toContain('CDNSKEY')
    })
  }

  test('in the view of the default line, with weights united', async () => {
    const records = await new SignedLab().whole()
    expect(of(records, 'us.example.org.')).toEqual([])
    expect(of(records, 'w.example.org.', 'A', 'NSEC')).toEqual([
      'w.example.org. 60 A 192.0.2.3',
      'w.example.org. 60 A 192.0.2.4',
      'w.example.org. 300 NSEC *.wild.example.org. A RRSIG NSEC',
    ])
  })

  test('with delegations, glue and what a DNAME hides as RFC 4035 2 has them', async () => {
    const records = await new SignedLab().whole()
    expect(of(records, 'secure.example.org.', 'NSEC')).toEqual([
      'secure.example.org. 300 NSEC w.example.org. NS DS RRSIG NSEC',
    ])
    expect(of(records, 'plain.example.org.', 'NSEC', 'A')).toEqual(
      [
        'plain.example.org. 300 NSEC secure.example.org. NS RRSIG NSEC',
        'plain.example.org. 300 A 192.0.2.99',
      ].toReversed(),
    )
    expect(of(records, 'ns.secure.example.org.')).toHaveLength(1)
    expect(of(records, 'below.old.example.org.')).toHaveLength(1)
    expect(of(records, 'ent.example.org.')).toEqual([])
  })

  test('with signatures good for longer than secondaries keep a zone that they cannot refresh', async () => {
    const zone = new SignedLab()
    const records = await zone.whole()
    for (const { rdata, ttl } of records.filter(({ type }) => type === TYPE_RRSIG)) {
      const expiration = new DataView(rdata.buffer, rdata.byteOffset).getUint32(8)
      expect(expiration - START).toBe(28 * DAY + ttl)
    }
  })

  test('unsigned again when it is signed no longer, whole to those who have it signed', async () => {
    const zone = new SignedLab()
    await zone.whole()
    zone.rekey(new Uint8Array())
    const unsigned = await zone.records(1)
    expect(unsigned.some(({ type }) => type === TYPE_RRSIG || type === TYPE_NSEC)).toBe(false)
    expect(unsigned[1]!.type).not.toBe(TYPE_SOA)
    zone.put('www 300 A 192.0.2.9')
    expect((await zone.records(2))[1]!.type).toBe(TYPE_SOA)
    zone.rekey(KEYS)
    expect(applied([], await zone.records(3))).toBeUndefined()
    await zone.whole()
  })
})

/** Names that are a chunk each, between those that change. */
const LARGE = ['0', 'a.a', 'ab', 'b.b', 'c']
  .map((owner) => `${owner} 300 TXT${` "${'x'.repeat(250)}"`.repeat(140)}`)
  .join('\n')

test('a zone that is signed no longer while somebody waits for its signatures goes out as it is then', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => `h${i} 300 A 192.0.2.1`).join('\n')
  const zone = new SignedLab(`${SOA_AND_NS}\n${rows}`)
  const asked = zone.records()
  await Bun.sleep(5)
  zone.rekey(new Uint8Array())
  const records = await asked
  // SOA, NS, the addresses, SOA.
  expect(records).toHaveLength(503)
  expect(textOf(records[0]!)).toBe('SOA 2')
})

describe('changes of a signed zone', () => {
  test('go out by IXFR with signatures and NSEC records, and nothing else is signed anew', async () => {
    const zone = new SignedLab()
    const before = await zone.whole()
    zone.put('new 300 A 192.0.2.8')
    const answer = await zone.records(1)
    const has = applied(before, answer)
    expect(has).toEqual(new Set((await zone.whole()).map(full)))
    // SOA, NSEC of the name before, A and NSEC of the new one.
    expect(answer.filter(({ type }) => type === TYPE_RRSIG)).toHaveLength(2 + 4)
  })

  test('that go and come back, in one step or in several, leave what was', async () => {
    const zone = new SignedLab()
    const before = await zone.whole()
    zone.remove('www.example.org', 1)
    zone.put('www 300 A 192.0.2.1\nwww 300 A 192.0.2.2')
    const unchanged = applied(before, await zone.records(1))
    expect(unchanged).toEqual(new Set((await zone.whole()).map(full)))
    zone.remove('www.example.org', 1)
    await zone.whole()
    zone.remove('alias.example.org', 5)
    const steps = await zone.records(1)
    expect(steps.filter(({ type }) => type === TYPE_SOA)).toHaveLength(2 + 2 * 3)
    expect(applied(before, steps)).toEqual(new Set((await zone.whole()).map(full)))
  })

  test('are given only to those who have from here what they begin with', async () => {
    const zone = new SignedLab()
    await zone.whole('127.0.0.1')
    zone.put('new 300 A 192.0.2.8')
    expect(applied([], await zone.records(1, '127.0.0.2'))).toBeUndefined()
    expect((await zone.records(1, '127.0.0.1'))[1]!.type).toBe(TYPE_SOA)
    // Another process, with other signatures for the same serial.
    const other = new SignedLab()
    other.put('new 300 A 192.0.2.8')
    expect(applied([], await other.records(1))).toBeUndefined()
    expect(await other.records(2)).toHaveLength(1)
  })

  test('of a delegation make names below it authoritative, or no longer', async () => {
    const zone = new SignedLab()
    const before = await zone.whole()
    zone.remove('plain.example.org', TYPE_NS)
    const after = await zone.records(1)
    expect(applied(before, after)).toEqual(new Set((await zone.whole()).map(full)))
    zone.put('ent 300 NS ns.elsewhere.example.')
    expect(applied(before, await zone.records(1))).toEqual(new Set((await zone.whole()).map(full)))
  })

  test('reach over the borders of chunks', async () => {
    const zone = new SignedLab(`${SOA_AND_NS}\n${LARGE}`)
    let has: readonly ResourceRecord[] = await zone.whole()
    for (const owner of ['b.b', 'ab', 'c', '0', 'a.a']) {
      zone.remove(`${owner}.${APEX}`, 16)
      const after = applied(has, await zone.records(zone.serial - 1))
      has = await zone.whole()
      expect(after).toEqual(new Set(has.map(full)))
    }
  })
})

describe('signatures', () => {
  test('are made anew in time, with the serial that control raises', async () => {
    const zone = new SignedLab()
    for (let day = 0; day < 40; day += 5) {
      const records = await zone.whole()
      const left = records
        .filter(({ type }) => type === TYPE_RRSIG)
        .map(({ rdata }) => new DataView(rdata.buffer, rdata.byteOffset).getUint32(8) - zone.seconds)
      // Until the next time: 14 days of a secondary that hears nothing of us, and some.
      expect(Math.min(...left)).toBeGreaterThan((14 + 5 + 2) * DAY)
      zone.seconds += 5 * DAY
      zone.rekey()
    }
  })

  test('under one serial stay the same, until they would end too soon', async () => {
    const zone = new SignedLab()
    const before = (await zone.whole()).map(full)
    zone.seconds += 11 * DAY
    expect((await zone.whole()).map(full)).toEqual(before)
    zone.seconds += 2 * DAY
    expect((await zone.whole()).map(full)).not.toEqual(before)
    zone.put('new 300 A 192.0.2.8')
    expect(applied([], await zone.records(1))).toBeUndefined()
  })

  test('follow a roll of the key that makes them', async () => {
    const ksk = testKey(FLAGS_KSK)
    const old = testKey(FLAGS_ZSK, { retired: START + 2 * 3600, removed: START + 8 * DAY })
    const next = testKey(FLAGS_ZSK, { published: START, active: START + 2 * 3600 })
    const zone = new SignedLab(TEXT, encodeZoneKeys([ksk, testKey(FLAGS_ZSK)]))
    await zone.whole()
    const tags = async () =>
      new Set(
        (await zone.whole())
          .filter(({ type }) => type === TYPE_RRSIG)
          .map(({ rdata }) => (rdata[16]! << 8) | rdata[17]!),
      )
    zone.rekey(encodeZoneKeys([ksk, old, next]))
    const published = await tags()
    zone.seconds += 2 * 3600 + 60
    zone.rekey()
    const rolled = await tags()
    expect(published).not.toEqual(rolled)
    expect([published.size, rolled.size]).toEqual([2, 2])
    zone.seconds += 8 * DAY
    zone.rekey()
    expect((await zone.whole()).filter(({ type }) => typeName(type) === 'DNSKEY')).toHaveLength(2)
  })
})

test('whatever changes: the chain is whole, all signatures are good, and IXFR leads to what AXFR gives', async () => {
  const label = fc.constantFrom('a', 'b', '*', 'z-z', 'B', '\\000', '\\001\\255', '\\255')
  const owner = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'))
  const data = fc.constantFrom(
    'A 192.0.2.1',
    'A 192.0.2.2',
    'NS ns.other.example.',
    'DNAME x.example.',
    'TXT "t"',
  )
  const change = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fc.constant('put' as const), owner, data) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('remove' as const), owner, data) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('take' as const), owner, data) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 25 }), async (changes) => {
      const zone = new SignedLab(`${SOA_AND_NS}\n${LARGE}`)
      let has = (await zone.whole()) as readonly ResourceRecord[]
      let at = 1
      for (const [what, name, text] of [...changes, ['take', '', ''] as const]) {
        const type = { A: 1, NS: 2, TXT: 16, DNAME: 39 }[text.split(' ')[0]!]!
        if (what === 'put') zone.put(`${name} 300 ${text}`)
        else if (what === 'remove') zone.remove(`${name}.${APEX}`.toLowerCase(), type)
        else {
          const answer = await zone.records(at)
          const whole = await zone.whole()
          if (zone.serial !== at) {
            const after = applied(has, answer)
            if (after === undefined) throw new Error('the whole zone came')
            expect(after).toEqual(new Set(whole.map(full)))
          }
          has = whole
          at = zone.serial
        }
      }
    }),
    { numRuns: 40 },
  )
}, 60_000)
