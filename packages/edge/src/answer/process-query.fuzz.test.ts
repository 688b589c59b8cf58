import { expect, test } from 'bun:test'
import { decodeMessage } from '@waymark/dns/message/decode'
import fc from 'fast-check'
import { queryPacket, TestTable } from '../testing/ask.ts'
import { SOA_AND_NS } from '../testing/zone-text.ts'

const table = new TestTable([
  {
    apex: 'example.org',
    text: `${SOA_AND_NS}
* 300 MX 10 mx
mx 300 A 192.0.2.1
c 300 CNAME d
d 300 CNAME e.x
sub 300 NS ns.sub
ns.sub 300 AAAA 2001:db8::1
old 300 DNAME new
x.y.z 300 TXT "${'t'.repeat(200)}"
`,
  },
])

/** Whatever came in: no reply, or one that can be read, repeats the id and keeps to its limit. */
function check(packet: Uint8Array, isTcp: boolean): void {
  const reply = table.send(packet, isTcp)
  if (reply === null) {
    expect(packet.length < 12 || (packet[2]! & 0x80) !== 0).toBe(true)
    return
  }
  expect([reply[0], reply[1]]).toEqual([packet[0], packet[1]])
  expect(reply[2]! & 0x80).toBe(0x80)
  if (!isTcp) expect(reply.length).toBeLessThanOrEqual(1232)
  const decoded = decodeMessage(reply)
  if (!decoded.ok) throw new Error(`${Buffer.from(packet).toString('hex')}: ${decoded.problems[0]?.detail}`)
  if (!isTcp && decoded.value.edns === null) expect(reply.length).toBeLessThanOrEqual(512)
}

test('random octets never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (packet, isTcp) => check(packet, isTcp)),
    { numRuns: 1000 },
  )
})

const name = fc
  .constantFrom('www', 'c', 'old', 'a.old', 'q.sub', 'z', 'y.z', 'n.y.z', '')
  .map((label) => (label === '' ? 'example.org' : `${label}.example.org`))

test('mutated queries never throw and never exceed their limit', () => {
  fc.assert(
    fc.property(
      name,
      fc.constantFrom('A', 'MX', 'ANY', 'DS', 'SOA', 'CNAME', 'TXT'),
      fc.option(fc.integer({ min: 0, max: 65535 }), { nil: undefined }),
      fc.array(fc.tuple(fc.nat(80), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
      fc.nat(4),
      fc.boolean(),
      (owner, type, payloadSize, changes, cut, isTcp) => {
        const packet = queryPacket(owner, type, payloadSize === undefined ? {} : { payloadSize })
        for (const [at, octet] of changes) if (at < packet.length) packet[at] = octet
        check(packet.slice(0, packet.length - cut), isTcp)
      },
    ),
    { numRuns: 2000 },
  )
})
