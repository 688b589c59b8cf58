import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Message } from '@waymark/dns/message/message'
import { TYPE_AXFR, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import {
  findTsig,
  macPrefix,
  TSIG_ALGORITHMS,
  type TsigKey,
  tsigRecord,
  tsigVariables,
} from '@waymark/dns/tsig/tsig'
import { ASK_LIMITS, type AskLimits, askSerial, askZone, type PrimaryServer } from './ask-primary.ts'
import { framed, recordsOf, startTestPrimary, type TestPrimary, wire, withLength } from './testing.ts'

const APEX = wire('zone.example.')
const ZONE = recordsOf(`
  zone.example. 600 SOA ns1.zone.example. desk.zone.example. 7 3600 600 86400 60
  zone.example. 300 NS ns1.zone.example.
  ns1.zone.example. 300 A 192.0.2.53
`)
const WHOLE = [...ZONE, ZONE[0]!]

let primary: TestPrimary
beforeAll(async () => {
  primary = await startTestPrimary()
})
afterAll(() => primary.stop())

const server = (key?: TsigKey): PrimaryServer => ({ host: '127.0.0.1', port: primary.port, key })

/** What a transfer from a primary that does this ends with. */
async function fault(
  answer: TestPrimary['answer'],
  limits: Partial<AskLimits> = {},
  key?: TsigKey,
): Promise<string> {
  primary.answer = answer
  const asked = askZone(server(key), APEX, undefined, { ...ASK_LIMITS, ...limits })
  return asked.then(
    (transfer) => `accepted ${transfer.kind}`,
    (error: Error) => `${error.name}: ${error.message}`,
  )
}

const send =
  (...parts: ((query: Message) => Uint8Array)[]): TestPrimary['answer'] =>
  (query, socket) => {
    for (const part of parts) socket.write(part(query))
  }

test('a zone comes in however it is cut into messages and packets', async () => {
  primary.answer = (query, socket) => {
    const octets = Buffer.concat(WHOLE.map((record) => framed(query, [record])))
    for (let at = 0; at < octets.length; at += 7) socket.write(octets.subarray(at, at + 7))
  }
  const transfer = await askZone(server(), APEX, undefined, ASK_LIMITS)
  expect(transfer).toEqual({ kind: 'whole', serial: 7, records: ZONE })
  expect(primary.asked.at(-1)).toBe(TYPE_AXFR)
})

test('the serial is that of the SOA record of the zone, from a server that is authoritative for it', async () => {
  primary.answer = (query, socket) => socket.write(framed(query, [ZONE[0]!]))
  expect(await askSerial(server(), APEX, ASK_LIMITS)).toBe(7)
  expect(primary.asked.at(-1)).toBe(TYPE_SOA)
  primary.answer = (query, socket) => {
    const header = { ...query.header, isResponse: true }
    socket.write(framed(query, [ZONE[0]!], { header }))
  }
  expect(askSerial(server(), APEX, ASK_LIMITS)).rejects.toThrow(
    'The primary is not authoritative for zone.example.',
  )
  primary.answer = (query, socket) => socket.write(framed(query, [ZONE[1]!]))
  expect(askSerial(server(), APEX, ASK_LIMITS)).rejects.toThrow('without an SOA record')
})

describe('a hostile primary', () => {
  const outside = recordsOf('www.victim.example. 300 A 192.0.2.66')
  const loop = (query: Message): Uint8Array => {
    // The owner of the second record points to itself.
    const octets = [...framed(query, [ZONE[0]!]).subarray(2)]
    octets[7] = 2
    const at = octets.length
    return withLength(
      Uint8Array.from([...octets, 0xc0 | (at >> 8), at & 255, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]),
    )
  }

  test.each<[string, TestPrimary['answer'], string]>([
    [
      'that refuses',
      send((query) => framed(query, [], { header: { ...query.header, isResponse: true, rcode: 5 } })),
      'The primary answers REFUSED.',
    ],
    [
      'that sends records outside of the zone',
      send((query) => framed(query, [ZONE[0]!, ...outside])),
      'The A record of www.victim.example. lies outside of zone.example.',
    ],
    [
      'that sends another zone',
      send((query) => framed(query, recordsOf('other.example. 1 SOA a. b. 1 1 1 1 1'))),
      'The SOA record of other.example. lies outside of zone.example.',
    ],
    [
      'that answers another question',
      send((query) =>
        framed(query, WHOLE, { questions: [{ ...query.questions[0]!, name: wire('other.example.') }] }),
      ),
      'The answer repeats another question than ours.',
    ],
    [
      'that answers somebody else',
      send((query) =>
        framed(query, WHOLE, { header: { ...query.header, isResponse: true, id: query.header.id ^ 1 } }),
      ),
      'The answer is not one to our question.',
    ],
    [
      'that sends garbage',
      send(() => withLength(Uint8Array.from({ length: 40 }, (_, at) => at * 37))),
      'The answer cannot be read: The question at octet 12 is malformed.',
    ],
    [
      'that sends names that point to themselves',
      send(loop),
      'The answer cannot be read: The record at octet 75 is malformed.',
    ],
    [
      'that ends before the last SOA record',
      (query, socket) => socket.end(framed(query, ZONE)),
      'The primary closed the connection before the transfer was complete.',
    ],
    [
      'that closes at once',
      (_query, socket) => socket.end(),
      'The primary closed the connection before the transfer was complete.',
    ],
    [
      'that has two SOA records',
      send((query) => framed(query, [...ZONE, ...recordsOf('zone.example. 1 SOA a. b. 8 1 1 1 1')])),
      'The SOA records differ: serials 7 and 8.',
    ],
  ])('%s is told off', async (_, answer, message) => {
    expect(await fault(answer)).toBe(`TransferError: ${message}`)
  })

  test('that sends without end is cut off by each of the limits', async () => {
    const flood = (query: Message, socket: Socket): void => {
      let n = 0
      const more = (): void => {
        const records = Array.from(
          { length: 100 },
          () => recordsOf(`h${n++}.zone.example. 1 A 192.0.2.1`)[0]!,
        )
        while (!socket.destroyed && socket.write(framed(query, records))) {}
        if (!socket.destroyed) socket.once('drain', more)
      }
      socket.write(framed(query, [ZONE[0]!]))
      more()
    }
    expect(await fault(flood, { maxRecords: 1000 })).toBe('TransferError: There are more than 1000 records.')
    expect(await fault(flood, { maxOctets: 100_000 })).toBe(
      'TransferError: The transfer has more than 100000 octets.',
    )
    const drip = (_query: Message, socket: Socket): void => {
      const timer = setInterval(() => socket.write(Uint8Array.of(255)), 10)
      socket.on('close', () => clearInterval(timer))
    }
    expect(await fault(drip, { totalMs: 100 })).toBe('TransferError: The transfer takes longer than 0.1 s.')
    expect(await fault(() => {}, { idleMs: 50 })).toBe('TransferError: Nothing more came for 0.05 s.')
  })
})

describe('a signed transfer', () => {
  const key: TsigKey = { name: wire('key.example.'), algorithm: 'hmac-sha256', secret: Buffer.from('secret') }

  /** Signs the messages of an answer in one chain as RFC 8945 5.3.1 has it; `skip`: those that are left unsigned. */
  const signing =
    (secret: string, skip: readonly number[], ...messages: (typeof ZONE)[]): TestPrimary['answer'] =>
    (query, socket, octets) => {
      let digest = createHmac('sha256', secret).update(macPrefix(findTsig(octets)!.mac))
      let isFirst = true
      messages.forEach((answers, at) => {
        const plain = framed({ ...query, additionals: [] }, answers).subarray(2)
        digest.update(plain)
        if (skip.includes(at)) {
          socket.write(withLength(plain))
          return
        }
        const values = {
          keyName: key.name,
          algorithm: TSIG_ALGORITHMS['hmac-sha256'].name,
          ...{ timeSigned: Math.floor(Date.now() / 1000), fudge: 300, error: 0, otherData: new Uint8Array() },
        }
        const mac = digest.update(tsigVariables(values, !isFirst)).digest()
        isFirst = false
        const signed = Uint8Array.from([...plain, ...tsigRecord(values, mac, query.header.id)])
        signed[11] = 1
        socket.write(withLength(signed))
        digest = createHmac('sha256', secret).update(macPrefix(mac))
      })
    }
  const [soa, ns, a] = ZONE.map((record) => [record]) as [typeof ZONE, typeof ZONE, typeof ZONE]

  test('is taken when its first and last message are signed, those between or not', async () => {
    expect(await fault(signing('secret', [], soa, ns, a, soa), {}, key)).toBe('accepted whole')
    expect(await fault(signing('secret', [1, 2], soa, ns, a, soa), {}, key)).toBe('accepted whole')
  })

  test('is refused when it is signed with another secret, not at all, or not to its end', async () => {
    const wrong = 'the signature of the answer is wrong: the secrets differ, or somebody changed the answer'
    expect(await fault(signing('other', [], WHOLE), {}, key)).toBe(`TransferError: TSIG: ${wrong}.`)
    expect(
      await fault(
        send((query) => framed({ ...query, additionals: [] }, WHOLE)),
        {},
        key,
      ),
    ).toBe('TransferError: TSIG: the answer is not signed.')
    expect(await fault(signing('secret', [3], soa, ns, a, soa), {}, key)).toBe(
      'TransferError: TSIG: the last message of the answer is not signed.',
    )
  })
})
