import { expect, test } from 'bun:test'
import { decodeZoneKeys } from '@waymark/dns/dnssec/zone-keys'
import fc from 'fast-check'
import { TestTable } from '../testing/ask.ts'
import { testKeys } from '../testing/keys.ts'
import { verifySection } from '../testing/verify.ts'
import { SOA_AND_NS } from '../testing/zone-text.ts'

const keys = testKeys()
const table = new TestTable([
  {
    apex: 'example.org',
    keys,
    text: `${SOA_AND_NS}
* 300 MX 10 mx
mx 300 A 192.0.2.1
c 300 CNAME d
d 300 CNAME e.x
sub 300 NS ns.sub
sub 300 DS 1 13 2 ${'ab'.repeat(32)}
plain 300 NS ns.plain
ns.sub 300 AAAA 2001:db8::1
old 300 DNAME new
www.new 300 SVCB 1 . port=8443
x.y.z 300 TXT "${'t'.repeat(200)}"
many 300 CAA 0 issue "ca.example"
many 300 URI 1 1 "https://example.org"
many 300 TYPE65280 \\# 1 00
`,
  },
])

/** What is given out without a signature: the NS set of a cut, and the CNAME that a DNAME makes. */
const UNSIGNED = /^((sub|plain)\.example\.org\. NS|.*\.old\.example\.org\. CNAME) unsigned$/

test('whatever is asked for with DO, all that is answered is signed and fits, or TC is set', () => {
  const label = fc.constantFrom(
    'www',
    'c',
    'old',
    'www.old',
    'a.sub',
    'sub',
    'plain',
    'z',
    'n.y.z',
    'many',
    'mx',
  )
  const long = fc
    .tuple(fc.integer({ min: 1, max: 63 }), fc.integer({ min: 1, max: 63 }))
    .map(([a, b]) => `${'a'.repeat(a)}.${'B'.repeat(b)}.${'c'.repeat(63)}.${'d'.repeat(49)}`)
  const types = ['A', 'MX', 'ANY', 'DS', 'SOA', 'CNAME', 'TXT', 'NS', 'RRSIG', 'NSEC', 'DNSKEY', 'CDS', 'CAA']
  fc.assert(
    fc.property(
      fc.oneof(label, long, fc.constant('')),
      fc.constantFrom(...types),
      fc.integer({ min: 400, max: 1500 }),
      (first, type, payloadSize) => {
        const name = first === '' ? 'example.org' : `${first}.example.org`
        const reply = table.ask(name, type, { isDnssecOk: true, payloadSize })
        expect(reply.size).toBeLessThanOrEqual(Math.max(512, Math.min(1232, payloadSize)))
        const { header, answers, authorities } = reply.message
        const now = Math.floor(Date.now() / 1000)
        const said = type === 'RRSIG' ? authorities : [...answers, ...authorities]
        const unsigned = verifySection(said, decodeZoneKeys(keys)!, now).filter((set) =>
          set.endsWith('unsigned'),
        )
        expect(unsigned.filter((set) => !UNSIGNED.test(set))).toEqual([])
        if (!header.isTruncated) expect(answers.length + authorities.length).toBeGreaterThan(0)
      },
    ),
    { numRuns: 400 },
  )
})
