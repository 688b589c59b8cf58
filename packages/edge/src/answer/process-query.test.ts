import { expect, test } from 'bun:test'
import { decodeExtendedError, OPTION_EXTENDED_ERROR } from '@waymark/dns/message/edns'
import { queryPacket, readAnswer, TestTable } from '../testing/ask.ts'
import { SOA_AND_NS } from '../testing/zone-text.ts'

const addresses = Array.from({ length: 100 }, (_, i) => `many 300 A 192.0.2.${i}`).join('\n')
const texts = Array.from({ length: 300 }, (_, i) => `huge 300 TXT "${String(i).padStart(250, 'x')}"`).join(
  '\n',
)
const exchanges = Array.from({ length: 30 }, (_, i) => `mail 300 MX ${i} mx${i}\nmx${i} 300 A 192.0.2.${i}`)
const table = new TestTable([
  {
    apex: 'example.org',
    text: `${SOA_AND_NS}
www 300 A 192.0.2.1
alias 300 CNAME many
${addresses}
${texts}
${exchanges.join('\n')}
`,
  },
])

const patch = (packet: Uint8Array, at: number, ...octets: number[]): Uint8Array => {
  packet.set(octets, at)
  return packet
}

test('what is too short for a header, or a reply itself, gets no reply', () => {
  expect(table.send(new Uint8Array(0))).toBeNull()
  expect(table.send(new Uint8Array(11))).toBeNull()
  expect(table.send(patch(queryPacket('www.example.org', 'A'), 2, 0x80))).toBeNull()
})

test('opcodes other than QUERY are NOTIMP', () => {
  for (const opcode of [1, 2, 4, 5, 15]) {
    const reply = table.send(patch(queryPacket('www.example.org', 'A'), 2, opcode << 3))!
    expect(reply[3]! & 15).toBe(4)
    expect(reply.length).toBe(12)
    expect((reply[2]! >> 3) & 15).toBe(opcode)
    const withEdns = patch(queryPacket('www.example.org', 'A', { payloadSize: 4096 }), 2, opcode << 3)
    const { status, message } = readAnswer(table.send(withEdns)!)
    expect([status, message.questions.length, message.edns?.payloadSize]).toEqual(['NOTIMP', 0, 1232])
    expect(table.send(withEdns.slice(0, -5))!.length).toBe(12)
  }
})

test('a number of questions other than one is FORMERR (RFC 9619)', () => {
  for (const count of [0, 2, 0xffff]) {
    const reply = table.send(patch(queryPacket('www.example.org', 'A'), 4, count >> 8, count & 255))!
    expect(readAnswer(reply).status).toBe('FORMERR')
  }
})

test('a message that is no query is refused with an OPT record when it has one (RFC 6891 6.1.1)', () => {
  const packet = queryPacket('www.example.org', 'A', { payloadSize: 1232 })
  const question = packet.slice(12, -11)
  const record = [192, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]
  const odd = {
    'two questions': patch(
      Uint8Array.from([...packet.slice(0, -11), ...question, ...packet.slice(-11)]),
      ...([4, 0, 2] as const),
    ),
    'an answer': patch(
      Uint8Array.from([...packet.slice(0, -11), ...record, ...packet.slice(-11)]),
      ...([6, 0, 1] as const),
    ),
  }
  for (const [what, octets] of Object.entries(odd)) {
    const { status, message } = readAnswer(table.send(octets)!)
    expect([what, status, message.edns?.payloadSize]).toEqual([what, 'FORMERR', 1232])
  }
})

test('a question cut short, with a pointer, or with a label type of the future is FORMERR', () => {
  const packet = queryPacket('www.example.org', 'A')
  for (let length = 12; length < packet.length; length++) {
    expect(readAnswer(table.send(packet.slice(0, length))!).status).toBe('FORMERR')
  }
  expect(readAnswer(table.send(patch(queryPacket('www.example.org', 'A'), 12, 0xc0, 12))!).status).toBe(
    'FORMERR',
  )
  expect(readAnswer(table.send(patch(queryPacket('www.example.org', 'A'), 12, 0x41))!).status).toBe('FORMERR')
})

test('the longest name is read, a longer one is FORMERR', () => {
  const label = 'a'.repeat(63)
  const longest = `${label}.${label}.${label}.${'b'.repeat(61)}`
  expect(table.ask(longest, 'A').status).toBe('REFUSED')
  const packet = Uint8Array.from([
    ...queryPacket('.', 'A').slice(0, 12),
    ...Array.from({ length: 4 }, () => [63, ...new Uint8Array(63).fill(97)]).flat(),
    ...[0, 0, 1, 0, 1],
  ])
  expect(readAnswer(table.send(packet)!).status).toBe('FORMERR')
})

test('classes other than IN are refused', () => {
  for (const rrClass of [3, 4, 254, 255]) {
    const packet = queryPacket('www.example.org', 'A')
    expect(readAnswer(table.send(patch(packet, packet.length - 1, rrClass))!).status).toBe('REFUSED')
  }
})

test('zone transfers are refused here; over UDP an IXFR is told the present serial', () => {
  expect(table.ask('example.org', 'AXFR', { isTcp: true }).status).toBe('REFUSED')
  expect(table.query.isTransfer).toBe(true)
  expect(table.ask('example.org', 'AXFR').status).toBe('REFUSED')
  expect(table.query.isTransfer).toBe(false)
  const { status, answer } = table.ask('example.org', 'IXFR')
  expect(status).toBe('NOERROR AA')
  expect(answer).toEqual(table.ask('example.org', 'SOA').answer)
  expect(table.query.isTransfer).toBe(false)
  expect(table.ask('www.example.org', 'IXFR').status).toBe('NOTAUTH')
})

test('id, RD and CD come back, RA and AD do not', () => {
  const reply = table.send(patch(queryPacket('www.example.org', 'A'), 0, 0xab, 0xcd, 0x01, 0xb0))!
  expect([...reply.slice(0, 4)]).toEqual([0xab, 0xcd, 0x85, 0x10])
})

test('EDNS is answered with EDNS and our payload size; without it there is none', () => {
  expect(table.ask('www.example.org', 'A').message.edns).toBeNull()
  expect(table.ask('www.example.org', 'A', { payloadSize: 4096 }).message.edns?.payloadSize).toBe(1232)
})

test('an unknown EDNS version is BADVERS', () => {
  const { status, answer, message } = table.ask('www.example.org', 'A', { payloadSize: 1232, ednsVersion: 1 })
  expect(status).toBe('BADVERS')
  expect(answer).toEqual([])
  expect(message.edns?.version).toBe(0)
})

test('a second OPT, or a broken one, is FORMERR', () => {
  const packet = queryPacket('www.example.org', 'A', { payloadSize: 1232 })
  const twice = Uint8Array.from([...packet, ...packet.slice(-11)])
  expect(readAnswer(table.send(patch(twice, 10, 0, 2))!).status).toBe('FORMERR')
  expect(readAnswer(table.send(packet.slice(0, -1))!).status).toBe('FORMERR')
  const bad = queryPacket('www.example.org', 'A', {
    payloadSize: 1232,
    options: [{ code: 10, data: new Uint8Array(8) }],
  })
  expect(readAnswer(table.send(patch(bad, bad.length - 9, 9))!).status).toBe('FORMERR')
})

test('a refusal says why where EDNS allows', () => {
  const { message } = table.ask('www.example.com', 'A', { payloadSize: 1232 })
  const option = message.edns?.options.find(({ code }) => code === OPTION_EXTENDED_ERROR)
  expect(decodeExtendedError(option!.data)?.infoCode).toBe(20)
})

test('an answer that does not fit is truncated: 512 without EDNS, the size the client takes, never more than 1232', () => {
  for (const [payloadSize, limit] of [
    [undefined, 512],
    [100, 512],
    [600, 600],
    [1232, 1232],
    [65535, 1232],
  ] as const) {
    const { status, answer, size } = table.ask('many.example.org', 'A', payloadSize ? { payloadSize } : {})
    expect(status).toBe('NOERROR AA TC')
    expect(answer).toEqual([])
    expect(size).toBeLessThanOrEqual(limit)
  }
})

test('what came before the rrset that does not fit stays', () => {
  const { status, answer } = table.ask('alias.example.org', 'A')
  expect(status).toBe('NOERROR AA TC')
  expect(answer).toEqual(['alias.example.org. 300 CNAME many.example.org.'])
})

test('addresses that are not needed are left out without TC', () => {
  const { status, answer, additional, size } = table.ask('mail.example.org', 'MX', { payloadSize: 800 })
  expect(status).toBe('NOERROR AA')
  expect(answer.length).toBe(30)
  expect(additional.length).toBeLessThan(30)
  expect(size).toBeLessThanOrEqual(800)
})

test('over TCP everything fits up to 65535 octets, and beyond it is truncated', () => {
  expect(table.ask('many.example.org', 'A', { isTcp: true }).answer.length).toBe(100)
  expect(table.ask('huge.example.org', 'TXT', { isTcp: true }).status).toBe('NOERROR AA TC')
})

test('names in rdata are compressed against the question and each other', () => {
  const { size } = table.ask('mail.example.org', 'MX', { isTcp: true })
  // 30 MX of owner pointer, fixed fields, preference and "mxNN" with a pointer; 30 addresses of 16 octets each.
  expect(size).toBeLessThan(12 + 22 + 30 * (12 + 2 + 7) + 30 * 16 + 1)
})

test('answers past the reach of pointers are still right', () => {
  const wide = Array.from(
    { length: 80 },
    (_, i) =>
      `big 300 MX ${i} ${'x'.repeat(60)}.${'y'.repeat(60)}${i}.${'z'.repeat(60)}${i}.${'q'.repeat(50)}${i}.m`,
  )
  const glue = Array.from(
    { length: 80 },
    (_, i) =>
      `${'x'.repeat(60)}.${'y'.repeat(60)}${i}.${'z'.repeat(60)}${i}.${'q'.repeat(50)}${i}.m 300 A 192.0.2.${i}`,
  )
  const own = new TestTable([{ apex: 'm', text: `${SOA_AND_NS}\n${wide.join('\n')}\n${glue.join('\n')}` }])
  const { answer, additional, size } = own.ask('big.m', 'MX', { isTcp: true })
  expect(answer.length).toBe(80)
  expect(additional.length).toBe(80)
  expect(size).toBeGreaterThan(0x3fff)
})
