import { expect, test } from 'bun:test'
import {
  decodeExtendedError,
  type EdnsOption,
  OPTION_COOKIE,
  OPTION_EXTENDED_ERROR,
  OPTION_KEEPALIVE,
  OPTION_NSID,
  OPTION_PADDING,
} from '@waymark/dns/message/edns'
import { rateMemory } from '../rate-limit/rate-limiter.ts'
import { type AskOptions, queryPacket, readAnswer, TestTable } from '../testing/ask.ts'
import { SOA_AND_NS } from '../testing/zone-text.ts'
import { PLAIN_PROFILE, type ProfileSettings, ServerProfile } from './server-profile.ts'

const NOW = 1_800_000_000_000
const SECRET = Uint8Array.from({ length: 16 }, (_, i) => i)
const CLIENT = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
const many = Array.from({ length: 100 }, (_, i) => `many 300 A 192.0.2.${i}`).join('\n')

function tableWith(settings: Partial<ProfileSettings>, clock = () => NOW): TestTable {
  const table = new TestTable([{ apex: 'example.org', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1\n${many}` }])
  table.query.profile = new ServerProfile({ ...PLAIN_PROFILE, ...settings }, clock)
  return table
}

const option = (code: number, data: Uint8Array = new Uint8Array(0)): EdnsOption => ({ code, data })
const edns = (...options: EdnsOption[]): AskOptions => ({ payloadSize: 1232, options })
const cookieOf = (table: TestTable, options: AskOptions): Uint8Array | undefined =>
  optionOf(table, OPTION_COOKIE, options)
const optionOf = (table: TestTable, code: number, options: AskOptions): Uint8Array | undefined =>
  table.ask('www.example.org', 'A', options).message.edns?.options.find((each) => each.code === code)?.data

/** A query without a question. */
function withoutQuestion(...options: EdnsOption[]): Uint8Array {
  const packet = queryPacket('.', 'A', edns(...options))
  const bare = Uint8Array.from([...packet.slice(0, 12), ...packet.slice(17)])
  bare[5] = 0
  return bare
}

test('a client cookie is answered with a server cookie, which is then valid at its address only', () => {
  const table = tableWith({ cookieSecrets: [SECRET], requiresCookie: true })
  const from = '192.0.2.7'
  const first = table.ask('www.example.org', 'A', { ...edns(option(OPTION_COOKIE, CLIENT)), from })
  expect(first.status).toBe('BADCOOKIE')
  const cookie = first.message.edns!.options[0]!.data
  expect(cookie.length).toBe(24)
  expect([...cookie.slice(0, 9)]).toEqual([...CLIENT, 1])
  const again = edns(option(OPTION_COOKIE, cookie))
  expect(table.ask('www.example.org', 'A', { ...again, from }).status).toBe('NOERROR AA')
  expect(table.ask('www.example.org', 'A', { ...again, from: '192.0.2.8' }).status).toBe('BADCOOKIE')
  expect(table.ask('www.example.org', 'A', { ...again, from: '192.0.2.8', isTcp: true }).status).toBe(
    'NOERROR AA',
  )
  expect(table.ask('www.example.org', 'A', { payloadSize: 1232, from }).status).toBe('NOERROR AA')
})

test('a bad cookie is answered, and mended, unless the operator demands good ones', () => {
  const table = tableWith({ cookieSecrets: [SECRET] })
  const bad = edns(option(OPTION_COOKIE, Uint8Array.from([...CLIENT, ...new Uint8Array(16)])))
  expect(table.ask('www.example.org', 'A', bad).status).toBe('NOERROR AA')
  expect(cookieOf(table, bad)?.length).toBe(24)
  expect(cookieOf(tableWith({}), bad)).toBeUndefined()
})

test('a cookie of an impossible length is FORMERR', () => {
  const table = tableWith({ cookieSecrets: [SECRET] })
  for (const size of [0, 7, 9, 15, 41]) {
    const bad = edns(option(OPTION_COOKIE, new Uint8Array(size)))
    expect(table.ask('www.example.org', 'A', bad).status).toBe('FORMERR')
  }
})

test('without a question a cookie can be had, and nothing else', () => {
  const table = tableWith({ cookieSecrets: [SECRET] })
  const fresh = readAnswer(table.send(withoutQuestion(option(OPTION_COOKIE, CLIENT)))!)
  expect(fresh.status).toBe('NOERROR')
  const cookie = fresh.message.edns!.options[0]!.data
  expect(readAnswer(table.send(withoutQuestion(option(OPTION_COOKIE, cookie)))!).status).toBe('NOERROR')
  const bad = Uint8Array.from([...CLIENT, ...new Uint8Array(16)])
  expect(readAnswer(table.send(withoutQuestion(option(OPTION_COOKIE, bad)))!).status).toBe('BADCOOKIE')
  expect(readAnswer(table.send(withoutQuestion(option(OPTION_NSID)))!).status).toBe('FORMERR')
  expect(readAnswer(tableWith({}).send(withoutQuestion(option(OPTION_COOKIE, CLIENT)))!).status).toBe(
    'FORMERR',
  )
})

test('NSID is told to those who ask, where there is one', () => {
  const table = tableWith({ nsid: 'edge-1' })
  expect(optionOf(table, OPTION_NSID, edns(option(OPTION_NSID)))).toEqual(
    new Uint8Array(Buffer.from('edge-1')),
  )
  expect(optionOf(table, OPTION_NSID, edns())).toBeUndefined()
  expect(optionOf(tableWith({}), OPTION_NSID, edns(option(OPTION_NSID)))).toBeUndefined()
})

test('CHAOS names are refused unless set, and only those', () => {
  const ask = (table: TestTable, name: string, type = 'TXT'): string => {
    const packet = queryPacket(name, type)
    packet[packet.length - 1] = 3
    const { status, message } = readAnswer(table.send(packet)!)
    return [status, ...message.answers.map(({ rdata }) => Buffer.from(rdata).toString('latin1'))].join(' ')
  }
  const plain = tableWith({})
  const told = tableWith({ chaosId: 'edge-1', chaosVersion: 'waymark' })
  for (const name of ['id.server', 'hostname.bind', 'version.server', 'version.bind'])
    expect(ask(plain, name)).toBe('REFUSED')
  for (const name of ['id.server', 'hostname.bind', 'HostName.BIND'])
    expect(ask(told, name)).toBe('NOERROR AA \x06edge-1')
  for (const name of ['version.server', 'version.bind'])
    expect(ask(told, name, 'ANY')).toBe('NOERROR AA \x07waymark')
  expect(ask(told, 'authors.bind')).toBe('REFUSED')
  expect(ask(told, 'www.example.org')).toBe('REFUSED')
  expect(ask(told, 'id.server', 'A')).toBe('REFUSED')
})

test('keepalive is answered over TCP, and has no time in a query', () => {
  const table = tableWith({})
  table.query.idleSeconds = 30
  const asked = edns(option(OPTION_KEEPALIVE))
  expect(optionOf(table, OPTION_KEEPALIVE, { ...asked, isTcp: true })).toEqual(Uint8Array.of(1, 44))
  expect(optionOf(table, OPTION_KEEPALIVE, asked)).toBeUndefined()
  const timed = edns(option(OPTION_KEEPALIVE, Uint8Array.of(0, 1)))
  expect(table.ask('www.example.org', 'A', { ...timed, isTcp: true }).status).toBe('FORMERR')
  expect(table.ask('www.example.org', 'A', timed).status).toBe('NOERROR AA')
})

test('answers are padded to blocks of 468 octets, only where nobody reads along and the client pads too', () => {
  const table = tableWith({ nsid: 'edge-1' })
  const padded = edns(option(OPTION_PADDING, new Uint8Array(40)), option(OPTION_NSID))
  const sizeOf = (name: string, options: AskOptions) => table.ask(name, 'A', options).size
  expect(sizeOf('www.example.org', { ...padded, isTcp: true })).toBeLessThan(100)
  table.query.isEncrypted = true
  expect(sizeOf('www.example.org', { ...padded, isTcp: true })).toBe(468)
  expect(sizeOf('none.example.org', { ...padded, isTcp: true })).toBe(468)
  expect(sizeOf('many.example.org', { ...padded, isTcp: true })).toBe(468 * 4)
  expect(sizeOf('www.example.org', { ...edns(), isTcp: true })).toBeLessThan(100)
})

test('an EDNS version that we do not know may write its options as it likes', () => {
  const table = tableWith({})
  const packet = queryPacket('www.example.org', 'A', { ...edns(option(OPTION_COOKIE)), ednsVersion: 1 })
  expect(readAnswer(table.send(packet)!).status).toBe('BADVERS')
})

test('with all options an answer keeps to its size, and what does not fit is truncated', () => {
  const table = tableWith({ nsid: 'n'.repeat(64), cookieSecrets: [SECRET] })
  const asked = [
    option(OPTION_NSID),
    option(OPTION_COOKIE, CLIENT),
    option(8, Uint8Array.of(0, 1, 24, 0, 192, 0, 2)),
  ]
  for (let payloadSize = 512; payloadSize <= 1300; payloadSize++) {
    for (const name of ['many.example.org', 'www.example.org', 'www.example.com']) {
      const { size, message } = table.ask(name, 'A', { payloadSize, options: asked })
      expect(size).toBeLessThanOrEqual(Math.min(payloadSize, 1232))
      expect(message.edns!.options.length).toBe(name.endsWith('com') ? 4 : 3)
    }
  }
})

test('an answer of any size that does not fit beside its options is truncated, and one that fits is not', () => {
  const sizes = Array.from({ length: 45 }, (_, i) => i + 25)
  const sets = sizes.flatMap((size) => Array.from({ length: size }, (_, i) => `s${size} 300 A 192.0.2.${i}`))
  const table = new TestTable([{ apex: 'example.org', text: `${SOA_AND_NS}\n${sets.join('\n')}` }])
  table.query.profile = new ServerProfile({ ...PLAIN_PROFILE, nsid: 'edge-1', cookieSecrets: [SECRET] })
  const options = [option(OPTION_NSID), option(OPTION_COOKIE, CLIENT)]
  for (const size of sizes) {
    const whole = table.ask(`s${size}.example.org`, 'A', { payloadSize: 1232, options, isTcp: true }).size
    for (const payloadSize of [whole - 1, whole, whole + 1]) {
      const { status, size: sent } = table.ask(`s${size}.example.org`, 'A', { payloadSize, options })
      expect(sent).toBeLessThanOrEqual(Math.max(512, Math.min(payloadSize, 1232)))
      const fits = whole <= Math.max(512, Math.min(payloadSize, 1232))
      expect(status).toBe(fits ? 'NOERROR AA' : 'NOERROR AA TC')
    }
  }
})

test('the longest name refused with all options fits into 512 octets', () => {
  const table = tableWith({ nsid: 'n'.repeat(64), cookieSecrets: [SECRET] })
  const label = 'a'.repeat(63)
  const asked = [
    option(OPTION_NSID),
    option(OPTION_COOKIE, CLIENT),
    option(8, Uint8Array.of(0, 2, 128, 0, ...new Uint8Array(16))),
  ]
  const name = `${label}.${label}.${label}.${'b'.repeat(61)}`
  const { size, message } = table.ask(name, 'A', { payloadSize: 512, options: asked })
  expect(size).toBeLessThanOrEqual(512)
  const ede = message.edns!.options.find(({ code }) => code === OPTION_EXTENDED_ERROR)
  expect(decodeExtendedError(ede!.data)?.infoCode).toBe(20)
})

test('over the rate every second answer is truncated and the others are kept; TCP and cookies go free', () => {
  const rateLimit = { rate: 3, slip: 2, memory: rateMemory(), seed: 1 }
  const table = tableWith({ cookieSecrets: [SECRET], rateLimit })
  const from = '192.0.2.7'
  table.query.source = from
  const send = (packet: Uint8Array, isTcp = false): string => {
    const reply = table.send(packet, isTcp)
    return reply === null ? 'none' : readAnswer(reply).status
  }
  const fresh = table.send(queryPacket('www.example.org', 'A', edns(option(OPTION_COOKIE, CLIENT))))!
  const cookie = readAnswer(fresh).message.edns!.options[0]!.data
  const plain = queryPacket('www.example.org', 'A')
  expect(Array.from({ length: 6 }, () => send(plain))).toEqual([
    'NOERROR AA',
    'NOERROR AA',
    'none',
    'NOERROR TC',
    'none',
    'NOERROR TC',
  ])
  expect(send(plain, true)).toBe('NOERROR AA')
  expect(send(queryPacket('www.example.org', 'A', edns(option(OPTION_COOKIE, cookie))))).toBe('NOERROR AA')
  expect(send(queryPacket('www.example.com', 'A'))).toBe('none')
  table.query.source = '192.0.3.7'
  expect(send(plain)).toBe('NOERROR AA')
})

test('a limiter without slip sends nothing over the rate, one with slip 1 truncates every answer', () => {
  for (const [slip, expected] of [
    [0, 0],
    [1, 8],
  ] as const) {
    const table = tableWith({ rateLimit: { rate: 2, slip, memory: rateMemory(), seed: 1 } })
    table.query.source = '2001:db8::1'
    const packet = queryPacket('www.example.org', 'A')
    const replies = Array.from({ length: 10 }, () => table.send(packet)).slice(2)
    expect(replies.filter((reply) => reply !== null).length).toBe(expected)
    for (const reply of replies) if (reply !== null) expect(reply.length).toBeLessThanOrEqual(packet.length)
  }
})
