import { afterEach, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { portOf, Source } from '../line/source-address.ts'
import { type AnswerPacket, BATCH, PacketBatch } from './packet-batch.ts'
import { growReceiveBuffer, packetCalls } from './system-calls.ts'

type Socket = Bun.udp.Socket<'buffer'>
const open: Socket[] = []
afterEach(() => {
  for (const socket of open.splice(0)) socket.close()
})

async function socketAt(hostname: string, data: (packet: Buffer) => void = () => {}) {
  const socket = await Bun.udpSocket({ hostname, port: 0, socket: { data: (_, packet) => data(packet) } })
  open.push(socket)
  return socket as Socket & { readonly fd: number }
}

/** A socket whose packets the runtime has no chance to see: all is done before the event loop turns. */
async function setUp(host: string, packets: readonly string[]) {
  const replies: string[] = []
  const server = await socketAt(host)
  const client = await socketAt(host, (packet) => replies.push(packet.toString()))
  for (const packet of packets) client.send(packet, server.port, host)
  const batch = new PacketBatch(packetCalls()!)
  return { batch, server, client, replies }
}

const text = (octets: Uint8Array, length: number) => Buffer.from(octets.subarray(0, length)).toString()
const write = (out: Uint8Array, words: string) => Buffer.from(out.buffer, out.byteOffset).write(words)

for (const host of ['127.0.0.1', '::1']) {
  test(`packets that wait are answered together, each to whoever sent it, over ${host}`, async () => {
    const { batch, server, client, replies } = await setUp(host, ['one', 'two', 'three'])
    const source = new Source()
    const senders = new Set<string>()
    const count = batch.answerWaiting(server.fd, (packet, length, from, fromAt, out) => {
      source.setSocketAddress(from, fromAt)
      senders.add(`${source.text} ${portOf(from, fromAt)}`)
      return write(out, `re: ${text(packet, length)}`)
    })
    expect(count).toBe(3)
    expect([...senders]).toEqual([`${host} ${client.port}`])
    while (replies.length < 3) await Bun.sleep(1)
    expect(replies.sort()).toEqual(['re: one', 're: three', 're: two'])
    expect(batch.answerWaiting(server.fd, () => 1)).toBe(0)
  })
}

test('packets that deserve no reply get none, and do not shift those of others', async () => {
  const packets = Array.from({ length: 10 }, (_, i) => `${i}`)
  const { batch, server, replies } = await setUp('127.0.0.1', packets)
  const odd: AnswerPacket = (packet, length, _from, _at, out) =>
    Number(text(packet, length)) % 2 === 0 ? 0 : write(out, text(packet, length))
  expect(batch.answerWaiting(server.fd, odd)).toBe(10)
  while (replies.length < 5) await Bun.sleep(1)
  expect(replies.sort()).toEqual(['1', '3', '5', '7', '9'])
})

test('no more than a batch is taken at once, and buffers serve again', async () => {
  const packets = Array.from({ length: BATCH + 5 }, (_, i) => 'x'.repeat(i + 1))
  const { batch, server, replies } = await setUp('127.0.0.1', packets)
  const echo: AnswerPacket = (packet, length, _from, _at, out) => write(out, text(packet, length))
  expect([batch.answerWaiting(server.fd, echo), batch.answerWaiting(server.fd, echo)]).toEqual([BATCH, 5])
  while (replies.length < BATCH + 5) await Bun.sleep(1)
  expect(replies.map((reply) => reply.length).sort((a, b) => a - b)).toEqual(packets.map((p) => p.length))
})

test('a reply that cannot be sent is counted, and the others go out', async () => {
  const { batch, server, replies } = await setUp('127.0.0.1', ['a', 'b', 'c'])
  batch.answerWaiting(server.fd, (packet, length, from, fromAt, out) => {
    // Port 0 is nobody's.
    if (text(packet, length) === 'b') from.fill(0, fromAt + 2, fromAt + 4)
    return write(out, text(packet, length))
  })
  expect(batch.dropped).toBe(1)
  while (replies.length < 2) await Bun.sleep(1)
  expect(replies.sort()).toEqual(['a', 'c'])
})

test('a grown queue holds what comes while nobody reads, beyond the limit of the system for whoever may', async () => {
  const client = await socketAt('127.0.0.1')
  const kept = async (isGrown: boolean) => {
    const server = await socketAt('127.0.0.1')
    if (isGrown) growReceiveBuffer(packetCalls()!, server.fd)
    for (let i = 0; i < 1000; i++) client.send('x'.repeat(40), server.port, '127.0.0.1')
    const batch = new PacketBatch(packetCalls()!)
    let sum = 0
    for (let count = 1; count > 0; sum += count) count = batch.answerWaiting(server.fd, () => 0)
    return sum
  }
  expect(await kept(true)).toBeGreaterThanOrEqual(mayAdministerNetwork() ? 1000 : await kept(false))
})

/** CAP_NET_ADMIN, which root lacks in many containers. */
function mayAdministerNetwork(): boolean {
  const [, mask = '0'] = /^CapEff:\s+(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return ((BigInt(`0x${mask}`) >> 12n) & 1n) === 1n
}

test('an address is the same as text and as the system gives it', () => {
  const source = new Source()
  const read = () => {
    const address = new Uint8Array(16)
    return [source.read(address), Buffer.from(address).toString('hex')]
  }
  for (const [shown, family, octets] of [
    ['192.0.2.7', 2, [0, 53, 192, 0, 2, 7]],
    ['2001:db8::1', 10, [0, 53, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8, ...new Array(11).fill(0), 1]],
  ] as const) {
    const name = new Uint8Array(28)
    name.set([family, 0, ...octets])
    source.setSocketAddress(name, 0)
    const fromSystem = read()
    expect([source.text, portOf(name, 0)]).toEqual([shown, 53])
    source.text = shown
    expect(read()).toEqual(fromSystem)
  }
})
