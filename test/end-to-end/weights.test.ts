/** Weights, from the API to the wire: of many answers each set has its share, and an answer is one set. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { decodeMessage } from '@waymark/dns/message/decode'
import { encodeMessage, makeQuery } from '@waymark/dns/message/encode'
import { parseName } from '@waymark/dns/name'
import { TYPE_A } from '@waymark/dns/rr-types/type-codes'
import { type Service, startService } from '../support/service.ts'
import { until } from '../support/until.ts'

const ZONE = 'shop.example.'
const NAME = `www.${ZONE}`
const QUERIES = 100_000
/** Questions under way at a time: fewer than the buffers of the system hold. */
const AT_ONCE = 100
const ANEW_AFTER_MS = 2000

let service: Service
beforeAll(async () => {
  service = await startService({ args: ['--workers', '2'] })
  const zone = (await service.call('POST', '/v2/zones', { name: ZONE })).json.id
  const put = async (weight: number, ...records: string[]) => {
    const set = { name: NAME, type: 'A', ttl: 60, line: 'default_view', weight, records }
    expect((await service.call('POST', `/v2.1/zones/${zone}/recordsets`, set)).status).toBe(202)
  }
  await put(5, '192.0.2.1')
  await put(3, '192.0.2.2', '192.0.2.3')
  await put(2, '192.0.2.4')
  await put(0, '192.0.2.5')
}, 120_000)
afterAll(() => service?.stop())

/** The last octets of the addresses in an answer, in order: which set it is. */
function setOf(reply: Uint8Array): string {
  const message = decodeMessage(reply)
  if (!message.ok) throw new Error('a malformed answer')
  return message.value.answers
    .map(({ rdata }) => rdata[3])
    .sort()
    .join('+')
}

/** How often each set is given, of so many answers over UDP; from four ports, so that all threads have some. */
async function sharesOf(queries: number): Promise<Map<string, number>> {
  const name = parseName(NAME)
  if (!name.ok) throw new Error('no name')
  const packed = encodeMessage(makeQuery(1, name.value, TYPE_A))
  if (!packed.ok) throw new Error('no question')
  const counts = new Map<string, number>()
  const one = async (wanted: number): Promise<void> => {
    let answered = 0
    let sent = 0
    const done = Promise.withResolvers<void>()
    const socket = await Bun.udpSocket({
      hostname: '127.0.0.1',
      socket: {
        data(_socket, reply) {
          if (++answered > wanted) return
          const set = setOf(new Uint8Array(reply))
          counts.set(set, (counts.get(set) ?? 0) + 1)
          if (answered === wanted) done.resolve()
          else ask(1)
        },
      },
    })
    const ask = (count: number): void => {
      for (let i = 0; i < count && sent < wanted; i++, sent++)
        socket.send(packed.value, service.dnsPort, '127.0.0.1')
    }
    let before = -1
    const anew = setInterval(() => {
      // Packets may be lost on a busy machine; a share does not depend on which.
      if (answered === before) {
        sent = answered
        ask(AT_ONCE)
      }
      before = answered
    }, ANEW_AFTER_MS)
    ask(AT_ONCE)
    await done.promise.finally(() => {
      clearInterval(anew)
      socket.close()
    })
  }
  await Promise.all([0, 1, 2, 3].map(() => one(queries / 4)))
  return counts
}

test('of 100,000 answers each weighted set has its share within one in a hundred, and weight 0 none', async () => {
  await until(['1', '2+3', '4'], async () => [...(await sharesOf(400)).keys()].sort())
  const counts = await sharesOf(QUERIES)
  expect([...counts.keys()].sort()).toEqual(['1', '2+3', '4'])
  for (const [set, share] of [
    ['1', 0.5],
    ['2+3', 0.3],
    ['4', 0.2],
  ] as const) {
    expect([set, Math.abs(counts.get(set)! / QUERIES - share) < 0.01]).toEqual([set, true])
  }
}, 120_000)
