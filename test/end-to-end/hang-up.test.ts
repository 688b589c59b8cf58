// needs: kdig dig
/** SIGHUP, which logrotate and certificate clients send to servers: files are looked at, and not a query is lost. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CERTIFICATE, RENEWED_CERTIFICATE } from '@waymark/edge/testing/certificate'
import { freePort, run } from '../support/process.ts'
import { type Service, startService } from '../support/service.ts'
import { untilTrue } from '../support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-hang-up-'))
const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem'), log: join(folder, 'q.log') }
let service: Service
let dot: number

function putCertificate({ cert, key }: { cert: string; key: string }): void {
  writeFileSync(files.cert, cert)
  writeFileSync(files.key, key)
}

beforeAll(async () => {
  putCertificate(CERTIFICATE)
  dot = freePort()
  service = await startService({
    args: [
      ...['--dot', `127.0.0.1:${dot}`, '--tls-cert', files.cert, '--tls-key', files.key],
      ...['--query-log', files.log, '--workers', '2'],
    ],
  })
  await service.call('POST', '/v2/zones', { name: 'shop.example.' })
  await untilTrue('the zone is answered', async () => (await ask('first')).includes('NXDOMAIN'))
}, 120_000)
afterAll(async () => {
  await service?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const ask = (name: string): Promise<string> =>
  run(['dig', '@127.0.0.1', '-p', String(service.dnsPort), '+tries=1', '+time=5', `${name}.shop.example`])

/** Whether a client that trusts nothing but this certificate is answered over TLS. */
const isTrusted = (certificate: string, name: string): Promise<boolean> => {
  const trusted = join(folder, 'trusted.pem')
  writeFileSync(trusted, certificate)
  const tls = [`+tls-ca=${trusted}`, `+tls-hostname=${name}`]
  return run(['kdig', '@127.0.0.1', '-p', String(dot), '+tls', ...tls, 'shop.example', 'SOA'])
    .then((text) => text.includes('NOERROR'))
    .catch(() => false)
}

test('a new certificate and a log that was moved away are seen at once, and the server goes on', async () => {
  expect(await isTrusted(CERTIFICATE.cert, 'localhost')).toBe(true)
  const pids = Bun.spawnSync(['pgrep', '-P', String(service.pid)]).stdout.toString()
  putCertificate(RENEWED_CERTIFICATE)
  renameSync(files.log, `${files.log}.1`)
  const startedAt = performance.now()
  process.kill(service.pid, 'SIGHUP')
  await untilTrue('the new certificate is used', () => isTrusted(RENEWED_CERTIFICATE.cert, 'localhost'))
  // By itself it would be seen within a minute.
  expect(performance.now() - startedAt).toBeLessThan(30_000)
  expect(await ask('second')).toContain('NXDOMAIN')
  await untilTrue('the new log is written', () => {
    try {
      return readFileSync(files.log, 'utf8').includes('"name":"second.shop.example."')
    } catch {
      return false
    }
  })
  expect(readFileSync(`${files.log}.1`, 'utf8')).toContain('"name":"first.shop.example."')
  expect(Bun.spawnSync(['pgrep', '-P', String(service.pid)]).stdout.toString()).toBe(pids)
}, 120_000)
