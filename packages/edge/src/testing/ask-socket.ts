import { connect } from 'node:net'

/** Sends a packet over UDP and waits for the reply. */
export async function askUdp(host: string, port: number, packet: Uint8Array): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const socket = await Bun.udpSocket({
    hostname: host,
    socket: {
      data(_socket, reply) {
        resolve(new Uint8Array(reply))
      },
    },
  })
  const timer = setTimeout(() => reject(new Error('No reply within 30 s.')), 30_000)
  socket.send(packet, port, host)
  return promise.finally(() => {
    clearTimeout(timer)
    socket.close()
  })
}

/** Sends a packet over a TCP connection of its own and waits for the reply. */
export async function askTcp(host: string, port: number, packet: Uint8Array): Promise<Uint8Array> {
  return await new Promise((resolve, reject) => {
    const client = connect(port, host)
    let received: Buffer = Buffer.alloc(0)
    client.on('error', reject)
    client.on('close', () => reject(new Error('Closed without a reply.')))
    client.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      resolve(new Uint8Array(received.subarray(2)))
      client.destroy()
    })
    client.write(Buffer.concat([Uint8Array.of(packet.length >> 8, packet.length), packet]))
  })
}
