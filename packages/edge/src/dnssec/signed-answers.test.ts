import { describe, expect, test } from 'bun:test'
import { FLAGS_KSK, FLAGS_ZSK } from '@waymark/dns/dnssec/dnskey'
import { decodeZoneKeys, encodeZoneKeys } from '@waymark/dns/dnssec/zone-keys'
import { writeKeys } from '@waymark/dns/feed-codec'
import { ALGORITHMS } from '@waymark/dns/rr-types/algorithms'
import { Query } from '../answer/query.ts'
import { type Answer, type AskOptions, TestTable } from '../testing/ask.ts'
import { testKey, testKeys } from '../testing/keys.ts'
import { everybodyOn } from '../testing/ranges.ts'
import { verifySection } from '../testing/verify.ts'
import { frame, groupsFrame, SOA_AND_NS, type TestZone, zoneIdOf } from '../testing/zone-text.ts'

const APEX = 'example.org'
const TEXT = `${SOA_AND_NS}
@ 300 MX 10 mail
mail 300 A 192.0.2.25
www 300 A 192.0.2.1
www 300 A 192.0.2.2
WWW 300 AAAA 2001:db8::1
www 60 CAA 0 issue "ca.example"
alias 300 CNAME Www
far 300 CNAME www.unsigned.example.
near 300 CNAME www.other.example.
loose 300 CNAME missing
a.ent 300 TXT "below"
*.wild 300 TXT "any"
*.wild 300 MX 5 mail
old 300 DNAME new
x.new 300 A 192.0.2.9
secure 300 NS ns.secure
secure 300 DS 12345 13 2 ${'ab'.repeat(32)}
ns.secure 300 A 192.0.2.53
plain 300 NS ns.plain
plain 300 A 192.0.2.99
ns.plain 300 A 192.0.2.54
*.svc 300 HTTPS 1 . alpn="h2"
*.svc 300 A 192.0.2.60
beside 300 NS ns.beside
beside 300 NS ns.plain
beside 300 NS mail
ns.beside 300 A 192.0.2.55
${[1, 2, 3, 4, 5].map((i) => `wide 300 MX ${i} mx${i}.wide\nmx${i}.wide 300 A 192.0.2.${i}`).join('\n')}
`
const keys = testKeys()
const OTHER_KEYS = testKeys()
const allKeys = [...decodeZoneKeys(keys)!, ...decodeZoneKeys(OTHER_KEYS)!]

const tableOf = (zone: Partial<TestZone> = {}) =>
  new TestTable([
    { apex: APEX, text: TEXT, keys, ...zone },
    { apex: 'other.example', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.7`, keys: OTHER_KEYS },
    { apex: 'unsigned.example', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.8` },
  ])
const table = tableOf()
const seconds = () => Math.floor(Date.now() / 1000)

/** Asks with DO and checks all signatures: the rrsets of answer and authority. */
function ask(name: string, type: string, options: AskOptions = {}, from = table) {
  const reply = from.ask(name, type, { isDnssecOk: true, isTcp: true, ...options })
  const { answers, authorities } = reply.message
  return {
    ...reply,
    answered: verifySection(answers, allKeys, seconds()),
    authorized: verifySection(authorities, allKeys, seconds()),
  }
}
const nsecs = ({ answer, authority }: Answer) =>
  [...answer, ...authority].filter((row) => / \d+ NSEC /.test(row))

describe('answers of a signed zone', () => {
  test('carry one signature a set', () => {
    const reply = ask('www.example.org', 'A')
    expect(reply.status).toBe('NOERROR AA')
    expect(reply.answered).toEqual(['www.example.org. A'])
    expect(reply.answer).toHaveLength(3)
  })

  test('carry none without DO', () => {
    for (const name of [
      'www.example.org',
      'missing.example.org',
      'x.wild.example.org',
      'secure.example.org',
    ]) {
      const { answer, authority } = table.ask(name, 'A', { isTcp: true })
      expect([...answer, ...authority].filter((row) => /RRSIG|NSEC/.test(row))).toEqual([])
    }
    expect(table.ask('missing.example.org', 'A').status).toBe('NXDOMAIN AA')
  })

  test('are signed in lower case whatever the question is written in', () => {
    expect(ask('wWw.eXample.ORG', 'AAAA').answered).toEqual(['www.example.org. AAAA'])
    expect(ask('EXAMPLE.org', 'MX').answered).toEqual(['example.org. MX'])
  })

  test('are the same the second time, the signature too', () => {
    const first = ask('www.example.org', 'CAA')
    const { found, made } = table.query.signer.counts
    expect(ask('www.example.org', 'CAA').answer).toEqual(first.answer)
    expect(table.query.signer.counts).toEqual({ found: found + 1, made })
  })

  test('have a new signature when the set changes', () => {
    const own = tableOf()
    expect(ask('www.example.org', 'A', {}, own).answered).toEqual(['www.example.org. A'])
    own.source.apply(groupsFrame(APEX, 'www 60 A 192.0.2.77'))
    const changed = ask('www.example.org', 'A', {}, own)
    expect(changed.answer[0]).toContain('192.0.2.77')
    expect(ask('example.org', 'SOA', {}, own).answered).toEqual(['example.org. SOA'])
    own.source.apply(groupsFrame(APEX, 'www 60 A 192.0.2.78', 3, 4_000_000_000))
    expect(ask('example.org', 'SOA', {}, own).answer[0]).toContain(' 4000000000 ')
    own.source.writer.rebuild()
    own.view.attach(own.source.writer.handle)
    expect(ask('www.example.org', 'A', {}, own).answer[0]).toContain('192.0.2.78')
  })

  test('of a wildcard are signed as the name that was asked for', () => {
    for (const name of ['a.wild.example.org', 'b.c.wild.example.org', '*.wild.example.org'])
      for (const type of ['TXT', 'MX']) expect(ask(name, type).answered).toEqual([`${name}. ${type}`])
    expect(ask('a.wild.example.org', 'TXT').authorized).toEqual([])
  })

  test('cover the addresses that go along (RFC 4035 3.1.1)', () => {
    const { message } = ask('example.org', 'MX')
    expect(verifySection(message.additionals, allKeys, seconds())).toEqual(['mail.example.org. A'])
  })

  test('cover addresses that a wildcard gives to its own service binding', () => {
    const { message } = ask('any.svc.example.org', 'HTTPS')
    expect(verifySection(message.additionals, allKeys, seconds())).toEqual(['any.svc.example.org. A'])
  })

  test('cover addresses in a referral that are no glue', () => {
    const { message } = ask('x.beside.example.org', 'A')
    expect(verifySection(message.additionals, allKeys, seconds())).toEqual([
      'ns.beside.example.org. A unsigned',
      'ns.plain.example.org. A unsigned',
      'mail.example.org. A',
    ])
  })

  test('are left out of the additional section where there is no room, without TC', () => {
    const statuses: string[] = []
    let bare = 0
    for (let payloadSize = 512; payloadSize <= 1232; payloadSize += 4) {
      const { message, status, size } = ask('wide.example.org', 'MX', { isTcp: false, payloadSize })
      expect(size).toBeLessThanOrEqual(payloadSize)
      statuses.push(status)
      const added = verifySection(message.additionals, allKeys, seconds())
      if (added.some((set) => set.endsWith('unsigned'))) bare++
    }
    expect(new Set(statuses)).toEqual(new Set(['NOERROR AA']))
    expect(bare).toBeGreaterThan(0)
  })

  test('of a chain are signed by the zone of each link', () => {
    expect(ask('alias.example.org', 'A').answered).toEqual(['alias.example.org. CNAME', 'www.example.org. A'])
    expect(ask('near.example.org', 'A').answered).toEqual(['near.example.org. CNAME', 'www.other.example. A'])
    expect(ask('far.example.org', 'A').answered).toEqual([
      'far.example.org. CNAME',
      'www.unsigned.example. A unsigned',
    ])
  })

  test('of a DNAME sign it, and not the CNAME made of it', () => {
    expect(ask('x.old.example.org', 'A').answered).toEqual([
      'old.example.org. DNAME',
      'x.old.example.org. CNAME unsigned',
      'x.new.example.org. A',
    ])
  })

  test('to ANY and RRSIG are one set and one signature', () => {
    const any = ask('www.example.org', 'ANY')
    expect(any.answered).toHaveLength(1)
    for (const name of [
      'www.example.org',
      'example.org',
      'x.wild.example.org',
      'alias.example.org',
      'ent.example.org',
    ]) {
      const { status, message } = table.ask(name, 'RRSIG', { isDnssecOk: true })
      expect([name, status, message.answers.map(({ type }) => type)]).toEqual([name, 'NOERROR AA', [46]])
    }
    expect(table.ask('www.example.org', 'RRSIG').answer).toEqual([])
  })
})

describe('the keys', () => {
  test('are answered at the apex, signed by the KSK, with CDS and CDNSKEY', () => {
    const dnskey = ask('example.org', 'DNSKEY')
    expect(dnskey.answered).toEqual(['example.org. DNSKEY'])
    expect(dnskey.answer.map((row) => row.split(' ').slice(1, 4).join(' '))).toEqual([
      '3600 DNSKEY 257',
      '3600 DNSKEY 256',
      '3600 RRSIG DNSKEY',
    ])
    expect(ask('example.org', 'CDS').answered).toEqual(['example.org. CDS'])
    const cdnskey = ask('example.org', 'CDNSKEY')
    expect(cdnskey.answer[0]).toBe(dnskey.answer[0]!.replace('DNSKEY', 'CDNSKEY'))
  })

  test('are answered without DO too, unsigned, and nowhere else', () => {
    expect(table.ask('example.org', 'DNSKEY').answer).toHaveLength(2)
    expect(ask('www.example.org', 'DNSKEY').answer).toEqual([])
    expect(ask('unsigned.example', 'DNSKEY').answer).toEqual([])
    expect(ask('unsigned.example', 'DNSKEY').authorized).toEqual(['unsigned.example. SOA unsigned'])
  })

  test('of Ed25519 sign as well', () => {
    const ed25519 = testKeys(ALGORITHMS.ED25519)
    const own = new TestTable([{ apex: APEX, text: TEXT, keys: ed25519 }])
    const { answers } = own.ask('www.example.org', 'A', { isDnssecOk: true }).message
    expect(verifySection(answers, decodeZoneKeys(ed25519)!, seconds())).toEqual(['www.example.org. A'])
  })

  test('that are taken away leave the zone unsigned', () => {
    const own = tableOf()
    expect(ask('www.example.org', 'A', {}, own).answered).toEqual(['www.example.org. A'])
    own.source.apply(frame(5, zoneIdOf(APEX), 5, (payload) => writeKeys(payload, new Uint8Array())))
    expect(ask('www.example.org', 'A', {}, own).answered).toEqual(['www.example.org. A unsigned'])
    expect(ask('missing.example.org', 'A', {}, own).status).toBe('NXDOMAIN AA')
    expect(ask('example.org', 'DNSKEY', {}, own).answer).toEqual([])
  })
})

describe('denials of a signed zone', () => {
  test('of a name say that it exists without any type, and NXNAME', () => {
    const reply = ask('Missing.example.org', 'A')
    expect(reply.status).toBe('NOERROR AA')
    expect(reply.authorized).toEqual(['example.org. SOA', 'missing.example.org. NSEC'])
    expect(nsecs(reply)).toEqual([
      'Missing.example.org. 300 NSEC \\000.missing.example.org. RRSIG NSEC NXNAME',
    ])
  })

  test('of a name are NXDOMAIN for those who set CO', () => {
    const packet = compactQuery('missing.example.org')
    const reply = table.send(packet)!
    expect([reply[3]! & 15, reply.at(-4)! & 0xc0]).toEqual([3, 0xc0])
  })

  test('of a type list those that the name has on any line', () => {
    const reply = ask('www.example.org', 'MX')
    expect(reply.status).toBe('NOERROR AA')
    expect(nsecs(reply)).toEqual(['www.example.org. 300 NSEC \\000.www.example.org. A AAAA RRSIG NSEC CAA'])
    expect(nsecs(ask('example.org', 'TXT'))[0]).toEndWith(' NS SOA MX RRSIG NSEC DNSKEY CDS CDNSKEY')
  })

  test('of a type at an empty non-terminal list none', () => {
    const reply = ask('ent.example.org', 'A')
    expect(reply.authorized).toEqual(['example.org. SOA', 'ent.example.org. NSEC'])
    expect(nsecs(reply)[0]).toEndWith(' RRSIG NSEC')
  })

  test('of a type that a wildcard does not have list those that it has', () => {
    const reply = ask('x.wild.example.org', 'A')
    expect(reply.authorized).toEqual(['example.org. SOA', 'x.wild.example.org. NSEC'])
    expect(nsecs(reply)[0]).toEndWith(' MX TXT RRSIG NSEC')
  })

  test('behind a CNAME are about its target', () => {
    const reply = ask('loose.example.org', 'A')
    expect([reply.answered, reply.authorized]).toEqual([
      ['loose.example.org. CNAME'],
      ['example.org. SOA', 'missing.example.org. NSEC'],
    ])
  })

  test('of a type that other lines have do not name it', () => {
    const own = tableOf({ text: `${TEXT}\n; line Dianxin\nlined 300 A 192.0.2.3\nlined 300 TXT "x"` })
    expect(nsecs(ask('lined.example.org', 'A', {}, own))[0]).toEndWith(' TXT RRSIG NSEC')
    expect(nsecs(ask('lined.example.org', 'MX', {}, own))[0]).toEndWith(' A TXT RRSIG NSEC')
  })

  test('for the longest names fit, or TC is set', () => {
    const name = `${'a'.repeat(62)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(49)}.example.org`
    expect(ask(name, 'A').authorized).toHaveLength(2)
    const first = table.ask(name, 'A', { isDnssecOk: true, payloadSize: 512 })
    expect(first.status).toBe('NOERROR AA TC')
  })

  test('answer a question for NSEC, and refuse one for NXNAME', () => {
    const reply = ask('www.example.org', 'NSEC')
    expect(reply.answered).toEqual(['www.example.org. NSEC'])
    expect(nsecs(reply)[0]).toEndWith(' A AAAA RRSIG NSEC CAA')
    expect(table.ask('www.example.org', 'TYPE128').status).toBe('FORMERR')
  })

  test('are the answer to a question for NSEC: what denied it would name it', () => {
    const reply = ask('missing.example.org', 'NSEC')
    expect(reply.status).toBe('NOERROR AA')
    expect(reply.answered).toEqual(['missing.example.org. NSEC'])
    expect(reply.authorized).toEqual([])
  })
})

describe('referrals of a signed zone', () => {
  test('carry the DS of the child, signed, and its NS unsigned', () => {
    const reply = ask('www.secure.example.org', 'A')
    expect(reply.status).toBe('NOERROR')
    expect(reply.authorized).toEqual(['secure.example.org. NS unsigned', 'secure.example.org. DS'])
    expect(reply.additional).toEqual(['ns.secure.example.org. 300 A 192.0.2.53'])
  })

  test('to an unsigned child prove that there is no DS', () => {
    const reply = ask('a.b.plain.example.org', 'A')
    expect(reply.authorized).toEqual(['plain.example.org. NS unsigned', 'plain.example.org. NSEC'])
    expect(nsecs(reply)).toEqual(['plain.example.org. 300 NSEC \\000.plain.example.org. NS RRSIG NSEC'])
  })

  test('are not what a question for DS gets', () => {
    expect(ask('secure.example.org', 'DS').answered).toEqual(['secure.example.org. DS'])
    const reply = ask('plain.example.org', 'DS')
    expect(reply.authorized).toEqual(['example.org. SOA', 'plain.example.org. NSEC'])
    expect(nsecs(reply)[0]).toEndWith(' NS RRSIG NSEC')
  })
})

describe('lines and weights', () => {
  test('each set is signed on its own', () => {
    const text = `${TEXT}
; line Dianxin
multi 300 A 192.0.2.30
; line
multi 300 A 192.0.2.40
; weight 1
weighted 300 A 192.0.2.50
; set
weighted 60 A 192.0.2.60
`
    const own = tableOf({ text })
    expect(ask('multi.example.org', 'A', {}, own).answered).toEqual(['multi.example.org. A'])
    own.view.lines.ranges = everybodyOn('Dianxin')
    const narrow = ask('multi.example.org', 'A', { from: '192.0.2.200' }, own)
    expect(narrow.answered).toEqual(['multi.example.org. A'])
    expect(narrow.answer[0]).toContain('192.0.2.30')
    const seen = new Set<string>()
    for (let i = 0; i < 60; i++) {
      const reply = ask('weighted.example.org', 'A', {}, own)
      expect(reply.answered).toEqual(['weighted.example.org. A'])
      seen.add(reply.answer[0]!)
    }
    expect(seen.size).toBe(2)
  })
})

describe('time', () => {
  const day = 86_400
  const start = 1_800_000_000

  function clocked(zoneKeys: Uint8Array) {
    let now = start
    const own = new TestTable([{ apex: APEX, text: TEXT, keys: zoneKeys }])
    const query = new Query(1, () => now * 1000)
    Object.defineProperty(own, 'query', { value: query })
    const tagOf = (name: string, type: string) => {
      const rows = own.ask(name, type, { isDnssecOk: true, isTcp: true }).answer
      return rows.filter((row) => row.includes(' RRSIG ')).map((row) => Number(row.split(' ')[9]))
    }
    return {
      own,
      tagOf,
      advance: (by: number) => {
        now += by
      },
      check: () => {
        const { answers } = own.ask('www.example.org', 'A', { isDnssecOk: true, isTcp: true }).message
        return verifySection(answers, decodeZoneKeys(zoneKeys)!, now)
      },
    }
  }

  test('a signature is replaced long before it ends', () => {
    const { own, advance, check } = clocked(keys)
    const signature = () => own.ask('www.example.org', 'A', { isDnssecOk: true }).answer[2]
    const first = signature()
    advance(6 * day)
    expect(signature()).toBe(first!)
    for (let i = 0; i < 40; i++) {
      advance(day)
      expect(check()).toEqual(['www.example.org. A'])
    }
    expect(signature()).not.toBe(first!)
  })

  test('a key signs from its moment to its end, and is published before and after', () => {
    const [ksk, oldZsk, newZsk] = [
      testKey(FLAGS_KSK),
      testKey(FLAGS_ZSK, { retired: start + 10, removed: start + 20 }),
      testKey(FLAGS_ZSK, { published: start, active: start + 10 }),
    ]
    const { own, tagOf, advance } = clocked(encodeZoneKeys([ksk, oldZsk, newZsk]))
    const keyCount = () => own.ask('example.org', 'DNSKEY').answer.length
    const first = tagOf('www.example.org', 'A')
    expect(keyCount()).toBe(3)
    advance(10)
    expect(tagOf('www.example.org', 'A')).not.toEqual(first)
    expect(keyCount()).toBe(3)
    advance(10)
    expect(keyCount()).toBe(2)
  })

  test('while a KSK is rolled both sign the keys, and CDS names the one that stays', () => {
    const leaving = testKey(FLAGS_KSK, { retired: start + 10, removed: start + 10 })
    const { own, tagOf, advance } = clocked(encodeZoneKeys([leaving, testKey(FLAGS_ZSK), testKey(FLAGS_KSK)]))
    expect(tagOf('example.org', 'DNSKEY')).toHaveLength(2)
    expect(own.ask('example.org', 'CDS').answer).toHaveLength(1)
    advance(10)
    expect(tagOf('example.org', 'DNSKEY')).toHaveLength(1)
  })

  test('a single key signs everything', () => {
    const { tagOf } = clocked(encodeZoneKeys([testKey(FLAGS_KSK)]))
    expect(tagOf('example.org', 'DNSKEY')).toHaveLength(1)
    expect(tagOf('www.example.org', 'A')).toEqual(tagOf('example.org', 'DNSKEY'))
  })
})

/** A question for A over EDNS with DO and CO. */
function compactQuery(name: string): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)])
  return Uint8Array.of(
    ...[0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, ...labels, 0, 0, 1, 0, 1],
    ...[0, 0, 41, 4, 208, 0, 0, 0xc0, 0, 0, 0],
  )
}
