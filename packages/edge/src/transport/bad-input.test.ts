/** Whatever is sent to a listener: it is refused as documented, it is counted, and others are answered meanwhile. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { connect, type Socket } from 'node:net'
import { Query } from '../answer/query.ts'
import { Counters, type CounterTotals, countersFor, DOT, sumCounters, TCP, UDP } from '../counters.ts'
import { Answerer } from '../observe/answerer.ts'
import { MemorySource } from '../source/memory.ts'
import { queryPacket, readAnswer } from '../testing/ask.ts'
import { askTcp, askUdp } from '../testing/ask-socket.ts'
import { CERTIFICATE } from '../testing/certificate.ts'
import { SOA_AND_NS, zoneFrame } from '../testing/zone-text.ts'
import { TableView } from '../zone-table/view.ts'
import { type Listeners, listenOn } from './listen.ts'
import { plainTransports } from './worker-transports.ts'

const HOST = '127.0.0.1'
const WWW = queryPacket('www.example.org', 'A')
const many = Array.from({ length: 200 }, (_, i) => `many 300 A 192.0.2.${i}`).join('\n')
const counters = countersFor(1)
const clients: Socket[] = []
let listeners: Listeners
let port: number
let dotPort: number

beforeAll(async () => {
  const memory = new MemorySource()
  memory.apply(zoneFrame({ apex: 'example.org', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1\n${many}` }))
  const answerer = new Answerer(new Query(1), new TableView(memory.writer.handle), new Counters(counters, 0))
  const plain = plainTransports()
  listeners = await listenOn([{ host: HOST, port: 0 }], answerer, {
    ...{ ...plain, idleSeconds: 1, tls: CERTIFICATE, dot: [{ host: HOST, port: 0 }] },
    connections: { ...plain.connections, perAddress: 40 },
  })
  port = listeners.bound.dns[0]!.port
  dotPort = listeners.bound.dot[0]!.port
})
afterAll(async () => {
  for (const client of clients) client.destroy()
  await listeners.close()
})

const totals = (): CounterTotals => sumCounters(counters)

/** What was counted while `act` ran and until `isCounted` says that it is all there. */
async function until(isCounted: () => boolean, withinMs = 5000): Promise<void> {
  for (const end = performance.now() + withinMs; !isCounted(); ) {
    if (performance.now() > end) throw new Error(`It was not counted: ${JSON.stringify(totals())}`)
    await Bun.sleep(5)
  }
}

const expectAnswers = async (): Promise<void> => {
  expect(readAnswer(await askUdp(HOST, port, WWW)).answer).toEqual(['www.example.org. 300 A 192.0.2.1'])
  expect(readAnswer(await askTcp(HOST, port, WWW)).answer).toEqual(['www.example.org. 300 A 192.0.2.1'])
}

/** A connection on which `octets` are sent, and nothing is read unless `reads`. */
function client(to: number, octets?: Uint8Array, reads = true): Socket {
  const socket = connect(to, HOST)
  socket.on('error', () => {})
  if (octets !== undefined) socket.write(octets)
  if (reads) socket.resume()
  else socket.pause()
  clients.push(socket)
  return socket
}

const changed = (at: number, ...octets: number[]): Uint8Array => {
  const packet = WWW.slice()
  packet.set(octets, at)
  return packet
}
const framed = (packet: Uint8Array): Uint8Array =>
  Uint8Array.of(packet.length >> 8, packet.length & 255, ...packet)

const FORMERR = 1
const NOTIMP = 4
const PACKETS: readonly (readonly [what: string, packet: Uint8Array, rcode: number | 'ignored'])[] = [
  ['empty', new Uint8Array(0), 'ignored'],
  ['shorter than a header', WWW.slice(0, 11), 'ignored'],
  ['a reply', changed(2, 0x80), 'ignored'],
  ['a header that promises a question', WWW.slice(0, 12), FORMERR],
  ['cut in its question', WWW.slice(0, 20), FORMERR],
  ['two questions', Uint8Array.of(...changed(4, 0, 2), ...WWW.slice(12)), FORMERR],
  ['no question', changed(4, 0, 0).slice(0, 12), FORMERR],
  ['a name that points to itself', changed(12, 0xc0, 12), FORMERR],
  ['a name that points forward', changed(12, 0xc0, 14, 0xc0, 12), FORMERR],
  ['a label of a kind that is none', changed(12, 0x80), FORMERR],
  [
    'a name of more than 255 octets',
    Uint8Array.of(...WWW.slice(0, 12), ...new Array(300).fill(1), 0, 0, 1, 0, 1),
    FORMERR,
  ],
  ['records that are not there', changed(10, 255, 255), FORMERR],
  ['an answer in a query', changed(6, 0, 1), FORMERR],
  ['opcode STATUS', changed(2, 2 << 3), NOTIMP],
  ['opcode UPDATE', changed(2, 5 << 3), NOTIMP],
  ['opcode 15', changed(2, 15 << 3), NOTIMP],
  ['NOTIFY where nobody may notify', changed(2, 4 << 3), NOTIMP],
]

test.each(PACKETS)('over UDP and TCP: %s', async (_what, packet, rcode) => {
  const before = totals()
  if (rcode !== 'ignored') {
    expect(readAnswer(await askUdp(HOST, port, packet)).message.header.rcode).toBe(rcode)
    expect(readAnswer(await askTcp(HOST, port, packet)).message.header.rcode).toBe(rcode)
    const after = totals()
    expect(after.rcodes[UDP]![rcode]! - before.rcodes[UDP]![rcode]!).toBe(1)
    expect(after.rcodes[TCP]![rcode]! - before.rcodes[TCP]![rcode]!).toBe(1)
    return
  }
  const socket = await Bun.udpSocket({ hostname: HOST })
  // No datagram of ours is empty.
  if (packet.length > 0) socket.send(packet, port, HOST)
  client(port, framed(packet))
  await until(() => totals().endedMalformed === before.endedMalformed + 1)
  await until(() => totals().ignored === before.ignored + (packet.length > 0 ? 2 : 1))
  socket.close()
})

test('garbage: each packet is answered or ignored, and counted', async () => {
  const before = totals()
  const socket = await Bun.udpSocket({ hostname: HOST })
  let state = 1
  const random = (): number => {
    state = (state * 1103515245 + 12345) & 0x7fffffff
    return state >> 16
  }
  for (let i = 0; i < 500; i++) {
    const packet = Uint8Array.from({ length: 1 + (random() % 600) }, () => random())
    socket.send(packet, port, HOST)
    if (i % 50 === 49) await Bun.sleep(2)
  }
  const seen = ({ answers, ignored }: CounterTotals): number => answers + ignored
  await until(() => seen(totals()) === seen(before) + 500)
  socket.close()
  await expectAnswers()
})

test('connections that are half open, or dribble, are ended and counted, over TCP and TLS', async () => {
  const before = totals()
  const silent = [client(port), client(port), client(dotPort)]
  // A length that is never filled; a message that comes octet by octet; a TLS handshake that stops.
  silent.push(client(port, Uint8Array.of(255, 255, 1)), client(dotPort, Uint8Array.of(0x16, 3, 1, 2, 0)))
  const dribbler = client(port)
  const drop = setInterval(() => !dribbler.destroyed && dribbler.write(Uint8Array.of(1)), 50)
  await expectAnswers()
  await until(() => totals().endedIdle >= before.endedIdle + 6, 8000)
  clearInterval(drop)
  for (const each of [...silent, dribbler]) each.destroy()
  await until(() => totals().tcpOpen === 0, 8000)
}, 20_000)

test('a client that asks and does not read is cut off and counted, others are answered', async () => {
  const before = totals()
  const greedy = framed(queryPacket('many.example.org', 'A'))
  const all = new Uint8Array(greedy.length * 4000)
  for (let at = 0; at < all.length; at += greedy.length) all.set(greedy, at)
  client(port, all, false)
  await expectAnswers()
  await until(() => totals().endedUnread === before.endedUnread + 1, 8000)
  await expectAnswers()
}, 20_000)

test('a flood of connections is held to the limit and counted', async () => {
  const before = totals()
  const flood = Array.from({ length: 60 }, () => client(port))
  await until(() => totals().tcpRefused >= before.tcpRefused + 20)
  expect(totals().tcpOpen).toBeLessThanOrEqual(40)
  expect(readAnswer(await askUdp(HOST, port, WWW)).status).toBe('NOERROR AA')
  for (const each of flood) each.destroy()
  await until(() => totals().tcpOpen === 0)
  await expectAnswers()
  expect(totals().rcodes[DOT]!.every((count) => count === 0)).toBe(true)
}, 20_000)
