import { afterEach, expect, test } from 'bun:test'
import { createServer } from 'node:net'
import { decodeMessage } from '@waymark/dns/message/decode'
import { encodeMessage } from '@waymark/dns/message/encode'
import { RCODE_NXDOMAIN, RCODE_SERVFAIL } from '@waymark/dns/message/header'
import type { Message } from '@waymark/dns/message/message'
import { formatName } from '@waymark/dns/name'
import { rrTypeByName } from '@waymark/dns/rr-types/registry'
import { CLASS_IN } from '@waymark/dns/rr-types/type-codes'
import { freePort } from '../../../../test/support/process.ts'
import { Query } from '../answer/query.ts'
import { Counters, countersFor } from '../counters.ts'
import { Answerer } from '../observe/answerer.ts'
import { MemorySource } from '../source/memory.ts'
import { type AskOptions, queryPacket, readAnswer } from '../testing/ask.ts'
import { askTcp, askUdp } from '../testing/ask-socket.ts'
import { networkFrame, SOA_AND_NS, wire, zoneFrame } from '../testing/zone-text.ts'
import { ConnectionLimits, connectionMemory } from '../transport/connection-limits.ts'
import { listenTcp } from '../transport/tcp.ts'
import { listenUdp } from '../transport/udp.ts'
import { TableView } from '../zone-table/view.ts'
import { Upstream } from './upstream.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** What a server makes of a query; several are sent one after the other. */
type Behave = (query: Message, isTcp: boolean) => Message[] | Promise<Message[]>
interface Server {
  readonly host: string
  readonly port: number
  readonly queries: Message[]
  /** Ports that were asked from. */
  readonly ports: number[]
}

async function serve(behave: Behave): Promise<Server> {
  const queries: Message[] = []
  const ports: number[] = []
  const replies = async (octets: Uint8Array, isTcp: boolean): Promise<Uint8Array[]> => {
    const query = decodeMessage(octets)
    if (!query.ok) throw new Error('no query')
    queries.push(query.value)
    return (await behave(query.value, isTcp)).map((reply) => {
      const encoded = encodeMessage(reply)
      if (!encoded.ok) throw new Error(encoded.problems[0]?.detail)
      return encoded.value
    })
  }
  const udp = await Bun.udpSocket({
    ...{ hostname: '127.0.0.1', port: freePort() },
    socket: {
      async data(socket, packet, port, address) {
        ports.push(port)
        for (const reply of await replies(packet, false)) socket.send(reply, port, address)
      },
    },
  })
  const tcp = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', async (chunk: Buffer) => {
      for (const reply of await replies(chunk.subarray(2), true)) {
        socket.write(Buffer.concat([Uint8Array.of(reply.length >> 8, reply.length), reply]))
      }
    })
  })
  await new Promise<void>((resolve) => tcp.listen(udp.port, '127.0.0.1', resolve))
  ends.push(
    () => udp.close(),
    () => tcp.close(),
  )
  return { host: '127.0.0.1', port: udp.port, queries, ports }
}

/** An answer with address records, one for each address. */
function answerTo(query: Message, ...addresses: string[]): Message {
  const { name } = query.questions[0]!
  const rrType = rrTypeByName('A')!
  return {
    ...query,
    header: { ...query.header, isResponse: true, isRecursionAvailable: true, isAuthenticData: true },
    answers: addresses.map((address) => ({
      ...{ owner: name, type: rrType.code, class: CLASS_IN, ttl: 60 },
      rdata: Uint8Array.from(address.split('.').map(Number)),
    })),
  }
}
const withRcode = (query: Message, rcode: number): Message => {
  const answer = answerTo(query)
  return { ...answer, header: { ...answer.header, rcode } }
}

/** An edge on 127.0.0.1 whose client network sees a recursive zone; who asks from elsewhere does not. */
async function start(upstream: Upstream | undefined) {
  const source = new MemorySource()
  for (const octets of [
    networkFrame('lab', ['127.0.0.1/32']),
    zoneFrame({
      ...{ apex: 'corp.example', kind: 1, networks: ['lab'], isRecursive: true },
      text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1\nshop 300 CNAME shop.far.example.`,
    }),
  ]) {
    source.apply(octets)
  }
  const view = new TableView(source.writer.handle)
  const answerer = new Answerer(new Query(1), view, new Counters(countersFor(1), 0))
  answerer.upstream = upstream
  const udp = await listenUdp('127.0.0.1', 0, answerer)
  const limits = { total: 10, perAddress: 10, memory: connectionMemory(), seed: 0 }
  const tcp = listenTcp('127.0.0.1', 0, answerer, {
    idleSeconds: 5,
    connections: new ConnectionLimits(limits),
  })
  ends.push(
    () => udp.close(),
    () => tcp.close(),
  )
  return async (name: string, options: AskOptions & { isRecursive?: boolean } = {}) => {
    const packet = queryPacket(name, 'A', options)
    if (options.isRecursive !== false) packet[2]! |= 1
    const ask = options.isTcp ? askTcp : askUdp
    const reply = await ask('127.0.0.1', options.isTcp ? tcp.port : udp.port, packet)
    const { message, ...answer } = readAnswer(reply)
    const ede = message.edns?.options.find(({ code }) => code === 15)?.data[1]
    const { isRecursionAvailable, isRecursionDesired, isAuthenticData } = message.header
    const flags = [isRecursionDesired && 'RD', isRecursionAvailable && 'RA', isAuthenticData && 'AD']
    return {
      text: [
        answer.status,
        ...flags.filter(Boolean),
        ...answer.answer.map((record) => record.split(' ').at(-1)),
        ...(ede === undefined ? [] : [`EDE ${ede}`]),
      ].join(' '),
      answer,
    }
  }
}
const textOf = async (answer: Promise<{ text: string }>): Promise<string> => (await answer).text

test.each([false, true])(
  'what a recursive zone does not have is asked of the upstream (over TCP: %p)',
  async (isTcp) => {
    const server = await serve((query) => [answerTo(query, '203.0.113.7')])
    const ask = await start(new Upstream([server]))
    expect(await textOf(ask('www.corp.example', { isTcp }))).toBe('NOERROR AA RD 192.0.2.1')
    expect(await textOf(ask('mail.corp.example', { isTcp }))).toBe('NOERROR RD RA 203.0.113.7')
    expect(await textOf(ask('shop.corp.example', { isTcp }))).toBe(
      'NOERROR RD RA shop.far.example. 203.0.113.7',
    )
    const asked = server.queries.map(({ header, questions, edns }) => [
      formatName(questions[0]!.name),
      header.isRecursionDesired,
      edns?.options.length,
    ])
    expect(asked).toEqual([
      ['mail.corp.example.', true, 0],
      ['shop.far.example.', true, 0],
    ])
  },
)

test('who wants no recursion gets what the zone itself says', async () => {
  const server = await serve((query) => [answerTo(query, '203.0.113.7')])
  const ask = await start(new Upstream([server]))
  expect(await textOf(ask('mail.corp.example', { isRecursive: false }))).toBe('NXDOMAIN AA')
  expect(server.queries).toEqual([])
})

test('without upstream the zone is the last word', async () => {
  const ask = await start(undefined)
  expect(await textOf(ask('mail.corp.example'))).toBe('NXDOMAIN AA RD')
})

test('a truncated reply is asked for again over TCP', async () => {
  const addresses = Array.from({ length: 100 }, (_, i) => `203.0.113.${i}`)
  const server = await serve((query, isTcp) => {
    if (isTcp) return [answerTo(query, ...addresses)]
    const answer = answerTo(query)
    return [{ ...answer, header: { ...answer.header, isTruncated: true } }]
  })
  const ask = await start(new Upstream([server]))
  expect((await ask('many.corp.example', { isTcp: true })).answer.answer.length).toBe(100)
  const cut = await ask('many.corp.example', { payloadSize: 1232 })
  expect([cut.text, cut.answer.size < 100]).toEqual(['NOERROR TC RD RA', true])
})

test('replies with another id or question are not heard', async () => {
  const server = await serve((query) => {
    const forged = answerTo(query, '198.51.100.66')
    return [
      { ...forged, header: { ...forged.header, id: (query.header.id + 1) & 0xffff } },
      { ...forged, questions: [{ ...query.questions[0]!, name: wire('other.example') }] },
      { ...forged, header: { ...forged.header, isResponse: false } },
      answerTo(query, '203.0.113.7'),
    ]
  })
  const ask = await start(new Upstream([server]))
  expect(await textOf(ask('mail.corp.example'))).toBe('NOERROR RD RA 203.0.113.7')
})

test('ids and ports are other ones each time', async () => {
  const server = await serve((query) => [withRcode(query, RCODE_NXDOMAIN)])
  const ask = await start(new Upstream([server]))
  for (let i = 0; i < 12; i++) expect(await textOf(ask(`n${i}.corp.example`))).toBe('NXDOMAIN RD RA')
  expect(new Set(server.queries.map(({ header }) => header.id)).size).toBeGreaterThan(10)
  expect(new Set(server.ports).size).toBeGreaterThan(8)
})

test('the next server is asked when one is silent or fails, and a failure of all says so', async () => {
  const silent = await serve(() => [])
  const failing = await serve((query) => [withRcode(query, RCODE_SERVFAIL)])
  const good = await serve((query) => [answerTo(query, '203.0.113.7')])
  const edns = { payloadSize: 1232 }
  // The silent one costs all of it, the others are to be waited for on a busy machine too.
  const ask = await start(new Upstream([silent, failing, good], { attemptMs: 2000 }))
  expect(await textOf(ask('mail.corp.example'))).toBe('NOERROR RD RA 203.0.113.7')
  const failed = await start(new Upstream([failing], { attemptMs: 20_000 }))
  expect(await textOf(failed('mail.corp.example', edns))).toBe('SERVFAIL RD RA EDE 22')
  const alone = await start(new Upstream([silent], { attemptMs: 100 }))
  expect(await textOf(alone('mail.corp.example', edns))).toBe('SERVFAIL RD RA EDE 23')
})

test('questions beyond the bound are refused at once, and those before are answered', async () => {
  const arrived = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const slow = await serve(async (query) => {
    arrived.resolve()
    await released.promise
    return [answerTo(query, '203.0.113.7')]
  })
  const ask = await start(new Upstream([slow], { attemptMs: 60_000, maxOutstanding: 1 }))
  const first = ask('a.corp.example')
  await arrived.promise
  expect(await textOf(ask('b.corp.example'))).toBe('SERVFAIL RD RA')
  released.resolve()
  expect(await textOf(first)).toBe('NOERROR RD RA 203.0.113.7')
})
