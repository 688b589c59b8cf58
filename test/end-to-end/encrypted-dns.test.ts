// needs: kdig dig openssl curl
/**
 * Encrypted DNS and what goes along with queries, asked for by the programs that operators use: kdig and dig over TLS and HTTPS, with
 * cookies, NSID, padding and keepalive; openssl and curl for what lies below.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, run } from '../support/process.ts'
import { type Service, startService } from '../support/service.ts'
import { until, untilTrue } from '../support/until.ts'

const ZONE = 'shop.example.'
let service: Service
let dot: string
let doh: string
let trust: string[]

beforeAll(async () => {
  dot = String(freePort())
  doh = String(freePort())
  service = await startService({
    args: [
      ...['--dot', `127.0.0.1:${dot}`, '--doh', `127.0.0.1:${doh}`, '--nsid', 'edge-1'],
      ...['--chaos-id', 'edge-1', '--tcp-idle', '20', '--rrl', '20', '--rrl-slip', '1', '--workers', '2'],
    ],
  })
  trust = [`+tls-ca=${join(service.dataDir, 'tls', 'authority.pem')}`, '+tls-hostname=localhost']
  const zone = (await service.call('POST', '/v2/zones', { name: ZONE })).json.id
  const set = { name: `www.${ZONE}`, type: 'A', ttl: 300, records: ['192.0.2.1', '192.0.2.2'] }
  await service.call('POST', `/v2.1/zones/${zone}/recordsets`, set)
  await untilTrue('the record set is answered', async () =>
    (await kdig('+tcp', service.dnsPort, [])).includes('192.0.2.2'),
  )
}, 120_000)
afterAll(async () => {
  await service?.stop()
})

const kdig = (transport: string, port: string | number, more: string[], type = 'A'): Promise<string> =>
  run(['kdig', '@127.0.0.1', '-p', String(port), transport, ...more, `www.${ZONE}`, type])

test('kdig is answered over TLS under a certificate that it trusts, and padded', async () => {
  const output = await kdig('+tls', dot, [...trust, '+nsid', '+padding'])
  expect(output).toContain('192.0.2.1')
  expect(output).toContain('NSID: 656467652D31 "edge-1"')
  expect(output).toMatch(/PADDING: \d+ B/)
  expect(output).toMatch(/Received 468 B/)
})

test('a zone is transferred over TLS as over TCP, to whoever may have it, and not over HTTPS', async () => {
  const key = (await service.call('POST', '/waymark/v1/transfers/keys', { name: 'xot.waymark' })).json
  const allow = [{ cidr: '127.0.0.0/8', key: 'xot.waymark' }]
  await service.call('PUT', '/waymark/v1/transfers', { allow, notify: [] })
  const zone = (await service.call('POST', '/v2/zones', { name: 'big.example.' })).json.id
  const file = Array.from({ length: 400 }, (_, i) => ({
    ...{ name: `n${i}.big.example.`, type: 'TXT', ttl: 300, records: [`"${'x'.repeat(250)}"`] },
  }))
  const made = await service.call('POST', `/v2.1/zones/${zone}/recordsets/batch-create-task`, {
    recordsets: file,
  })
  expect(made.status).toBe(202)
  const signed = ['-y', `${key.algorithm}:${key.name}:${key.secret}`]
  const transfer = (transport: string, port: string | number, more: string[]) =>
    run([
      'kdig',
      '@127.0.0.1',
      '-p',
      String(port),
      transport,
      ...more,
      '+noall',
      '+answer',
      'big.example.',
      'AXFR',
    ])
      .catch((error: Error) => error.message)
      .then((text) => text.split('\n').filter((line) => /^[^;].*\sTXT\s/.test(line)))
  let overTcp: string[] = []
  await until(400, async () => {
    overTcp = await transfer('+tcp', service.dnsPort, signed)
    return overTcp.length
  })
  expect(await transfer('+tls', dot, [...trust, ...signed])).toEqual(overTcp)
  expect(await transfer('+tls', dot, trust)).toEqual([])
  expect(await transfer('+https', doh, [...trust, ...signed])).toEqual([])
}, 120_000)

test('kdig is answered over HTTPS with POST and GET', async () => {
  for (const method of ['+https', '+https-get']) {
    const output = await kdig(method, doh, [...trust])
    expect(output).toContain('HTTP/2-')
    expect(output).toContain('192.0.2.1')
  }
})

test('dig is answered over TLS and HTTPS, its cookie is good, and good the next time', async () => {
  for (const [transport, port] of [
    ['+tls', dot],
    ['+https', doh],
    ['+https-get', doh],
    ['+notcp', String(service.dnsPort)],
  ] as const) {
    const output = await run(['dig', '@127.0.0.1', '-p', port, transport, '+nsid', `www.${ZONE}`])
    expect(output).toContain('192.0.2.1')
    expect(output).toContain('("edge-1")')
    const keepalive = await run(['dig', '@127.0.0.1', '-p', port, transport, '+keepalive', `www.${ZONE}`])
    expect(keepalive.includes('TCP KEEPALIVE: 20.0 secs')).toBe(transport === '+tls')
    const cookie = /COOKIE: ([0-9a-f]{48}) \(good\)/.exec(output)?.[1]
    const again = await run(['dig', '@127.0.0.1', '-p', port, transport, `+cookie=${cookie}`, `www.${ZONE}`])
    expect(again).toContain('(good)')
  }
})

test('kdig gets a cookie, and with it is above the rate of its neighbours', async () => {
  const first = await kdig('+notcp', service.dnsPort, ['+cookie'])
  const cookie = /COOKIE: ([0-9A-Fa-f]{48})/.exec(first)![1]!
  const flood = (more: string[]) =>
    run(['kdig', '@127.0.0.1', '-p', String(service.dnsPort), '+retry=0', '+timeout=1', '+ignore', ...more])
  const names = Array.from({ length: 60 }, () => [`www.${ZONE}`, 'A']).flat()
  const withCookie = await flood([`+cookie=${cookie}`, ...names])
  expect(withCookie.match(/status: NOERROR/g)?.length).toBe(60)
  expect(withCookie).not.toContain('Flags: qr tc')
  expect(await flood(names)).toContain('Flags: qr tc')
})

test('a chaos name that is set is answered, another is refused', async () => {
  const chaos = (name: string) =>
    run(['dig', '@127.0.0.1', '-p', String(service.dnsPort), '+tcp', name, 'CH', 'TXT'])
  expect(await chaos('id.server')).toContain('"edge-1"')
  expect(await chaos('version.bind')).toContain('REFUSED')
})

test('dig asks without a question for a cookie alone, and is told of unknown versions and opcodes', async () => {
  const dig = (...more: string[]) =>
    run(['dig', '@127.0.0.1', '-p', String(service.dnsPort), '+tcp', '+noednsnegotiation', ...more])
  expect(await dig('+header-only', '+cookie')).toMatch(/status: NOERROR.*QUERY: 0.*\(good\)/s)
  expect(await dig('+edns=7', `www.${ZONE}`)).toContain('BADVERS')
  expect(await dig('+opcode=13', `www.${ZONE}`)).toContain('NOTIMP')
})

test('openssl sees the certificate, TLS 1.3 and the protocol by name, and nothing below TLS 1.2', async () => {
  const ca = join(service.dataDir, 'tls', 'authority.pem')
  const openssl = (port: string, ...more: string[]) =>
    run(['openssl', 's_client', '-connect', `127.0.0.1:${port}`, '-CAfile', ca, ...more], '').catch(
      (error: Error) => error.message,
    )
  const seen = await openssl(dot, '-alpn', 'dot', '-verify_return_error')
  expect(seen).toContain('Verification: OK')
  expect(seen).toContain('TLSv1.3')
  expect(seen).toContain('ALPN protocol: dot')
  expect(await openssl(doh, '-alpn', 'h2,http/1.1')).toContain('ALPN protocol: h2')
  for (const port of [dot, doh]) {
    expect(await openssl(port, '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')).toContain('alert')
  }
})

test('curl gets the octets of an answer over HTTP/2 and HTTP/1.1', async () => {
  const ca = join(service.dataDir, 'tls', 'authority.pem')
  expect(readFileSync(ca, 'utf8')).toContain('BEGIN CERTIFICATE')
  // A query for www.shop.example A with id 0, as a cache likes it.
  const query = Buffer.from(
    '00000100000100000000000003777777' + '0473686f70' + '076578616d706c6500' + '00010001',
    'hex',
  ).toString('base64url')
  for (const version of ['--http2', '--http1.1']) {
    const head = await run([
      ...['curl', '-s', '-D', '-', '-o', '/dev/null', '--cacert', ca, version],
      `https://localhost:${doh}/dns-query?dns=${query}`,
    ])
    expect(head).toContain(version === '--http2' ? 'HTTP/2 200' : 'HTTP/1.1 200')
    expect(head.toLowerCase()).toContain('content-type: application/dns-message')
    expect(head.toLowerCase()).toContain('cache-control: max-age=300')
  }
})
