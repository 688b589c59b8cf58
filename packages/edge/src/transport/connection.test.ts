import { expect, test } from 'bun:test'
import { Connection, type StreamSocket } from './connection.ts'

/** A socket that takes `room` octets until told otherwise, and remembers what was done to it. */
class TestSocket implements StreamSocket {
  readonly remoteAddress = '192.0.2.1'
  readonly remotePort = 4711
  room = Number.POSITIVE_INFINITY
  sent = 0
  timeouts = 0
  state = 'open'
  write(octets: Uint8Array, from = 0, length = octets.length - from): number {
    const taken = Math.min(length, this.room)
    this.room -= taken
    this.sent += taken
    return taken
  }
  timeout(): void {
    this.timeouts++
  }
  end(): void {
    this.state = 'ended'
  }
  terminate(): void {
    this.state = 'terminated'
  }
}

const QUERY = Uint8Array.of(0, 3, 7, 8, 9)

test('only a whole query counts the idle time anew', () => {
  const socket = new TestSocket()
  const connection = new Connection(socket, 1, 10)
  const seen: number[][] = []
  const before = socket.timeouts
  for (const octet of QUERY.subarray(0, 4)) {
    connection.receive(Uint8Array.of(octet), (message) => seen.push([...message]) > 0)
  }
  expect([seen, socket.timeouts - before]).toEqual([[], 0])
  connection.receive(QUERY.subarray(4), (message) => seen.push([...message]) > 0)
  expect([seen, socket.timeouts - before]).toEqual([[[7, 8, 9]], 1])
})

test('a connection that is finished ends when everything is sent, and reads no more', () => {
  const socket = new TestSocket()
  const connection = new Connection(socket, 1, 10)
  socket.room = 30
  expect(connection.send(new Uint8Array(100), 100)).toBe(true)
  connection.finish()
  connection.receive(QUERY, () => {
    throw new Error('Read after the end.')
  })
  socket.room = 60
  connection.drain()
  expect([socket.state, socket.sent]).toEqual(['open', 90])
  socket.room = 60
  connection.drain()
  expect([socket.state, socket.sent]).toEqual(['ended', 100])
})

test('an idle connection takes its leave, one that does not react or does not read is cut off', () => {
  const idle = new TestSocket()
  const connection = new Connection(idle, 1, 10)
  connection.timeOut()
  expect(idle.state).toBe('ended')
  connection.timeOut()
  expect(idle.state).toBe('terminated')
  const stuck = new TestSocket()
  const unread = new Connection(stuck, 1, 10)
  stuck.room = 0
  unread.send(QUERY, 5)
  unread.timeOut()
  expect(stuck.state).toBe('terminated')
})

test('a client that waits for a transfer to begin is not idle', async () => {
  const socket = new TestSocket()
  const connection = new Connection(socket, 1, 10)
  const { promise, reject } = Promise.withResolvers<never>()
  connection.transfer(promise)
  const before = socket.timeouts
  for (let i = 0; i < 3; i++) connection.timeOut()
  expect([socket.state, socket.timeouts - before]).toEqual(['open', 3])
  reject(new Error('no plan'))
  await Bun.sleep(0)
  expect(socket.state).toBe('terminated')
})

test('what waits for a client that does not read is limited', () => {
  const socket = new TestSocket()
  const connection = new Connection(socket, 1, 10)
  socket.room = 0
  const sends = Array.from({ length: 20 }, () => connection.send(new Uint8Array(65_537), 65_537))
  expect(sends.indexOf(false)).toBe(15)
})
