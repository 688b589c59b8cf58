import { expect, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import { queryPacket, readAnswer } from './testing/ask.ts'
import { askUdp } from './testing/ask-socket.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

function run(env: Record<string, string | undefined>) {
  return Bun.spawn([process.execPath, MAIN], {
    env: { ...process.env, WAYMARK_WORKERS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

test('the process says where it answers, and ends on SIGTERM with status 0', async () => {
  const child = run({ WAYMARK_DNS: '127.0.0.1:0,[::1]:0' })
  const reader = child.stdout.getReader()
  const line = JSON.parse(new TextDecoder().decode((await reader.read()).value))
  expect(line).toMatchObject({ msg: 'edge ready', position: 0 })
  expect(line.dns.length).toBe(2)
  const port = Number(line.dns[0].split(':')[1])
  expect(readAnswer(await askUdp('127.0.0.1', port, queryPacket('example.org', 'A'))).status).toBe('SERVFAIL')
  child.kill('SIGTERM')
  expect(await child.exited).toBe(0)
})

test('an address that is taken, or a setting that makes no sense, ends the process with a reason', async () => {
  const taken = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  for (const env of [
    { WAYMARK_DNS: `127.0.0.1:${taken.port}` },
    { WAYMARK_DNS: 'nonsense' },
    { WAYMARK_WORKERS: '0' },
  ]) {
    const child = run(env)
    expect(await child.exited).toBe(1)
    expect(JSON.parse(await child.stderr.text())).toMatchObject({ level: 'error', msg: 'edge cannot start' })
  }
  taken.stop()
})
