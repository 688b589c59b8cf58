import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAddresses } from '../settings.ts'
import { CERTIFICATE, RENEWED_CERTIFICATE } from '../testing/certificate.ts'
import { readTlsFiles, type TlsMaterial, watchTlsFiles } from './tls-material.ts'
import { transportSettings, workerTransports } from './transport-settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-tls-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const files = { cert: join(folder, 'dns.pem'), key: join(folder, 'dns.key') }
const write = ({ cert, key }: TlsMaterial): void => {
  writeFileSync(files.cert, cert)
  writeFileSync(files.key, key)
}
const read = (env: Record<string, string>) => transportSettings(env, parseAddresses)

test('without settings nothing is encrypted, told, demanded or limited', () => {
  const { dot, doh, tls, nsid, chaosId, chaosVersion, rate, requiresCookie } = read({})
  expect([dot, doh, tls, nsid, chaosId, chaosVersion, rate, requiresCookie]).toEqual([
    ...[[], [], undefined, '', '', '', 0],
    false,
  ])
  const { profile, connections } = workerTransports(read({}), [])
  expect(profile.rateLimit).toBeUndefined()
  expect([connections.total, connections.perAddress]).toEqual([4096, 128])
})

test('settings that make no sense are refused', () => {
  expect(() => read({ WAYMARK_DOT: '127.0.0.1:853' })).toThrow('WAYMARK_TLS_CERT')
  expect(() => read({ WAYMARK_NSID: 'x'.repeat(65) })).toThrow('64')
  expect(() => read({ WAYMARK_RRL: '-1' })).toThrow('WAYMARK_RRL')
  expect(() => read({ WAYMARK_RRL_SLIP: 'often' })).toThrow('WAYMARK_RRL_SLIP')
  expect(() => read({ WAYMARK_COOKIE_SECRET: 'secret' })).toThrow('32 hexadecimal digits')
})

test('a certificate without its key is refused at the start', () => {
  write({ cert: CERTIFICATE.cert, key: RENEWED_CERTIFICATE.key })
  expect(() => readTlsFiles(files)).toThrow('not that of the certificate')
  const env = { WAYMARK_DOT: '127.0.0.1:0', WAYMARK_TLS_CERT: files.cert, WAYMARK_TLS_KEY: files.key }
  expect(() => workerTransports(read(env), [])).toThrow()
  write(CERTIFICATE)
  expect(workerTransports(read(env), []).tls).toEqual(CERTIFICATE)
})

test('a renewed certificate is taken up, one half written is told of and waited for', async () => {
  write(CERTIFICATE)
  const told: string[] = []
  const log = { info: () => {}, warn: (msg: string) => void told.push(msg), error: () => {} }
  const { promise, resolve } = Promise.withResolvers<TlsMaterial>()
  const stop = watchTlsFiles(files, CERTIFICATE, resolve, log, 5)
  writeFileSync(files.key, RENEWED_CERTIFICATE.key)
  while (told.length === 0) await Bun.sleep(2)
  expect(told[0]).toBe('new certificate for DNS cannot be used')
  writeFileSync(files.cert, RENEWED_CERTIFICATE.cert)
  expect(await promise).toEqual(RENEWED_CERTIFICATE)
  stop()
})
