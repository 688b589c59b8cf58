import { afterEach, expect, test } from 'bun:test'
import { connect as connectHttp2 } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { OPTION_PADDING } from '@waymark/dns/message/edns'
import { Query } from '../answer/query.ts'
import { Counters, countersFor, DOH, DOT, sumCounters } from '../counters.ts'
import { Answerer } from '../observe/answerer.ts'
import { MemorySource } from '../source/memory.ts'
import { queryPacket, readAnswer } from '../testing/ask.ts'
import { askTcp, askUdp } from '../testing/ask-socket.ts'
import { CERTIFICATE, RENEWED_CERTIFICATE } from '../testing/certificate.ts'
import { SOA_AND_NS, zoneFrame } from '../testing/zone-text.ts'
import { TableView } from '../zone-table/view.ts'
import { listenOn } from './listen.ts'
import { plainTransports, type WorkerTransports } from './worker-transports.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const HOST = '127.0.0.1'
const WWW = queryPacket('www.example.org', 'A')
const MANY = queryPacket('many.example.org', 'A')
const many = Array.from({ length: 200 }, (_, i) => `many 60 A 192.0.2.${i}`).join('\n')
const CONNECTIONS = plainTransports().connections

async function listen(changes: Partial<WorkerTransports> = {}) {
  const memory = new MemorySource()
  memory.apply(
    zoneFrame({
      apex: 'example.org',
      text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1\nwww 300 TXT "x"\nloose 3600 CNAME none\n${many}`,
    }),
  )
  const counters = countersFor(1)
  const place = { host: HOST, port: 0 }
  const listeners = await listenOn(
    [place],
    new Answerer(new Query(1), new TableView(memory.writer.handle), new Counters(counters, 0)),
    { ...plainTransports(), dot: [place], doh: [place], tls: CERTIFICATE, ...changes },
  )
  ends.push(() => listeners.close())
  const { dns, dot, doh } = listeners.bound
  return { dns: dns[0]!.port, dot: dot[0]!.port, doh: doh[0]!.port, listeners, counters }
}

const framed = (...packets: Uint8Array[]): Buffer =>
  Buffer.concat(packets.flatMap((packet) => [Uint8Array.of(packet.length >> 8, packet.length), packet]))

/** Opens a connection with TLS and resolves after the handshake. */
async function openTls(port: number, protocols: string[] = ['dot']): Promise<TLSSocket> {
  const socket = connect({
    ...{ host: HOST, port, servername: 'dns.example.org', ALPNProtocols: protocols },
    ca: [CERTIFICATE.cert, RENEWED_CERTIFICATE.cert],
  })
  ends.push(() => socket.destroy())
  await new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve)
    socket.once('error', reject)
  })
  return socket
}

/** Sends octets and gives the messages that come back until there are `count`. */
async function exchange(socket: TLSSocket, octets: Uint8Array, count: number): Promise<Uint8Array[]> {
  let received: Buffer = Buffer.alloc(0)
  const messages: Uint8Array[] = []
  return await new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`Closed after ${messages.length} messages.`)))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0)
        messages.push(new Uint8Array(received.subarray(2, end)))
        received = received.subarray(end)
      }
      if (messages.length === count) resolve(messages)
    })
    socket.write(octets)
  })
}

const url = (port: number, path = ''): string => `https://localhost:${port}${path}`
const get = (packet: Uint8Array): string => `/dns-query?dns=${Buffer.from(packet).toString('base64url')}`
const TLS = { tls: { ca: [CERTIFICATE.cert, RENEWED_CERTIFICATE.cert] }, keepalive: false }
const MEDIA = { 'content-type': 'application/dns-message' }

/** One request over HTTP/2: status, headers and body. */
async function http2(
  port: number,
  headers: Record<string, string>,
  body?: Uint8Array,
): Promise<{ headers: Record<string, unknown>; body: Uint8Array }> {
  const session = connectHttp2(url(port), { ca: CERTIFICATE.cert })
  ends.push(() => session.destroy())
  const stream = session.request(headers)
  const chunks: Uint8Array[] = []
  return await new Promise((resolve, reject) => {
    let answered: Record<string, unknown> = {}
    session.on('error', reject)
    stream.on('error', reject)
    stream.on('response', (all) => (answered = all))
    stream.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    stream.on('end', () => resolve({ headers: answered, body: new Uint8Array(Buffer.concat(chunks)) }))
    stream.end(body)
  })
}

test('over TLS queries are answered as over UDP and TCP, many on a connection', async () => {
  const { dns, dot, counters } = await listen()
  const socket = await openTls(dot)
  expect(socket.alpnProtocol).toBe('dot')
  const answers = await exchange(socket, framed(WWW, MANY, WWW), 3)
  expect(answers[0]).toEqual(await askUdp(HOST, dns, WWW))
  expect(answers[1]).toEqual(await askTcp(HOST, dns, MANY))
  expect(answers[2]).toEqual(answers[0]!)
  expect(sumCounters(counters).rcodes[DOT]![0]).toBe(3)
})

test('a client that offers no protocol by name is served, one that offers others is not (RFC 7301)', async () => {
  const { dot } = await listen()
  const [answer] = await exchange(await openTls(dot, []), framed(WWW), 1)
  expect(readAnswer(answer!).status).toBe('NOERROR AA')
  await expect(openTls(dot, ['h2'])).rejects.toThrow()
})

test('a client that asks much over TLS and reads slowly gets everything', async () => {
  const { dot } = await listen()
  const socket = await openTls(dot)
  socket.pause()
  setTimeout(() => socket.resume(), 100)
  const answers = await exchange(socket, framed(...new Array<Uint8Array>(250).fill(MANY)), 250)
  expect(answers.every((answer) => readAnswer(answer).answer.length === 200)).toBe(true)
})

test('answers over TLS and HTTPS are padded for clients that pad, those over TCP are not', async () => {
  const { dns, dot, doh } = await listen()
  const padded = queryPacket('www.example.org', 'A', {
    payloadSize: 1232,
    options: [{ code: OPTION_PADDING, data: new Uint8Array(20) }],
  })
  expect((await exchange(await openTls(dot), framed(padded), 1))[0]!.length).toBe(468)
  const overHttps = await fetch(url(doh, get(padded)), TLS)
  expect((await overHttps.arrayBuffer()).byteLength).toBe(468)
  expect((await askTcp(HOST, dns, padded)).length).toBeLessThan(100)
  expect((await askUdp(HOST, dns, padded)).length).toBeLessThan(100)
})

test('over HTTPS queries are answered with GET and POST, HTTP/2 and HTTP/1.1', async () => {
  const { dns, doh, counters } = await listen()
  const expected = await askTcp(HOST, dns, MANY)
  const answers = [
    await http2(doh, { ':path': get(MANY), accept: 'application/dns-message' }),
    await http2(doh, { ':path': '/dns-query', ':method': 'POST', ...MEDIA }, MANY),
  ]
  for (const { headers, body } of answers) {
    expect(headers[':status']).toBe(200)
    expect(headers['content-type']).toBe('application/dns-message')
    expect(headers['cache-control']).toBe('max-age=60')
    expect(body).toEqual(expected)
  }
  for (const response of [
    await fetch(url(doh, get(MANY)), TLS),
    await fetch(url(doh, '/dns-query'), {
      ...TLS,
      method: 'POST',
      headers: MEDIA,
      body: new Uint8Array(MANY),
    }),
  ]) {
    expect(response.headers.get('cache-control')).toBe('max-age=60')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array(expected))
  }
  expect(sumCounters(counters).rcodes[DOH]![0]).toBe(4)
})

test('HTTP keeps an answer for the smallest TTL, a denial for that of its SOA, and no error', async () => {
  const { doh } = await listen()
  const maxAge = async (name: string, type: string) =>
    (await fetch(url(doh, get(queryPacket(name, type))), TLS)).headers.get('cache-control')
  expect(await maxAge('www.example.org', 'A')).toBe('max-age=300')
  expect(await maxAge('none.example.org', 'A')).toBe(
    `max-age=${readAnswer(await askTcp(HOST, (await listen()).dns, queryPacket('none.example.org', 'A'))).authority[0]!.split(' ')[1]}`,
  )
  expect(await maxAge('loose.example.org', 'A')).toBe(await maxAge('none.example.org', 'A'))
  expect(await maxAge('www.example.com', 'A')).toBe('max-age=0')
})

test('requests that are none for DNS are told what is wrong', async () => {
  const { doh } = await listen()
  const post = (body: Uint8Array, headers: Record<string, string> = MEDIA) =>
    fetch(url(doh, '/dns-query'), { ...TLS, method: 'POST', headers, body: new Uint8Array(body) })
  const statuses = {
    otherPath: await fetch(url(doh, '/'), TLS),
    noParameter: await fetch(url(doh, '/dns-query'), TLS),
    notBase64: await fetch(url(doh, '/dns-query?dns=a+b'), TLS),
    tooShort: await fetch(url(doh, '/dns-query?dns=AAAA'), TLS),
    put: await fetch(url(doh, '/dns-query'), { ...TLS, method: 'PUT', body: 'x' }),
    head: await fetch(url(doh, get(WWW)), { ...TLS, method: 'HEAD' }),
    text: await post(WWW, { 'content-type': 'text/plain' }),
    tooLong: await post(new Uint8Array(65536)),
    empty: await post(new Uint8Array(0)),
  }
  expect(Object.fromEntries(Object.entries(statuses).map(([name, { status }]) => [name, status]))).toEqual({
    ...{ otherPath: 404, noParameter: 400, notBase64: 400, tooShort: 400, put: 405, head: 405 },
    ...{ text: 415, tooLong: 413, empty: 400 },
  })
  expect(statuses.put.headers.get('allow')).toBe('GET, POST')
  expect((await post(WWW, { 'content-type': 'Application/DNS-Message; x=y' })).status).toBe(200)
  expect(readAnswer(await (await post(WWW)).bytes()).status).toBe('NOERROR AA')
})

test('a long body without a length is refused as it comes', async () => {
  const { doh } = await listen()
  const { headers } = await http2(
    doh,
    { ':path': '/dns-query', ':method': 'POST', ...MEDIA },
    new Uint8Array(200_000),
  )
  expect(headers[':status']).toBe(413)
})

test('a renewed certificate is shown to new connections, and those that stand go on', async () => {
  const { dot, doh, listeners } = await listen()
  const before = await openTls(dot)
  expect(before.getPeerCertificate().subject.CN).toBe('dns.example.org')
  listeners.setMaterial(RENEWED_CERTIFICATE)
  for (const port of [dot, doh]) {
    const after = await openTls(port, port === dot ? ['dot'] : ['h2'])
    expect(after.getPeerCertificate().subject.CN).toBe('renewed.example.org')
  }
  expect(readAnswer((await exchange(before, framed(WWW), 1))[0]!).status).toBe('NOERROR AA')
  const [answer] = await exchange(await openTls(dot), framed(WWW), 1)
  expect(readAnswer(answer!).status).toBe('NOERROR AA')
})

test('connections of one address are limited over TCP, TLS and HTTPS together', async () => {
  const { dns, dot, doh, counters } = await listen({ connections: { ...CONNECTIONS, perAddress: 2 } })
  const first = await openTls(dot)
  const second = await openTls(doh, ['h2'])
  const isClosed = (port: number): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connectTcp(port, HOST)
      ends.push(() => socket.destroy())
      socket.on('close', () => resolve(true))
      socket.on('error', () => resolve(true))
      socket.resume()
    })
  expect(await isClosed(dns)).toBe(true)
  expect(await isClosed(dot)).toBe(true)
  expect(sumCounters(counters).tcpRefused).toBeGreaterThanOrEqual(2)
  expect(sumCounters(counters).tcpOpen).toBe(2)
  second.destroy()
  while (sumCounters(counters).tcpOpen > 1) await Bun.sleep(5)
  const [answer] = await exchange(await openTls(dot), framed(WWW), 1)
  expect(readAnswer(answer!).status).toBe('NOERROR AA')
  first.destroy()
})

test('a client that connects and says nothing is let go, before the handshake too', async () => {
  const { dot, doh, counters } = await listen({ idleSeconds: 1 })
  const closed = [dot, doh].map(
    (port) =>
      new Promise<void>((resolve) => {
        const socket = connectTcp(port, HOST)
        ends.push(() => socket.destroy())
        socket.on('close', () => resolve())
        socket.resume()
      }),
  )
  closed.push(
    ...[await openTls(dot), await openTls(doh, ['h2'])].map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.on('close', () => resolve())
          socket.resume()
        }),
    ),
  )
  await Promise.all(closed)
  while (sumCounters(counters).tcpOpen > 0) await Bun.sleep(10)
}, 120_000)
