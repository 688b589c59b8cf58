import { createServer, type Server, type Socket } from 'node:net'
import { decodeMessage } from '@waymark/dns/message/decode'
import { encodeMessage } from '@waymark/dns/message/encode'
import { RCODE_NXDOMAIN } from '@waymark/dns/message/header'
import type { Message } from '@waymark/dns/message/message'
import { equalNames, formatName, parseName, type WireName } from '@waymark/dns/name'
import { rrTypeByName } from '@waymark/dns/rr-types/registry'
import { CLASS_IN, TYPE_CNAME, typeName } from '@waymark/dns/rr-types/type-codes'

/** For tests only: a DNS server on loopback, UDP and TCP, that knows some records and can be made to behave badly. */

export interface NameServer {
  /** `127.0.0.1:port`. */
  readonly address: string
  /** Questions so far, `udp www.example.org. TXT` each. */
  readonly asked: string[]
  /** Sets the records of a name and type; none: takes them away. */
  set(name: string, type: string, ...values: string[]): void
  /** What happens to the replies from now on: each is a message, or octets, or nothing. */
  misbehave(how: Misbehaviour | undefined): void
  stop(): void
}

export type Misbehaviour = (
  reply: Message,
  transport: 'udp' | 'tcp',
  query: Message,
) => Message | Uint8Array | undefined

export const wireName = (text: string): WireName => {
  const name = parseName(text)
  if (!name.ok) throw new Error(name.problems[0]!.detail)
  return name.value
}

export async function startNameServer(): Promise<NameServer> {
  const records: { owner: WireName; type: number; rdata: Uint8Array }[] = []
  const asked: string[] = []
  let misbehaviour: Misbehaviour | undefined
  const connections = new Set<Socket>()

  function answer(octets: Uint8Array, transport: 'udp' | 'tcp'): Uint8Array | undefined {
    const query = decodeMessage(octets)
    if (!query.ok) return undefined
    const { name, type } = query.value.questions[0]!
    asked.push(`${transport} ${formatName(name)} ${typeName(type)}`)
    const isKnown = records.some(({ owner }) => equalNames(owner, name))
    const reply: Message = {
      ...query.value,
      header: {
        ...query.value.header,
        ...{ isResponse: true, isRecursionAvailable: true, rcode: isKnown ? 0 : RCODE_NXDOMAIN },
      },
      answers: findAll(name, type).map((each) => ({ ...each, class: CLASS_IN, ttl: 60 })),
    }
    const sent = misbehaviour === undefined ? reply : misbehaviour(reply, transport, query.value)
    return sent === undefined || sent instanceof Uint8Array ? sent : encoded(sent)
  }

  /** The records of the name, behind the aliases that lead to them. */
  function findAll(name: WireName, type: number): typeof records {
    const here = records.filter(({ owner }) => equalNames(owner, name))
    const alias = here.find((each) => each.type === TYPE_CNAME)
    if (alias !== undefined && type !== TYPE_CNAME) return [alias, ...findAll(alias.rdata, type)]
    return here.filter((each) => each.type === type)
  }

  const { tcp, udp } = await listen((socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('data', (data: Buffer) => {
      const reply = answer(new Uint8Array(data.subarray(2)), 'tcp')
      if (reply !== undefined)
        socket.write(Buffer.concat([Uint8Array.of(reply.length >> 8, reply.length), reply]))
    })
  }, answer)
  return {
    address: `127.0.0.1:${udp.port}`,
    asked,
    set(name, type, ...values) {
      const owner = wireName(name)
      const rrType = rrTypeByName(type)!
      const others = records.filter((each) => each.type !== rrType.code || !equalNames(each.owner, owner))
      const own = values.map((value) => {
        const rdata = rrType.parse(value)
        if (!rdata.ok) throw new Error(rdata.problems[0]!.detail)
        return { owner, type: rrType.code, rdata: rdata.value }
      })
      records.splice(0, records.length, ...others, ...own)
    },
    misbehave(how) {
      misbehaviour = how
    },
    stop() {
      udp.close()
      tcp.close()
      for (const socket of connections) socket.destroy()
    },
  }
}

export function encoded(message: Message): Uint8Array {
  const octets = encodeMessage(message)
  if (!octets.ok) throw new Error(octets.problems[0]!.detail)
  return octets.value
}

/** One free port for both transports. */
async function listen(
  onConnection: (socket: Socket) => void,
  answer: (octets: Uint8Array, transport: 'udp') => Uint8Array | undefined,
) {
  for (;;) {
    const udp = await Bun.udpSocket({
      hostname: '127.0.0.1',
      port: 0,
      socket: {
        data(self, octets, port, address) {
          const reply = answer(new Uint8Array(octets), 'udp')
          if (reply !== undefined) self.send(reply, port, address)
        },
      },
    })
    const tcp = await new Promise<Server | undefined>((resolve) => {
      const server = createServer(onConnection)
      server.on('error', () => resolve(undefined))
      server.listen(udp.port, '127.0.0.1', () => resolve(server))
    })
    if (tcp !== undefined) return { tcp, udp }
    udp.close()
  }
}
