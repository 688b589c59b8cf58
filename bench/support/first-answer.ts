/** Finds out when a name server first gives an answer: asks over UDP again and again, far more often than what is measured. */
import { createSocket } from 'node:dgram'
import { question } from '../../test/support/dns-client.ts'

const TICK_MS = 1
/** A question that got no reply is asked again after this. */
const PATIENCE_MS = 100

export interface WatchOptions {
  readonly timeoutMs?: number
  /** Asks again so often where no server may be listening yet. */
  readonly patienceMs?: number
}

/** Resolves with `performance.now()` of the first reply that is right. A new question leaves 1 ms after a wrong reply. */
export function firstAnswer(
  port: number,
  name: string,
  isRight: (reply: Buffer) => boolean = (reply) => reply.readUInt16BE(6) > 0,
  { timeoutMs = 60_000, patienceMs = PATIENCE_MS }: WatchOptions = {},
): Promise<number> {
  const packet = question(name, 'A')
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    let timer: Timer
    const send = (): void => {
      socket.send(packet, port, '127.0.0.1')
      timer = setTimeout(send, patienceMs)
    }
    const end = (result: Error | number): void => {
      clearTimeout(timer)
      clearTimeout(limit)
      socket.removeAllListeners('message')
      socket.close()
      if (typeof result === 'number') resolve(result)
      else reject(result)
    }
    const limit = setTimeout(() => end(new Error(`${name} is not answered as it should be`)), timeoutMs)
    // Nobody listens there yet.
    socket.on('error', () => {})
    socket.on('message', (reply) => {
      if (isRight(reply)) return end(performance.now())
      clearTimeout(timer)
      timer = setTimeout(send, TICK_MS)
    })
    send()
  })
}

/** The address in a reply that has one A record for answer and nothing behind it; '' for any other. */
export function addressIn(reply: Buffer): string {
  return reply.readUInt16BE(6) === 1 ? reply.subarray(-4).join('.') : ''
}
