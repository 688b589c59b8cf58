import { connect } from 'node:net'
import { decodeMessage } from '@waymark/dns/message/decode'
import { encodeMessage, makeQuery } from '@waymark/dns/message/encode'
import type { Message, Question } from '@waymark/dns/message/message'
import { lowerName } from '@waymark/dns/name'
import { CLASS_IN } from '@waymark/dns/rr-types/type-codes'
import { MAX_UDP_PAYLOAD } from '../answer/read-query.ts'
import type { DnsAddress } from '../transport/worker-messages.ts'

/** A question to a recursive server. */
export interface UpstreamQuestion {
  /** Wire. */
  readonly name: Uint8Array
  readonly type: number
  /** DO and CD bits of whoever wants to know (RFC 3225, RFC 4035 3.2.2). */
  readonly isDnssecOk: boolean
  readonly isCheckingDisabled: boolean
}

/**
 * Asks one server over UDP, over TCP where its answer is truncated. Undefined when nothing that answers the question comes in time. The
 * id and the port asked from are new and random each time, and other addresses are not heard: who wants to answer in the server's place
 * has to guess both (RFC 5452 4).
 */
export async function askServer(
  server: DnsAddress,
  question: UpstreamQuestion,
  timeoutMs: number,
): Promise<Message | undefined> {
  const endsAt = performance.now() + timeoutMs
  const id = crypto.getRandomValues(new Uint16Array(1))[0]!
  const query = encodeQuery(id, question)
  if (query === undefined) return undefined
  const accept = (octets: Uint8Array): Message | undefined => readReply(octets, id, question)
  const reply = await askUdp(server, query, timeoutMs, accept)
  if (reply === undefined || !reply.header.isTruncated) return reply
  return askTcp(server, query, Math.max(1, endsAt - performance.now()), accept)
}

function encodeQuery(id: number, question: UpstreamQuestion): Uint8Array | undefined {
  const { isDnssecOk } = question
  const message = makeQuery(id, question.name as Question['name'], question.type, {
    isRecursionDesired: true,
    // Client subnets stay here: the upstream has not been told who asks.
    edns: { payloadSize: MAX_UDP_PAYLOAD, version: 0, isDnssecOk, options: [] },
  })
  const header = { ...message.header, isCheckingDisabled: question.isCheckingDisabled }
  const encoded = encodeMessage({ ...message, header })
  return encoded.ok ? encoded.value : undefined
}

/** The message, if it is the reply to the question. */
function readReply(octets: Uint8Array, id: number, { name, type }: UpstreamQuestion): Message | undefined {
  const decoded = decodeMessage(octets)
  if (!decoded.ok) return undefined
  const { header, questions } = decoded.value
  const asked = questions[0]
  if (!header.isResponse || header.id !== id || questions.length !== 1 || asked === undefined)
    return undefined
  const isSame =
    asked.type === type && asked.class === CLASS_IN && Buffer.compare(lowerName(asked.name), name) === 0
  return isSame ? decoded.value : undefined
}

type Accept = (octets: Uint8Array) => Message | undefined

async function askUdp(
  { host, port }: DnsAddress,
  query: Uint8Array,
  timeoutMs: number,
  accept: Accept,
): Promise<Message | undefined> {
  const { promise, resolve } = Promise.withResolvers<Message | undefined>()
  const timer = setTimeout(() => resolve(undefined), timeoutMs)
  try {
    const socket = await Bun.udpSocket({
      connect: { hostname: host, port },
      socket: {
        data(_socket, packet) {
          const reply = accept(packet)
          // What is no answer to the question may be somebody's guess: the right one may still come.
          if (reply !== undefined) resolve(reply)
        },
        error: () => resolve(undefined),
      },
    })
    socket.send(query)
    return await promise.finally(() => socket.close())
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

function askTcp(
  { host, port }: DnsAddress,
  query: Uint8Array,
  timeoutMs: number,
  accept: Accept,
): Promise<Message | undefined> {
  return new Promise((resolve) => {
    const client = connect(port, host)
    let received: Buffer = Buffer.alloc(0)
    const end = (reply: Message | undefined): void => {
      clearTimeout(timer)
      client.destroy()
      resolve(reply)
    }
    const timer = setTimeout(() => end(undefined), timeoutMs)
    client.on('error', () => end(undefined))
    client.on('close', () => end(undefined))
    client.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      end(accept(received.subarray(2, 2 + received.readUInt16BE(0))))
    })
    client.write(Buffer.concat([Uint8Array.of(query.length >> 8, query.length), query]))
  })
}
