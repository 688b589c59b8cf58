/** Should the packet below be lost, nobody waits for it any longer. */
const LONGEST_MS = 1000

/**
 * Resolves when the event loop has looked at every socket that had something to read at the time of the call. Timers tell nothing of
 * that: on a busy machine several come before the sockets have their turn. A packet to ourselves does, because the system reports
 * sockets in the order in which they became readable.
 */
export async function socketsSeen(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, LONGEST_MS)
  const hostname = '127.0.0.1'
  const socket = await Bun.udpSocket({ hostname, socket: { data: () => resolve() } }).catch(() => undefined)
  socket?.send(Uint8Array.of(0), socket.port, hostname)
  await promise
  clearTimeout(timer)
  socket?.close()
}
