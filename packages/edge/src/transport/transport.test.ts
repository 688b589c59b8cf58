import { afterEach, expect, test } from 'bun:test'
import { connect } from 'node:net'
import { freePort } from '../../../../test/support/process.ts'
import { Query } from '../answer/query.ts'
import { Counters, countersFor, sumCounters, UDP } from '../counters.ts'
import { Answerer } from '../observe/answerer.ts'
import { MemorySource } from '../source/memory.ts'
import { queryPacket, readAnswer } from '../testing/ask.ts'
import { askTcp, askUdp } from '../testing/ask-socket.ts'
import { groupsFrame, SOA_AND_NS, zoneFrame } from '../testing/zone-text.ts'
import { TableView } from '../zone-table/view.ts'
import { checkAddressesAreFree } from './free-addresses.ts'
import { type Listeners, listenOn } from './listen.ts'
import { WorkerPool } from './worker-pool.ts'
import { plainTransports, type WorkerTransports } from './worker-transports.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const addresses = Array.from({ length: 200 }, (_, i) => `many 300 A 192.0.2.${i}`).join('\n')

function source(): MemorySource {
  const memory = new MemorySource()
  memory.apply(zoneFrame({ apex: 'example.org', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1\n${addresses}` }))
  return memory
}

async function listen(hosts: readonly string[], changes: Partial<WorkerTransports> = {}) {
  const counters = countersFor(1)
  const listeners: Listeners = await listenOn(
    hosts.map((host) => ({ host, port: 0 })),
    new Answerer(new Query(1), new TableView(source().writer.handle), new Counters(counters, 0)),
    { ...plainTransports(), ...changes },
  )
  ends.push(() => listeners.close())
  return { port: listeners.bound.dns[0]!.port, listeners, counters }
}

const WWW = queryPacket('www.example.org', 'A')
const frameOf = (packet: Uint8Array): Uint8Array =>
  Uint8Array.from([packet.length >> 8, packet.length & 255, ...packet])

test('UDP and TCP give the same answer on IPv4 and IPv6', async () => {
  const { listeners } = await listen(['127.0.0.1', '::1'])
  expect(listeners.bound.dns.length).toBe(2)
  for (const { host, port } of listeners.bound.dns) {
    const udp = await askUdp(host, port, WWW)
    const tcp = await askTcp(host, port, WWW)
    expect(readAnswer(udp).answer).toEqual(['www.example.org. 300 A 192.0.2.1'])
    expect(udp).toEqual(tcp)
  }
})

test('what is truncated over UDP is whole over TCP', async () => {
  const { port } = await listen(['127.0.0.1'])
  const packet = queryPacket('many.example.org', 'A')
  expect(readAnswer(await askUdp('127.0.0.1', port, packet)).status).toBe('NOERROR AA TC')
  expect(readAnswer(await askTcp('127.0.0.1', port, packet)).answer.length).toBe(200)
})

test('a burst of more queries than a batch is answered one by one', async () => {
  const { port, counters } = await listen(['127.0.0.1'])
  const seen = new Set<number>()
  const { promise, resolve } = Promise.withResolvers<void>()
  const socket = await Bun.udpSocket({
    hostname: '127.0.0.1',
    socket: {
      data(_socket, reply) {
        seen.add(reply.readUInt16BE(0))
        if (seen.size === 200) resolve()
      },
    },
  })
  ends.push(() => socket.close())
  for (let id = 0; id < 200; id++) {
    const packet = WWW.slice()
    packet[0] = id >> 8
    packet[1] = id
    socket.send(packet, port, '127.0.0.1')
  }
  await promise
  expect(sumCounters(counters).rcodes[UDP]![0]).toBe(200)
})

test('packets that deserve no reply get none, and the next one is answered', async () => {
  const { port, counters } = await listen(['127.0.0.1'])
  const socket = await Bun.udpSocket({ hostname: '127.0.0.1' })
  ends.push(() => socket.close())
  socket.send(new Uint8Array([1, 2, 3]), port, '127.0.0.1')
  expect(readAnswer(await askUdp('127.0.0.1', port, WWW)).status).toBe('NOERROR AA')
  expect(sumCounters(counters).ignored).toBe(1)
})

test('TCP queries in one piece, octet by octet, and across pieces are all answered in order', async () => {
  const { port } = await listen(['127.0.0.1'])
  const many = frameOf(queryPacket('many.example.org', 'A'))
  const stream = Buffer.concat([frameOf(WWW), many, frameOf(WWW), many, frameOf(WWW)])
  for (const size of [stream.length, 1, 7, 60]) {
    const counts = await new Promise<number[]>((resolve, reject) => {
      const client = connect(port, '127.0.0.1')
      let received: Buffer = Buffer.alloc(0)
      const answers: number[] = []
      client.on('error', reject)
      client.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk])
        while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
          const length = received.readUInt16BE(0)
          answers.push(readAnswer(received.subarray(2, 2 + length)).answer.length)
          received = received.subarray(2 + length)
        }
        if (answers.length === 5) client.end()
      })
      client.on('close', () => resolve(answers))
      client.setNoDelay(true)
      for (let at = 0; at < stream.length; at += size) client.write(stream.subarray(at, at + size))
    })
    expect(counts).toEqual([1, 200, 1, 200, 1])
  }
})

test('a client that asks much and reads slowly gets everything', async () => {
  const { port } = await listen(['127.0.0.1'])
  const rounds = 250
  const client = connect(port, '127.0.0.1')
  const many = frameOf(queryPacket('many.example.org', 'A'))
  client.write(Buffer.concat(new Array<Uint8Array>(rounds).fill(many)))
  client.pause()
  await Bun.sleep(50)
  let size = 0
  const expected =
    rounds * (2 + (await askTcp('127.0.0.1', port, queryPacket('many.example.org', 'A'))).length)
  await new Promise<void>((resolve) => {
    client.on('data', (chunk) => {
      size += chunk.length
      if (size === expected) client.destroy()
    })
    client.on('close', () => resolve())
    client.resume()
  })
  expect(size).toBe(expected)
})

test('a TCP message too short to be a query closes the connection', async () => {
  const { port } = await listen(['127.0.0.1'])
  for (const octets of [
    [0, 0],
    [0, 3, 1, 2, 3],
  ]) {
    const closed = await new Promise<boolean>((resolve) => {
      const client = connect(port, '127.0.0.1', () => client.write(Uint8Array.from(octets)))
      client.on('error', () => resolve(true))
      client.on('close', () => resolve(true))
      client.resume()
    })
    expect(closed).toBe(true)
  }
})

test('connections over the limit are closed, and others go on', async () => {
  const { port, counters } = await listen(['127.0.0.1'], {
    connections: { ...plainTransports().connections, total: 1 },
  })
  const first = connect(port, '127.0.0.1')
  await new Promise((resolve) => first.on('connect', resolve))
  first.write(frameOf(WWW))
  await new Promise((resolve) => first.once('data', resolve))
  await new Promise<void>((resolve) => {
    const second = connect(port, '127.0.0.1')
    second.on('error', () => {})
    second.on('close', () => resolve())
    second.resume()
  })
  expect(sumCounters(counters).tcpRefused).toBe(1)
  first.write(frameOf(WWW))
  const reply = await new Promise<Buffer>((resolve) => first.once('data', resolve))
  expect(readAnswer(reply.subarray(2)).status).toBe('NOERROR AA')
  first.destroy()
})

test('idle connections are closed, after the time that is set', async () => {
  const openTo = ({ port }: { port: number }) => {
    const client = connect(port, '127.0.0.1')
    ends.push(() => client.destroy())
    client.resume()
    return { client, closed: new Promise<string>((resolve) => client.on('close', () => resolve('closed'))) }
  }
  const patient = openTo(await listen(['127.0.0.1'], { idleSeconds: 200 }))
  await new Promise((resolve) => patient.client.on('connect', resolve))
  await openTo(await listen(['127.0.0.1'], { idleSeconds: 1 })).closed
  expect(await Promise.race([patient.closed, 'open'])).toBe('open')
}, 120_000)

test('several threads answer on one port, see changes at once, and stop', async () => {
  const memory = source()
  const pool = await WorkerPool.start(
    [{ host: '127.0.0.1', port: freePort() }],
    2,
    { table: memory.writer.handle },
    (reason) => {
      throw new Error(reason)
    },
  )
  memory.writer.onTable = (handle) => pool.setTable(handle)
  const { port } = pool.addresses[0]!
  try {
    for (let i = 0; i < 20; i++) {
      const rows = Array.from({ length: 200 }, (_, k) => `h${i * 200 + k} 300 A 192.0.2.1`).join('\n')
      memory.apply(groupsFrame('example.org', rows))
      await pool.whenCurrent()
      for (const k of [0, 100, 199]) {
        const reply = await askUdp('127.0.0.1', port, queryPacket(`h${i * 200 + k}.example.org`, 'A'))
        expect(readAnswer(reply).status).toBe('NOERROR AA')
      }
    }
    await expect(checkAddressesAreFree([{ host: '127.0.0.1', port }])).rejects.toThrow()
    expect(sumCounters(pool.counters).rcodes[UDP]![0]).toBe(60)
  } finally {
    await pool.stop()
  }
  await checkAddressesAreFree([{ host: '127.0.0.1', port }])
})

test('answers are whole while the table is written: the old group or the new, never a mixture, never nothing', async () => {
  const memory = source()
  const rows = (generation: number): string =>
    Array.from(
      { length: 12 },
      (_, i) => `flip ${generation} A 10.${generation >> 8}.${generation & 255}.${i}`,
    ).join('\n')
  memory.apply(groupsFrame('example.org', rows(1)))
  const pool = await WorkerPool.start(
    [{ host: '127.0.0.1', port: 0 }],
    2,
    { table: memory.writer.handle },
    () => {},
  )
  const { port } = pool.addresses[0]!
  let answered = 0
  const faults: string[] = []
  const socket = await Bun.udpSocket({
    hostname: '127.0.0.1',
    socket: {
      data(_socket, reply) {
        answered++
        const { status, message } = readAnswer(reply)
        const kinds = new Set(
          message.answers.map(({ ttl, rdata }) => `${ttl} ${(rdata[1]! << 8) | rdata[2]!}`),
        )
        const [ttl, generation] = [...kinds][0]?.split(' ') ?? []
        if (
          status !== 'NOERROR AA' ||
          message.answers.length !== 12 ||
          kinds.size !== 1 ||
          ttl !== generation
        ) {
          faults.push(`${status} ${message.answers.length} ${[...kinds].join()}`)
        }
      },
    },
  })
  try {
    const packet = queryPacket('flip.example.org', 'A')
    let generations = 0
    /** Answers there are once all that was sent so far has been answered. */
    let expected = 0
    memory.writer.onTable = (handle) => {
      generations++
      pool.setTable(handle)
    }
    for (let generation = 2; generation < 600; generation++) {
      for (let i = 0; i < 4; i++) socket.send(packet, port, '127.0.0.1')
      expected += 4
      memory.apply(groupsFrame('example.org', rows(generation)))
      const fresh = Array.from({ length: 40 }, (_, i) => `n${generation}-${i} 300 A 192.0.2.1`).join('\n')
      if (generation % 4 === 0) memory.apply(groupsFrame('example.org', fresh))
      if (generation % 50 === 0) memory.writer.rebuild()
      // On a busy machine the threads that answer may wait for their turn for long.
      while (expected - answered > 32) await Bun.sleep(1)
    }
    while (answered < expected) await Bun.sleep(1)
    expect(faults).toEqual([])
    expect(answered).toBe(expected)
    expect(generations).toBeGreaterThan(10)
  } finally {
    socket.close()
    await pool.stop()
  }
})
