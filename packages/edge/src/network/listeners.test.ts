import { expect, test } from 'bun:test'
import { Query } from '../answer/query.ts'
import { Counters, countersFor } from '../counters.ts'
import { Answerer } from '../observe/answerer.ts'
import { MemorySource } from '../source/memory.ts'
import { queryPacket, readAnswer } from '../testing/ask.ts'
import { askTcp, askUdp } from '../testing/ask-socket.ts'
import { networkFrame, SOA_AND_NS, zoneFrame } from '../testing/zone-text.ts'
import { ConnectionLimits, connectionMemory } from '../transport/connection-limits.ts'
import { listenTcp } from '../transport/tcp.ts'
import { listenUdp } from '../transport/udp.ts'
import { TableView } from '../zone-table/view.ts'
import { listenerAddress } from './listener-address.ts'

test('the address of a listener tells the network over UDP and TCP, and one for all addresses tells none', async () => {
  const source = new MemorySource()
  source.apply(networkFrame('lab', [], ['127.0.0.1']))
  const text = `${SOA_AND_NS}\nwww 300 A 192.0.2.1`
  source.apply(zoneFrame({ apex: 'corp.example', kind: 1, networks: ['lab'], text }))
  const answerer = new Answerer(
    new Query(1),
    new TableView(source.writer.handle),
    new Counters(countersFor(1), 0),
  )
  const limits = { total: 10, perAddress: 10, memory: connectionMemory(), seed: 0 }
  const statusAt = async (host: string): Promise<string[]> => {
    const udp = await listenUdp(host, 0, answerer)
    const tcp = listenTcp(host, 0, answerer, { idleSeconds: 5, connections: new ConnectionLimits(limits) })
    try {
      const packet = queryPacket('www.corp.example', 'A')
      const replies = [
        await askUdp('127.0.0.1', udp.port, packet),
        await askTcp('127.0.0.1', tcp.port, packet),
      ]
      return replies.map((reply) => readAnswer(reply).status)
    } finally {
      await Promise.all([udp.close(), tcp.close()])
    }
  }
  expect(await statusAt('127.0.0.1')).toEqual(['NOERROR AA', 'NOERROR AA'])
  expect(await statusAt('0.0.0.0')).toEqual(['REFUSED', 'REFUSED'])
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['0.0.0.0', ''],
  ['::', ''],
  ['2001:DB8:0:0::1', '2001:db8::1'],
])('the listener %p is known as %p', (host, known) => {
  expect(listenerAddress(host)).toBe(known)
})
