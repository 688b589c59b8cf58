import { afterAll, afterEach, describe, expect, test } from 'bun:test'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveHttp } from '@waymark/control/http/serve'
import pino from 'pino'
import { makeAuthority, makeServerCertificate } from './certificate.ts'
import { ownCertificate, readCertificate, serverNames } from './certificate-files.ts'
import { tlsSource, watchCertificate } from './tls-source.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-tls-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0
const newFolder = () => join(folder, String(++count))
const now = new Date('2026-11-22T10:00:00Z')
const DAY_MS = 24 * 60 * 60_000

/** A certificate as an operator would bring it. */
function operatorFiles(name: string) {
  const authority = { ...makeAuthority('test authority', 10, new Date()), name: 'test authority' }
  const { certificate, key } = makeServerCertificate(authority, [name], 5, new Date())
  const [certFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)]
  writeFileSync(certFile, certificate)
  writeFileSync(keyFile, key.export({ type: 'pkcs8', format: 'pem' }))
  return { certFile, keyFile, ca: authority.certificate }
}

describe('a certificate', () => {
  const authority = { ...makeAuthority('authority', 100, now), name: 'authority' }
  const names = ['dns.example.org', '192.0.2.1', '2001:db8::1', '::1', '::ffff:192.0.2.9']
  const parsed = new X509Certificate(makeServerCertificate(authority, names, 30, now).certificate)

  test('is for its names and addresses and for no other', () => {
    expect(parsed.checkHost('dns.example.org')).toBe('dns.example.org')
    expect(parsed.checkHost('other.example.org')).toBeUndefined()
    for (const address of ['192.0.2.1', '2001:db8::1', '::1']) expect(parsed.checkIP(address)).toBe(address)
    expect(parsed.checkIP('192.0.2.2')).toBeUndefined()
    expect(parsed.checkIP('2001:db8::2')).toBeUndefined()
  })

  test('is signed by its authority, may sign nothing itself, and has an end', () => {
    const signer = new X509Certificate(authority.certificate)
    expect(parsed.verify(signer.publicKey)).toBe(true)
    expect(parsed.checkIssued(signer)).toBe(true)
    expect([signer.ca, parsed.ca]).toEqual([true, false])
    expect(Date.parse(parsed.validTo)).toBe(now.getTime() + 30 * DAY_MS)
    expect(parsed.verify(new X509Certificate(makeAuthority('authority', 1, now).certificate).publicKey)).toBe(
      false,
    )
  })

  test('may end after 2049, where times are written otherwise', () => {
    const late = new X509Certificate(makeAuthority('late', 365 * 30, now).certificate)
    expect(new Date(late.validTo).getUTCFullYear()).toBe(2056)
  })
})

describe('a certificate of our own', () => {
  test('is made once, kept for the owner alone, and renewed before it ends under the same authority', () => {
    const dataDir = newFolder()
    const first = ownCertificate(dataDir, ['localhost'], now)
    expect(ownCertificate(dataDir, ['localhost'], now)).toEqual(first)
    expect(statSync(join(dataDir, 'tls', 'server.key')).mode & 0o777).toBe(0o600)
    const authority = readFileSync(first.authorityFile!, 'utf8')
    const renewed = ownCertificate(dataDir, ['localhost'], new Date(now.getTime() + 390 * DAY_MS))
    expect(renewed.cert).not.toBe(first.cert)
    expect(renewed.cert).toEndWith(authority)
  })

  test('is made anew for another name, or when its files are broken', () => {
    const dataDir = newFolder()
    const first = ownCertificate(dataDir, ['localhost'], now)
    const other = ownCertificate(dataDir, ['localhost', 'dns.example.org'], now)
    expect(other.cert).not.toBe(first.cert)
    expect(ownCertificate(dataDir, ['localhost'], now)).toEqual(other)
    writeFileSync(join(dataDir, 'tls', 'server.pem'), 'broken')
    expect(
      new X509Certificate(ownCertificate(dataDir, ['localhost'], now).cert).checkHost('localhost'),
    ).toBeDefined()
  })

  test('names the machine, where the server listens and the public address', () => {
    expect(serverNames(['192.0.2.7'], 'https://dns.example.org:8443/')).toEqual(
      expect.arrayContaining(['localhost', '127.0.0.1', '::1', '192.0.2.7', 'dns.example.org']),
    )
    expect(serverNames(['0.0.0.0'], undefined)).not.toContain('0.0.0.0')
  })
})

describe('HTTPS', () => {
  let server: ReturnType<typeof serveHttp> | undefined
  afterEach(async () => {
    await server?.stop(0)
    server = undefined
  })
  const serve = (tls: { cert: string; key: string }) =>
    serveHttp({
      hostname: '127.0.0.1',
      port: 0,
      tls,
      handle: async (request) => new Response(new URL(request.url).protocol),
    })
  const get = (ca: string, keepalive = true) => {
    const { port } = new URL(server!.url)
    return fetch(`https://localhost:${port}/`, { tls: { ca }, keepalive }).then((response) => response.text())
  }

  test('is answered under our own certificate to those who trust its authority', async () => {
    const { cert, key, authorityFile } = ownCertificate(newFolder(), ['localhost'], new Date())
    server = serve({ cert, key })
    expect(server.url).toStartWith('https://')
    expect(await get(readFileSync(authorityFile!, 'utf8'))).toBe('https:')
    await expect(get(makeAuthority('other', 10, new Date()).certificate)).rejects.toThrow()
  })

  test('takes up a certificate that the operator has renewed, and keeps the old one when the new is broken', async () => {
    const files = operatorFiles('localhost')
    const material = () => readCertificate(files.certFile, files.keyFile)
    server = serve(material())
    const stop = watchCertificate(server, material, pino({ level: 'silent' }), 5)
    try {
      writeFileSync(files.certFile, 'half written')
      await Bun.sleep(30)
      expect(await get(files.ca, false)).toBe('https:')
      const { ca } = operatorFiles('localhost')
      let answer: string | undefined
      for (let i = 0; i < 5000 && answer === undefined; i++) {
        await Bun.sleep(5)
        answer = await get(ca, false).catch(() => undefined)
      }
      expect(answer).toBe('https:')
    } finally {
      stop()
    }
  })
})

describe('settings of HTTPS', () => {
  const https = { host: '127.0.0.1', port: 0 }
  const none = {
    https: undefined,
    dot: undefined,
    doh: undefined,
    'tls-cert': undefined,
    'tls-key': undefined,
    'public-url': undefined,
  }

  test('that do not go together are refused', () => {
    const { certFile, keyFile } = operatorFiles('one.example')
    const other = operatorFiles('two.example')
    expect(tlsSource(none, folder)).toBeUndefined()
    expect(() => tlsSource({ ...none, https, 'tls-cert': certFile }, folder)).toThrow('belong together')
    expect(() => tlsSource({ ...none, 'tls-cert': certFile, 'tls-key': keyFile }, folder)).toThrow('--https')
    const source = (cert: string, key: string) =>
      tlsSource({ ...none, https, 'tls-cert': cert, 'tls-key': key }, folder)!
    expect(source(certFile, keyFile)().cert).toContain('BEGIN CERTIFICATE')
    expect(source(certFile, other.keyFile)).toThrow('is not that of the certificate')
    expect(source(join(folder, 'none.pem'), keyFile)).toThrow('cannot read')
    expect(source(keyFile, keyFile)).toThrow('--tls-cert')
  })
})
