import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { RCODE_NOERROR, RCODE_NXDOMAIN, RCODE_SERVFAIL } from '@waymark/dns/message/header'
import { DOH } from '../counters.ts'
import { listenerAddress } from '../network/listener-address.ts'
import type { Answerer } from '../observe/answerer.ts'
import { DOH_MEDIA_TYPE, type Refusal, readDohRequest } from './doh-request.ts'
import { smallestTtl } from './smallest-ttl.ts'
import type { StreamLimits } from './streams.ts'
import type { TlsMaterial } from './tls-material.ts'

/** Queries that one connection may have open at a time. */
const MAX_STREAMS = 100
const CLOSE_GRACE_MS = 1000

export interface DohListener {
  readonly host: string
  readonly port: number
  /** For connections from now on. */
  setMaterial(material: TlsMaterial): void
  /** Lets the requests in flight end. */
  close(): Promise<void>
}

/** Answers DNS over HTTPS (RFC 8484) on one address: HTTP/2, and HTTP/1.1 for those who know nothing newer. */
export async function listenDoh(
  host: string,
  port: number,
  answerer: Answerer,
  { idleSeconds, connections }: StreamLimits,
  material: TlsMaterial,
): Promise<DohListener> {
  const answer = answerWith(answerer, listenerAddress(host))
  const server = createSecureServer(
    {
      ...material,
      minVersion: 'TLSv1.2',
      handshakeTimeout: idleSeconds * 1000,
      allowHTTP1: true,
      settings: { maxConcurrentStreams: MAX_STREAMS, enablePush: false },
    },
    (request, response) => {
      idle.get(keyOf(request.socket))?.refresh()
      readDohRequest(request, (outcome) => answer(request, response, outcome))
    },
  )
  const sockets = new Set<TLSSocket>()
  /** Only requests make a connection a busy one: octets that lead to none give no more time. */
  const idle = new Map<string, NodeJS.Timeout>()
  // Comes before the handshake, so that who never ends it is counted too.
  server.on('connection', (socket: TLSSocket) => {
    const place = connections.enter(socket.remoteAddress ?? '')
    if (place < 0) {
      answerer.counters.addRefusedConnection()
      socket.destroy()
      return
    }
    const key = keyOf(socket)
    sockets.add(socket)
    idle.set(
      key,
      setTimeout(() => {
        answerer.counters.addEnded('idle')
        socket.destroy()
      }, idleSeconds * 1000),
    )
    answerer.counters.addConnections(1)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      clearTimeout(idle.get(key))
      idle.delete(key)
      answerer.counters.addConnections(-1)
      connections.leave(place)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, reusePort: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // Connections that break, before or after their handshake, end themselves; the listener goes on.
  for (const event of ['error', 'sessionError', 'tlsClientError']) server.on(event, () => {})
  return {
    host,
    port: (server.address() as AddressInfo).port,
    setMaterial: ({ cert, key }) => server.setSecureContext({ cert, key }),
    async close() {
      server.close()
      const deadline = performance.now() + CLOSE_GRACE_MS
      for (const socket of sockets) socket.end()
      while (sockets.size > 0 && performance.now() < deadline) await Bun.sleep(10)
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Requests have a socket of their own kind, which is none of those that connect. */
const keyOf = ({ remoteAddress, remotePort }: { remoteAddress?: string; remotePort?: number }): string =>
  `${remoteAddress} ${remotePort}`

function answerWith(answerer: Answerer, listener: string) {
  const { query } = answerer
  const reply = new Uint8Array(65535)
  return (
    { socket }: Http2ServerRequest,
    response: Http2ServerResponse,
    outcome: Uint8Array | Refusal,
  ): void => {
    if (!(outcome instanceof Uint8Array)) {
      refuse(response, outcome)
      return
    }
    query.source = socket.remoteAddress ?? ''
    query.listener = listener
    query.isEncrypted = true
    // RFC 7828 is about connections that carry nothing but DNS.
    query.idleSeconds = 0
    const port = socket.remotePort ?? 0
    const size = answerer.answer(outcome, outcome.length, reply, DOH, port)
    if (size === 0) {
      refuse(response, { status: 400, text: 'the message is no DNS query' })
      return
    }
    const isPassed =
      query.isForUpstream &&
      answerer.passOn(outcome, outcome.length, reply, size, DOH, port, (late) => {
        if (!response.writable) return
        // What clients of a network are answered is not for others.
        send(response, late, `private, max-age=${(late[3]! & 15) === RCODE_SERVFAIL ? 0 : smallestTtl(late)}`)
      })
    if (isPassed) return
    const isKept = (query.rcode === RCODE_NOERROR || query.rcode === RCODE_NXDOMAIN) && !query.isTruncated
    // What depends on who asks is not for others behind the same cache.
    const isPrivate = query.isForSubnet || query.network !== 0
    const cacheControl = `${isPrivate ? 'private, ' : ''}max-age=${isKept ? smallestTtl(reply) : 0}`
    send(response, reply.subarray(0, size), cacheControl)
  }
}

function send(response: Http2ServerResponse, octets: Uint8Array, cacheControl: string): void {
  response.writeHead(200, {
    'content-type': DOH_MEDIA_TYPE,
    'content-length': String(octets.length),
    'cache-control': cacheControl,
  })
  response.end(Buffer.from(octets))
}

function refuse(response: Http2ServerResponse, { status, text }: Refusal): void {
  if (status === 405) response.setHeader('allow', 'GET, POST')
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(`${text}\n`)
}
