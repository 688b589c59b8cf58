import { connect } from 'node:net'
import { decodeMessage } from '@waymark/dns/message/decode'
import { encodeMessage } from '@waymark/dns/message/encode'
import {
  decodeHeader,
  HEADER_SIZE,
  OPCODE_QUERY,
  RCODE_FORMERR,
  RCODE_NOTIMP,
} from '@waymark/dns/message/header'
import type { Message } from '@waymark/dns/message/message'
import { equalNames } from '@waymark/dns/name'
import type { ServerAddress } from './server-address.ts'

/** One question to one server and its reply. What is no reply to the very question is passed over, as anybody can send it. */

/** What came back over UDP; `truncated`: to be asked again over TCP. */
export type UdpReply = Message | 'truncated' | undefined

/**
 * Asks over UDP, from a socket and so from a port of its own, which takes packets of this server only (RFC 5452 9.2).
 * undefined when no reply comes in time, or the server is not there.
 */
export async function askUdp(server: ServerAddress, query: Message, timeoutMs: number): Promise<UdpReply> {
  const { promise, resolve } = Promise.withResolvers<UdpReply>()
  const timer = setTimeout(() => resolve(undefined), timeoutMs)
  let socket: Bun.udp.ConnectedSocket<'buffer'> | undefined
  try {
    socket = await Bun.udpSocket({
      connect: { hostname: server.host, port: server.port },
      socket: {
        data(_socket, octets) {
          const reply = readReply(octets, query)
          if (reply !== undefined) resolve(reply)
        },
        // The server's machine says that nobody listens there.
        error: () => resolve(undefined),
      },
    })
    socket.send(encode(query))
    return await promise
  } catch {
    // No route to the address.
    return undefined
  } finally {
    clearTimeout(timer)
    socket?.close()
  }
}

/** Asks over a TCP connection of its own (RFC 7766). undefined when no reply comes in time, or the server is not there. */
export function askTcp(
  server: ServerAddress,
  query: Message,
  timeoutMs: number,
): Promise<Message | undefined> {
  const { promise, resolve } = Promise.withResolvers<Message | undefined>()
  const connection = connect(server.port, server.host)
  const timer = setTimeout(() => resolve(undefined), timeoutMs)
  let received: Buffer = Buffer.alloc(0)
  connection.on('error', () => resolve(undefined))
  connection.on('close', () => resolve(undefined))
  connection.on('data', (part: Buffer) => {
    received = Buffer.concat([received, part])
    // RFC 1035 4.2.2: two octets of length come before the message.
    if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
    const reply = readReply(new Uint8Array(received.subarray(2, 2 + received.readUInt16BE(0))), query)
    resolve(reply === 'truncated' ? undefined : reply)
  })
  const octets = encode(query)
  connection.write(Buffer.concat([Uint8Array.of(octets.length >> 8, octets.length), octets]))
  return promise.finally(() => {
    clearTimeout(timer)
    connection.destroy()
  })
}

function encode(query: Message): Uint8Array {
  const octets = encodeMessage(query)
  if (!octets.ok) throw new Error(octets.problems[0]!.detail)
  return octets.value
}

function readReply(octets: Uint8Array, query: Message): UdpReply {
  if (octets.length < HEADER_SIZE) return undefined
  const header = decodeHeader(octets)
  if (header.id !== query.header.id || !header.isResponse || header.opcode !== OPCODE_QUERY) return undefined
  const message = decodeMessage(octets)
  // Cut off somewhere in the middle of a record: what is there cannot be read, but it does not have to be.
  if (!message.ok) return header.isTruncated ? 'truncated' : undefined
  if (!repeatsQuestion(message.value, query)) return undefined
  return header.isTruncated ? 'truncated' : message.value
}

function repeatsQuestion({ header, questions }: Message, query: Message): boolean {
  const asked = query.questions[0]!
  // A server that cannot read a query need not repeat what it has not read.
  if (questions.length === 0) return header.rcode === RCODE_FORMERR || header.rcode === RCODE_NOTIMP
  const [question] = questions
  return (
    questions.length === 1 &&
    question!.type === asked.type &&
    question!.class === asked.class &&
    equalNames(question!.name, asked.name)
  )
}
