/** Asks a name server one question over a real socket. */
import { createSocket } from 'node:dgram'
import {
  decodeMessage,
  encodeMessage,
  type Message,
  makeQuery,
  parseName,
  type ResourceRecord,
  rrTypeByCode,
  rrTypeByName,
} from '@waymark/dns'
import { formatName, lowerName } from '@waymark/dns/name'
import { askTcp } from '@waymark/edge/testing/ask-socket'

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
  const edns =
    payloadSize === undefined ? undefined : { payloadSize, version: 0, isDnssecOk: false, options: [] }
  const encoded = encodeMessage(makeQuery(nextId++ & 0xffff, owner.value, rrTypeByName(type)!.code, { edns }))
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
  const reply = await (options.transport === 'tcp' ? askTcp : overUdp)(
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

/** One record as a line, owner and names in canonical case, for comparing and for reading failures. */
export function recordLine(record: ResourceRecord): string {
  const type = rrTypeByCode(record.type)
  return `${formatName(lowerName(record.owner))} ${record.ttl} ${type.name} ${type.format(type.canonical(record.rdata))}`
}

export const recordLines = (records: readonly ResourceRecord[]): string[] => records.map(recordLine).sort()
