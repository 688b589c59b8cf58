import { createServer, type Socket } from 'node:net'
import { decodeMessage } from '@waymark/dns/message/decode'
import { encodeMessage } from '@waymark/dns/message/encode'
import type { Message, ResourceRecord } from '@waymark/dns/message/message'
import { parseName, type WireName } from '@waymark/dns/name'
import { rrTypeByName } from '@waymark/dns/rr-types/registry'
import { CLASS_IN } from '@waymark/dns/rr-types/type-codes'

/** For tests only: a primary that does what the test says, over real connections. */

export const wire = (text: string): WireName => {
  const name = parseName(text)
  if (!name.ok) throw new Error(`no name: ${text}`)
  return name.value
}

/** Records of lines `owner ttl type data`. */
export const recordsOf = (text: string): ResourceRecord[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [owner = '', ttl = '', type = '', ...data] = line.trim().split(/\s+/)
      const rr = rrTypeByName(type)!
      const rdata = rr.parse(data.join(' '))
      if (!rdata.ok) throw new Error(`${line}: ${rdata.problems[0]!.detail}`)
      return { owner: wire(owner), ttl: Number(ttl), type: rr.code, class: CLASS_IN, rdata: rdata.value }
    })

export interface TestPrimary {
  readonly port: number
  /** Types that were asked for. */
  readonly asked: number[]
  /** What is done with a question; to be replaced by the test. */
  answer: (query: Message, socket: Socket, octets: Uint8Array) => void
  stop(): Promise<void>
}

/** The octets of an answer with these records, and its length before them. */
export function framed(
  query: Message,
  answers: readonly ResourceRecord[],
  special: Partial<Message> = {},
): Uint8Array {
  const header = { ...query.header, isResponse: true, isAuthoritative: true }
  const octets = encodeMessage({ ...query, authorities: [], additionals: [], header, answers, ...special })
  if (!octets.ok) throw new Error(octets.problems[0]!.detail)
  return withLength(octets.value)
}

export const withLength = (octets: Uint8Array): Uint8Array =>
  Uint8Array.from([octets.length >> 8, octets.length & 255, ...octets])

export async function startTestPrimary(): Promise<TestPrimary> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    let kept: Buffer = Buffer.alloc(0)
    socket.on('data', (part: Buffer) => {
      kept = Buffer.concat([kept, part])
      if (kept.length < 2 || kept.length < 2 + kept.readUInt16BE(0)) return
      const octets = Uint8Array.from(kept.subarray(2))
      const query = decodeMessage(octets)
      if (!query.ok) throw new Error('a malformed question')
      primary.asked.push(query.value.questions[0]!.type)
      primary.answer(query.value, socket, octets)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const primary: TestPrimary = {
    port: (server.address() as { port: number }).port,
    asked: [],
    answer: (_query, socket) => socket.destroy(),
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return primary
}
