import { afterEach, expect, test } from 'bun:test'
import { Query } from '../answer/query.ts'
import { Counters, countersFor } from '../counters.ts'
import { Answerer } from '../observe/answerer.ts'
import { MemorySource } from '../source/memory.ts'
import { queryPacket, readAnswer } from '../testing/ask.ts'
import { SOA_AND_NS, zoneFrame } from '../testing/zone-text.ts'
import { TableView } from '../zone-table/view.ts'
import { type LookOptions, listenUdpEverywhere } from './udp-everywhere.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const WWW = queryPacket('www.example.org', 'A')

async function listen(host: string, options?: LookOptions): Promise<number> {
  const memory = new MemorySource()
  memory.apply(zoneFrame({ apex: 'example.org', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1` }))
  const view = new TableView(memory.writer.handle)
  const answerer = new Answerer(new Query(1), view, new Counters(countersFor(1), 0))
  const listener = await listenUdpEverywhere(host, 0, answerer, options)
  ends.push(() => listener.close())
  return listener.port
}

/** Asks from a socket that hears this address alone; the answer, or undefined when none came from there in time. */
async function ask(address: string, port: number, patienceMs: number): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const socket = await Bun.udpSocket({
    hostname: address.includes(':') ? '::1' : '127.0.0.1',
    connect: { hostname: address, port },
    socket: { data: (_socket, reply) => resolve(readAnswer(new Uint8Array(reply)).answer[0]) },
  })
  const timer = setTimeout(() => resolve(undefined), patienceMs)
  socket.send(WWW)
  return promise.finally(() => {
    clearTimeout(timer)
    socket.close()
  })
}

const ANSWER = 'www.example.org. 300 A 192.0.2.1'

test('an answer comes from the address that was asked, whatever the one that the system would send from', async () => {
  const port = await listen('0.0.0.0', { addresses: () => ['127.0.0.1', '127.0.0.2'] })
  expect(await ask('127.0.0.1', port, 3000)).toBe(ANSWER)
  expect(await ask('127.0.0.2', port, 3000)).toBe(ANSWER)
})

test('a listener for both families answers on all addresses of both', async () => {
  const port = await listen('::', { addresses: () => ['::1', '127.0.0.2'] })
  expect(await ask('::1', port, 3000)).toBe(ANSWER)
  expect(await ask('127.0.0.2', port, 3000)).toBe(ANSWER)
})

test('the addresses of this machine are found', async () => {
  const port = await listen('::')
  expect(await ask('127.0.0.1', port, 3000)).toBe(ANSWER)
  expect(await ask('::1', port, 3000)).toBe(ANSWER)
})

test('addresses that come are taken up, and one that cannot be bound is no harm', async () => {
  const present = ['127.0.0.1', '192.0.2.1']
  const port = await listen('0.0.0.0', { addresses: () => present, everyMs: 20 })
  expect(await ask('127.0.0.1', port, 3000)).toBe(ANSWER)
  present.push('127.0.0.3')
  let answer: string | undefined
  for (let i = 0; i < 30 && answer === undefined; i++) answer = await ask('127.0.0.3', port, 100)
  expect(answer).toBe(ANSWER)
})
