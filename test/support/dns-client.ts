/** Asks a name server one question over a real socket. */
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import {
  decodeMessage,
  encodeMessage,
  type Message,
  parseName,
  type ResourceRecord,
  rrTypeByCode,
  rrTypeByName,
} from '@waymark/dns'
import { formatName, lowerName } from '@waymark/dns/name'

export interface AskOptions {
  /** EDNS payload size; absent: no EDNS. */
  readonly payloadSize?: number
  readonly transport?: 'udp' | 'tcp'
  readonly host?: string
}

let nextId = 1

export function question(name: string, type: string, payloadSize?: number): Uint8Array {
  const owner = parseName(name)
  if (!owner.ok) throw new Error(`${name}: ${owner.problems[0]?.detail}`)
  const encoded = encodeMessage({
    header: {
      id: nextId++ & 0xffff,
      isResponse: false,
      opcode: 0,
      isAuthoritative: false,
      isTruncated: false,
      isRecursionDesired: false,
      isRecursionAvailable: false,
      isAuthenticData: false,
      isCheckingDisabled: false,
      rcode: 0,
    },
    questions: [{ name: owner.value, type: rrTypeByName(type)!.code, class: 1 }],
    answers: [],
    authorities: [],
    additionals: [],
    edns: payloadSize === undefined ? null : { payloadSize, version: 0, isDnssecOk: false, options: [] },
  })
  if (!encoded.ok) throw new Error(encoded.problems[0]?.detail)
  return encoded.value
}

export async function ask(
  port: number,
  name: string,
  type: string,
  options: AskOptions = {},
): Promise<Message> {
  const octets = question(name, type, options.payloadSize)
  const reply = await (options.transport === 'tcp' ? overTcp : overUdp)(
    options.host ?? '127.0.0.1',
    port,
    octets,
  )
  const decoded = decodeMessage(reply)
  if (!decoded.ok) throw new Error(`${name} ${type}: ${decoded.problems[0]?.detail}`)
  return decoded.value
}

function overUdp(host: string, port: number, octets: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    let tries = 0
    const send = (): void => {
      if (tries++ === 3) {
        end()
        reject(new Error(`no answer from ${host} port ${port}`))
      } else socket.send(octets, port, host)
    }
    const timer = setInterval(send, 2000)
    const end = (): void => {
      clearInterval(timer)
      socket.close()
    }
    socket.on('message', (reply) => {
      end()
      resolve(new Uint8Array(reply))
    })
    send()
  })
}

function overTcp(host: string, port: number, octets: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const socket = connect(port, host, () => {
      socket.write(Buffer.concat([Buffer.from([octets.length >> 8, octets.length & 255]), octets]))
    })
    socket.setTimeout(5000, () => socket.destroy(new Error(`no answer from ${host} port ${port} over TCP`)))
    socket.on('error', reject)
    socket.on('data', (data: Buffer) => {
      received = Buffer.concat([received, data])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      socket.destroy()
      resolve(new Uint8Array(received.subarray(2, 2 + received.readUInt16BE(0))))
    })
  })
}

/** One record as a line, owner and names in canonical case, for comparing and for reading failures. */
export function recordLine(record: ResourceRecord): string {
  const type = rrTypeByCode(record.type)
  return `${formatName(lowerName(record.owner))} ${record.ttl} ${type.name} ${type.format(type.canonical(record.rdata))}`
}

export const recordLines = (records: readonly ResourceRecord[]): string[] => records.map(recordLine).sort()
