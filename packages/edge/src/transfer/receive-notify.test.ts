import { expect, test } from 'bun:test'
import { ZONE_KIND_PRIVATE } from '@waymark/dns/feed-codec'
import { decodeMessage } from '@waymark/dns/message/decode'
import { OPCODE_NOTIFY, rcodeName } from '@waymark/dns/message/header'
import { formatName } from '@waymark/dns/name'
import { findTsig, type TsigKey } from '@waymark/dns/tsig/tsig'
import { PLAIN_PROFILE, ServerProfile } from '../answer/server-profile.ts'
import { rateMemory } from '../rate-limit/rate-limiter.ts'
import { type AskOptions, queryPacket, readAnswer, TestTable } from '../testing/ask.ts'
import { networkFrame, SOA_AND_NS, wire, zoneFrame } from '../testing/zone-text.ts'
import { TableView } from '../zone-table/view.ts'
import { isNotify, type NotifyHeard, receiveNotify } from './receive-notify.ts'
import { OPEN, TransferLab } from './testing.ts'
import { ResponseSigner } from './tsig-session.ts'

const LONG = wire([...'abcd'].map((letter) => letter.repeat(57)).join('.'))
const table = new TestTable([{ apex: 'lab.example.', text: SOA_AND_NS }])

function notifyPacket(name: string, type = 'SOA', options: AskOptions = {}): Uint8Array {
  const packet = queryPacket(name, type, options)
  packet[2] = (OPCODE_NOTIFY << 3) | 4
  return packet
}

/** The answer to a packet in words, and what was heard of it. */
function notify(packet: Uint8Array): { status: string; heard: string[] } {
  const out = new Uint8Array(512)
  const heard: NotifyHeard[] = []
  table.query.source = '192.0.2.53'
  const { query, view } = table
  const size = receiveNotify(query, view, packet, packet.length, out, false, (one) => heard.push(one))
  const message = decodeMessage(out.slice(0, size))
  if (!message.ok) throw new Error(message.problems[0]!.detail)
  const { header, questions } = message.value
  expect(header).toMatchObject({ isResponse: true, opcode: OPCODE_NOTIFY, id: 4711 })
  const question = questions.map(({ name }) => formatName(name)).join()
  return {
    status: `${rcodeName(header.rcode)} ${question}`,
    heard: heard.map(({ apex, source }) => `${formatName(apex)} ${source}`),
  }
}

test('a NOTIFY about a zone that is here is answered with its question and handed on with its source', () => {
  const packet = notifyPacket('Lab.example')
  expect(isNotify(packet, packet.length)).toBe(true)
  expect(notify(packet)).toEqual({ status: 'NOERROR Lab.example.', heard: ['Lab.example. 192.0.2.53'] })
})

test.each([
  ['a zone that is not here', notifyPacket('other.example'), 'NOTAUTH other.example.'],
  ['a name below the apex', notifyPacket('www.lab.example'), 'NOTAUTH www.lab.example.'],
  ['another type than SOA', notifyPacket('lab.example', 'A'), 'FORMERR lab.example.'],
  ['a name that is cut short', notifyPacket('lab.example').slice(0, 16), 'FORMERR '],
])('a NOTIFY about %s is handed on to nobody', (_, packet, status) => {
  expect(notify(packet)).toEqual({ status, heard: [] })
})

test('a NOTIFY with EDNS is answered with EDNS (RFC 6891 6.1.1), another is not', () => {
  const asked = (options: AskOptions) => {
    const out = new Uint8Array(512)
    const packet = notifyPacket('lab.example', 'SOA', options)
    const size = receiveNotify(table.query, table.view, packet, packet.length, out, false, () => {})
    const { status, message } = readAnswer(out.slice(0, size))
    return [status, message.edns?.payloadSize]
  }
  expect(asked({})).toEqual(['NOERROR AA', undefined])
  expect(asked({ payloadSize: 4096 })).toEqual(['NOERROR AA', 1232])
  expect(asked({ payloadSize: 4096, ednsVersion: 1 })).toEqual(['BADVERS AA', 1232])
})

test('a signed NOTIFY with long names is answered within 512 octets over UDP, with TC, and signed over TCP', () => {
  const key: TsigKey = { name: LONG, algorithm: 'hmac-sha256', secret: new Uint8Array(32) }
  const packet = new Uint8Array(1024)
  const plain = notifyPacket(`${formatName(LONG)}lab.example`)
  packet.set(plain)
  const size = new ResponseSigner(key, new Uint8Array(), () => 1_800_000_000).sign(packet, plain.length)
  const answer = (isTcp: boolean) => {
    const out = new Uint8Array(1232)
    const length = receiveNotify(table.query, table.view, packet, size, out, isTcp, () => {})
    return [length <= 512, (out[2]! & 2) !== 0, findTsig(out.slice(0, length)) !== undefined]
  }
  expect(answer(false)).toEqual([true, true, false])
  expect(answer(true)).toEqual([false, false, true])
})

test('answers to NOTIFY count for the rate limit over UDP, and what is not answered is heard all the same', () => {
  const own = new TestTable([{ apex: 'lab.example.', text: SOA_AND_NS }])
  const rateLimit = { rate: 1, slip: 0, memory: rateMemory(), seed: 1 }
  own.query.profile = new ServerProfile({ ...PLAIN_PROFILE, rateLimit }, () => 1_800_000_000_000)
  own.query.source = '192.0.2.53'
  const packet = notifyPacket('lab.example')
  let count = 0
  const send = (isTcp: boolean) =>
    receiveNotify(own.query, own.view, packet, packet.length, new Uint8Array(512), isTcp, () => count++) > 0
  expect([send(false), send(false), send(true)]).toEqual([true, false, true])
  expect(count).toBe(3)
})

test('queries and answers to our own messages are no NOTIFY requests', () => {
  const query = queryPacket('lab.example', 'SOA')
  expect(isNotify(query, query.length)).toBe(false)
  const answer = notifyPacket('lab.example')
  answer[2] = 0xa4
  expect(isNotify(answer, answer.length)).toBe(false)
})

test('a NOTIFY about a private zone is heard from its networks alone', () => {
  const lab = new TransferLab(OPEN, [
    networkFrame('office', ['127.0.1.0/24']),
    zoneFrame({ apex: 'corp.example', kind: ZONE_KIND_PRIVATE, networks: ['office'], text: SOA_AND_NS }),
  ])
  const packet = notifyPacket('corp.example')
  const rcodeFor = (source: string): number => {
    const out = new Uint8Array(512)
    lab.query.source = source
    receiveNotify(lab.query, new TableView(lab.table.handle), packet, packet.length, out, false, () => {})
    return out[3]! & 15
  }
  expect([rcodeFor('127.0.1.5'), rcodeFor('127.0.2.5')]).toEqual([0, 9])
})
