import { expect, test } from 'bun:test'
import { dropsIn, kernelDrops } from './kernel-drops.ts'

const TABLE = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  101: 0100007F:14E9 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0000000000000000 12
  102: 0100007F:14E9 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4712 2 0000000000000000 30
  103: 0100007F:14E9 0100007F:0035 01 00000000:00000000 00:00000000 00000000     0        0 4713 2 0000000000000000 500
  104: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4714 2 0000000000000000 7
`

test('drops of the sockets that listen on our ports are added up', () => {
  expect(dropsIn(TABLE, new Set([5353]))).toBe(42)
  expect(dropsIn(TABLE, new Set([5353, 53]))).toBe(49)
  expect(dropsIn('', new Set([53]))).toBe(0)
})

test('the system tells them of a socket that is flooded', async () => {
  if (process.platform !== 'linux') return
  const socket = await Bun.udpSocket({ hostname: '127.0.0.1', port: 0 })
  const sender = await Bun.udpSocket({ hostname: '127.0.0.1' })
  // Nobody reads while this loop runs.
  for (let i = 0; i < 20_000; i++) sender.send(new Uint8Array(1000), socket.port, '127.0.0.1')
  expect(kernelDrops(new Set([socket.port]))).toBeGreaterThan(0)
  sender.close()
  socket.close()
})
