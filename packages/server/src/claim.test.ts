import { afterAll, expect, test } from 'bun:test'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkHttpAddress, freeDnsAddresses } from './claim-port.ts'
import { claimDataFolder } from './data-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-claim-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('port 0 becomes a port that is free for UDP and TCP', async () => {
  const [free] = await freeDnsAddresses([{ host: '127.0.0.1', port: 0 }])
  expect(free!.port).toBeGreaterThan(0)
  expect(await freeDnsAddresses([free!])).toEqual([free!])
})

test('a port taken for UDP or for TCP is refused with the flag to change it', async () => {
  const udp = createSocket('udp4')
  await new Promise<void>((resolve) => udp.bind({ port: 0, address: '127.0.0.1' }, resolve))
  const tcp = createServer()
  await new Promise<void>((resolve) => tcp.listen({ port: 0, host: '127.0.0.1' }, resolve))
  const udpPort = udp.address().port
  const tcpPort = (tcp.address() as { port: number }).port
  await expect(freeDnsAddresses([{ host: '127.0.0.1', port: udpPort }])).rejects.toThrow(
    `127.0.0.1:${udpPort} (UDP) is taken by another process; choose another address with --dns`,
  )
  await expect(freeDnsAddresses([{ host: '127.0.0.1', port: tcpPort }])).rejects.toThrow('(TCP) is taken')
  await expect(checkHttpAddress({ host: '127.0.0.1', port: tcpPort }, '--http')).rejects.toThrow(
    'with --http',
  )
  udp.close()
  tcp.close()
})

test('an address that this machine does not have is told as such', async () => {
  await expect(freeDnsAddresses([{ host: '192.0.2.1', port: 0 }])).rejects.toThrow(
    '192.0.2.1 is no address of this machine',
  )
})

test('a data folder is made when missing and belongs to one process at a time', async () => {
  const path = join(folder, 'deep', 'data')
  const script = (then: string) => `
    import { claimDataFolder } from ${JSON.stringify(join(import.meta.dir, 'data-folder.ts'))}
    try { claimDataFolder(${JSON.stringify(path)}); console.log('claimed'); ${then} } catch (error) { console.log(error.message) }`
  const held = claimDataFolder(path)
  const second = Bun.spawn({ cmd: [process.execPath, '-e', script('')] })
  expect(await new Response(second.stdout).text()).toBe(
    `another waymark (process ${process.pid}) uses the data folder ${path}. Stop it, or give this one a folder of its own with --data\n`,
  )
  held.release()
  const killed = Bun.spawn({ cmd: [process.execPath, '-e', script('process.kill(process.pid, "SIGKILL")')] })
  await killed.exited
  claimDataFolder(path).release()
})
