import { afterEach, expect, test } from 'bun:test'
import { connect, type Socket } from 'node:net'
import { Query } from '../answer/query.ts'
import { Counters, countersFor, sumCounters, UDP } from '../counters.ts'
import { Answerer } from '../observe/answerer.ts'
import { MemorySource } from '../source/memory.ts'
import { queryPacket, readAnswer } from '../testing/ask.ts'
import { SOA_AND_NS, zoneFrame } from '../testing/zone-text.ts'
import { TableView } from '../zone-table/view.ts'
import { listenOn } from './listen.ts'
import { plainTransports, type WorkerTransports } from './worker-transports.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const HOST = '127.0.0.1'
const WWW = queryPacket('www.example.org', 'A')
const MANY = queryPacket('many.example.org', 'A')
const many = Array.from({ length: 200 }, (_, i) => `many 60 A 192.0.2.${i}`).join('\n')

async function listen(changes: Partial<WorkerTransports> = {}) {
  const memory = new MemorySource()
  memory.apply(zoneFrame({ apex: 'example.org', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1\n${many}` }))
  const counters = countersFor(1)
  const listeners = await listenOn(
    [{ host: HOST, port: 0 }],
    new Answerer(new Query(1), new TableView(memory.writer.handle), new Counters(counters, 0)),
    { ...plainTransports(), ...changes },
  )
  ends.push(() => listeners.close())
  return { port: listeners.bound.dns[0]!.port, listeners, counters }
}

const framed = (...packets: Uint8Array[]): Buffer =>
  Buffer.concat(packets.flatMap((packet) => [Uint8Array.of(packet.length >> 8, packet.length), packet]))

/** A connection that the client half-closes too, and everything that comes until the server closes it. */
function open(port: number): { socket: Socket; all: Promise<Buffer> } {
  const socket = connect({ port, host: HOST, allowHalfOpen: true })
  ends.push(() => socket.destroy())
  const chunks: Buffer[] = []
  const all = new Promise<Buffer>((resolve) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', () => {})
    socket.on('end', () => resolve(Buffer.concat(chunks)))
    socket.on('close', () => resolve(Buffer.concat(chunks)))
  })
  return { socket, all }
}

/** Answer records of each message in a stream. */
function countsOf(octets: Buffer): number[] {
  const counts: number[] = []
  for (let at = 0; at < octets.length; at += 2 + octets.readUInt16BE(at)) {
    const message = octets.subarray(at + 2, at + 2 + octets.readUInt16BE(at))
    counts.push(readAnswer(new Uint8Array(message)).answer.length)
  }
  return counts
}

test('a client that has sent everything and closes its side still gets its answers', async () => {
  const { port } = await listen()
  const { socket, all } = open(port)
  socket.pause()
  socket.end(framed(WWW, ...new Array<Uint8Array>(200).fill(MANY), WWW))
  await Bun.sleep(100)
  socket.resume()
  const counts = countsOf(await all)
  expect(counts.length).toBe(202)
  expect([counts[0], counts[100], counts[201]]).toEqual([1, 200, 1])
})

test('octets that make no whole query give a connection no more time', async () => {
  const { port, counters } = await listen({ idleSeconds: 1 })
  const { socket, all } = open(port)
  socket.write(framed(WWW))
  const drip = setInterval(() => socket.write(Uint8Array.of(0)), 100)
  socket.write(Uint8Array.of(200))
  // Ends although the drip does not.
  const octets = await all
  clearInterval(drip)
  expect(countsOf(octets)).toEqual([1])
  socket.destroy()
  while (sumCounters(counters).tcpOpen > 0) await Bun.sleep(10)
}, 120_000)

test('a client that takes nothing of what it has asked for is cut off', async () => {
  const { port, counters } = await listen({ idleSeconds: 1 })
  const { socket } = open(port)
  socket.pause()
  await new Promise((resolve) => socket.on('connect', resolve))
  const burst = framed(...new Array<Uint8Array>(300).fill(MANY))
  for (let i = 0; i < 10; i++) socket.write(burst)
  while (sumCounters(counters).tcpOpen === 0) await Bun.sleep(5)
  while (sumCounters(counters).tcpOpen > 0) await Bun.sleep(20)
}, 120_000)

test('what has come before the stop is answered, over UDP and TCP', async () => {
  for (let round = 0; round < 5; round++) {
    const { port, listeners, counters } = await listen()
    let replies = 0
    const udp = await Bun.udpSocket({ hostname: HOST, socket: { data: () => void replies++ } })
    ends.push(() => udp.close())
    const { socket, all } = open(port)
    await new Promise((resolve) => socket.on('connect', resolve))
    for (let i = 0; i < 150; i++) udp.send(WWW, port, HOST)
    socket.write(framed(...new Array<Uint8Array>(100).fill(MANY)))
    const closed = listeners.close()
    // A busy machine: timers are due before the sockets have been looked at.
    Bun.sleepSync(50)
    await closed
    expect(countsOf(await all).length).toBe(100)
    while (replies < 150) await Bun.sleep(5)
    expect(sumCounters(counters).rcodes[UDP]![0]).toBe(150)
  }
})
