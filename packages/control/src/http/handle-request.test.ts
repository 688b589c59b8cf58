import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { connect } from 'node:net'
import { z } from 'zod'
import errorCatalogue from '../catalogue/errors.json' with { type: 'json' }
import { apiError } from '../errors.ts'
import { GATEWAY_ERRORS } from './gateway-error.ts'
import { type Call, route } from './route.ts'
import { signedFetch, signedHeaders, startTestPlatform, type TestPlatform } from './test-platform.ts'

/** Shows what a handler was given. */
const echo = ({ params, query, body, principal, baseUrl, target }: Call) => ({
  status: 200,
  json: { params, query, body: body ?? 'absent', principal, baseUrl, target },
})
const Any = z.record(z.string(), z.unknown())
const base = { summary: 'test', responses: { 200: Any }, handler: echo }

let platform: TestPlatform
beforeAll(async () => {
  platform = await startTestPlatform(() => [
    route({ ...base, operation: 'open', method: 'GET', path: '/open', permission: 'none' }),
    route({
      ...base,
      operation: 'take',
      method: 'POST',
      path: '/open',
      permission: 'none',
      input: 'json',
      maxBodyBytes: 1000,
    }),
    route({
      ...base,
      operation: 'upload',
      method: 'POST',
      path: '/upload',
      permission: 'none',
      input: 'upload',
      handler: ({ body }) => ({
        status: 200,
        json: { name: body.uploadfile?.name, size: body.uploadfile?.bytes.length },
      }),
    }),
    route({
      ...base,
      operation: 'zone',
      method: 'PUT',
      path: '/zones/{zone_id}/sets/{recordset_id}',
      permission: 'dns:zone:get',
      input: 'json',
    }),
    route({ ...base, operation: 'task', method: 'GET', path: '/tasks/{task_id}', permission: null }),
    route({ ...base, operation: 'tags', method: 'GET', path: '/{project_id}/tags', permission: null }),
    route({ ...base, operation: 'closed', method: 'GET', path: '/closed', permission: null }),
    route({
      ...base,
      operation: 'remove',
      method: 'DELETE',
      path: '/closed',
      permission: null,
      input: 'json',
    }),
    route({
      ...base,
      operation: 'fail',
      method: 'GET',
      path: '/fail/{how}',
      permission: 'none',
      handler: ({ params }) => {
        if (params.how === 'api') throw apiError('ZONE_NOT_FOUND')
        if (params.how === 'long') throw apiError('VALUE_INVALID', { detail: '😀'.repeat(400) })
        throw new Error('the cause')
      },
    }),
  ])
})
afterAll(() => platform.stop())

const at = (path: string) => platform.url + path
// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
const json = async (response: Response): Promise<any> => response.json()
const post = (path: string, body?: RequestInit['body'], headers?: Record<string, string>) =>
  fetch(at(path), { method: 'POST', body, headers })

describe('every answer', () => {
  test('has a request id of 32 hexadecimal digits and the plain JSON content type', async () => {
    const response = await fetch(at('/open'))
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
    expect(response.headers.get('content-type')).toBe('application/json')
  })
  test('to an unknown route or method is 404 in the shape of the gateway', async () => {
    for (const response of [await fetch(at('/nothing')), await fetch(at('/open'), { method: 'PATCH' })]) {
      expect(response.status).toBe(404)
      expect(await json(response)).toEqual({
        error_code: 'APIGW.0101',
        error_msg: 'The API does not exist or has not been published in the environment.',
        request_id: response.headers.get('x-request-id'),
      })
    }
  })
  test('to a failed rule has code and message, in this order and without blanks', async () => {
    const response = await fetch(at('/fail/api'))
    expect(response.status).toBe(404)
    expect(await response.text()).toBe('{"code":"DNS.0302","message":"This zone does not exist."}')
  })
  test('has a message of at most 512 characters, whatever it quotes', async () => {
    const { message } = await json(await fetch(at('/fail/long')))
    expect(message).toHaveLength(512)
    expect(message.isWellFormed()).toBe(true)
  })
  test('to a fault of ours is 500, logged once with the request id and the cause', async () => {
    const response = await fetch(at('/fail/hard'))
    expect(response.status).toBe(500)
    expect(await response.text()).toBe('{"code":"DNS.0001","message":"Internal error."}')
    const requestId = response.headers.get('x-request-id')
    const lines = platform.log.filter((line) => line.requestId === requestId && line.err !== undefined)
    expect(lines).toHaveLength(1)
    expect(JSON.stringify(lines)).toContain('the cause')
  })
  test('to HEAD has no body', async () => {
    const response = await fetch(at('/open'), { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })
})

describe('targets', () => {
  test('a trailing slash and a bare question mark are tolerated', async () => {
    for (const path of ['/open/', '/open?', '/open/?']) expect((await fetch(at(path))).status).toBe(200)
  })
  test('query values are decoded, plus is a blank, empty is not sent, the last of several wins', async () => {
    const { query, target } = await json(await fetch(at('/open?a=1&a=2&b=x+y%20z&c=&d&%C3%A9=%2B')))
    expect(query).toEqual({ a: '2', b: 'x y z', é: '+' })
    expect(target).toBe('/open?a=1&a=2&b=x+y%20z&c=&d&%C3%A9=%2B')
  })
  test('links start with the scheme and host of the caller', async () => {
    expect((await json(await fetch(at('/open')))).baseUrl).toBe(platform.url)
    const headers = { host: 'dns.example.org', 'x-forwarded-proto': 'https' }
    expect((await json(await fetch(at('/open'), { headers }))).baseUrl).toBe('https://dns.example.org')
  })
})

describe('bodies', () => {
  test('an absent body is undefined, an object is parsed', async () => {
    expect((await json(await post('/open'))).body).toBe('absent')
    expect((await json(await post('/open', '{"a":[1]}'))).body).toEqual({ a: [1] })
    expect((await json(await post('/open', '\ufeff{}'))).body).toEqual({})
  })
  test.each(['{', '[]', 'null', '1', '"text"', '{"a":1}x', '\u0000'])('%j is DNS.0002', async (body) => {
    const response = await post('/open', body)
    expect(response.status).toBe(400)
    expect((await json(response)).code).toBe('DNS.0002')
  })
  test('octets that are no UTF-8 are DNS.0002', async () => {
    const octets = new TextEncoder().encode('{"a":"é"}').filter((octet) => octet !== 0xa9)
    expect((await json(await post('/open', octets))).code).toBe('DNS.0002')
  })
  test('U+0000, which not every database can hold, is DNS.0002 in a body and in a query', async () => {
    for (const body of ['{"a":["x\\u0000"]}', '{"\\u0000":1}']) {
      expect((await json(await post('/open', body))).code).toBe('DNS.0002')
    }
    expect((await json(await post('/open', '{"a":"\\\\u0000"}'))).body).toEqual({ a: '\\u0000' })
    expect((await json(await fetch(at('/open?a=%00')))).code).toBe('DNS.0002')
  })
  test('a body over the limit is refused in the shape of the gateway, whether announced or not', async () => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(800))
        controller.enqueue(new Uint8Array(800))
        controller.close()
      },
    })
    for (const body of ['x'.repeat(1001), stream]) {
      const response = await post('/open', body)
      expect(response.status).toBe(413)
      expect(await json(response)).toMatchObject({
        error_code: 'APIGW.0201',
        error_msg: 'Request entity too large.',
      })
    }
  })
  test('a huge announced body is refused at once', async () => {
    const answer = await raw(`POST /open HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n`)
    expect(answer).toStartWith('HTTP/1.1 413')
  })
  test.each([
    ['/open', 413],
    ['/upload', 413],
    ['/nowhere', 404],
    ['/closed', 401],
  ])('a client that sends a refused body to %s to its end gets to see the %i', async (path, status) => {
    const method = path === '/closed' ? 'DELETE' : 'POST'
    const head = `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n`
    const chunk = `10000\r\n${'x'.repeat(65536)}\r\n`
    for (const [more, pieces] of [
      ['Content-Length: 6553600', Array(100).fill('x'.repeat(65536))],
      ['Transfer-Encoding: chunked', [...Array(100).fill(chunk), '0\r\n\r\n']],
    ] as const) {
      const answer = await sendSlowly(`${head}${more}\r\n\r\n`, pieces)
      expect(answer).toStartWith(`HTTP/1.1 ${status}`)
    }
  })
  test('a client that goes away in the middle of its body harms nobody', async () => {
    await raw('POST /open HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"a"', 50)
    await raw('POST /op', 50)
    expect((await post('/open', '{}')).status).toBe(200)
  })
  test('an upload gives the name and octets of the part uploadfile', async () => {
    const form = new FormData()
    form.set('uploadfile', new File(['abc'], '域名.xlsx'))
    expect(await json(await post('/upload', form))).toEqual({ name: '域名.xlsx', size: 3 })
    const other = new FormData()
    other.set('file', new File(['abc'], 'a.xlsx'))
    expect(await json(await post('/upload', other))).toEqual({})
  })
  test('an upload over the limit is DNS.0027, a body that is no form DNS.0002', async () => {
    const form = new FormData()
    form.set('uploadfile', new File([new Uint8Array(3 * 1024 * 1024)], 'a.xlsx'))
    const response = await post('/upload', form)
    expect([response.status, (await json(response)).code]).toEqual([413, 'DNS.0027'])
    expect((await json(await post('/upload', '{}'))).code).toBe('DNS.0002')
    // Nothing at all is no file, whatever it calls itself.
    expect(await json(await post('/upload'))).toEqual({})
    const broken = await post('/upload', 'nonsense', { 'content-type': 'multipart/form-data; boundary=b' })
    expect((await json(broken)).code).toBe('DNS.0002')
  })
})

describe('authentication', () => {
  const refused = async (response: Response, reason: string) => {
    const body = await json(response)
    expect([response.status, body.error_code]).toEqual([401, 'APIGW.0301'])
    expect(body.error_msg).toBe(`Incorrect IAM authentication information: ${reason}`)
    expect(Object.keys(body)).toEqual(['error_code', 'error_msg', 'request_id'])
  }
  const signed = (path: string, init?: Parameters<typeof signedFetch>[2]) =>
    signedFetch(platform.credentials, at(path), init)

  test('a request without credentials is refused', async () => {
    await refused(await fetch(at('/closed')), 'x-auth-token not found')
  })
  test('a signed request has the account and its default project', async () => {
    const { principal } = await json(await signed('/closed?b=2&a=1%202'))
    expect(principal).toMatchObject({
      domainId: platform.credentials.domain_id,
      projectId: platform.credentials.project_id,
      userName: 'admin',
      domainName: 'waymark',
      via: 'signature',
    })
  })
  test('a signed body reaches the handler, one swapped on the way does not', async () => {
    const body = JSON.stringify({ zone_ids: ['例'] })
    expect((await json(await signed('/closed', { method: 'DELETE', body }))).body).toEqual({
      zone_ids: ['例'],
    })
    const headers = signedHeaders(platform.credentials, at('/closed'), { method: 'DELETE', body })
    const swapped = await fetch(at('/closed'), { method: 'DELETE', headers, body: '{"zone_ids":[]}' })
    await refused(swapped, 'verify aksk signature fail, signature not match')
  })
  test('a GET that carries a signed {} is accepted, one that signs something else is not', async () => {
    expect(await signedGetWithBody('{}')).toStartWith('HTTP/1.1 200')
    expect(await signedGetWithBody('[1,2]')).toStartWith('HTTP/1.1 401')
  })
  test('an unknown key and a wrong secret are refused with their reasons', async () => {
    const { access_key, secret_key } = platform.credentials
    await refused(
      await signedFetch({ access_key: 'NOBODY', secret_key }, at('/closed')),
      'Get secretKey failed,ak:NOBODY,err:ak not exist',
    )
    await refused(
      await signedFetch({ access_key, secret_key: 'x' }, at('/closed')),
      'verify aksk signature fail, signature not match',
    )
  })
  test('a clock too far away is refused', async () => {
    await refused(
      await signed('/closed', { at: Date.now() - 16 * 60_000 }),
      'verify aksk signature fail, X-Sdk-Date is too far from the time of the server',
    )
  })
  test('an authorization of another kind is refused, with a token beside it the token counts', async () => {
    await refused(
      await fetch(at('/closed'), {
        headers: { authorization: 'SDK-HMAC-SM3 Access=a, SignedHeaders=b, Signature=c' },
      }),
      'verify aksk signature fail, authorization format is incorrect',
    )
    await refused(
      await fetch(at('/closed'), { headers: { authorization: 'Basic YTpi', 'x-auth-token': 'x' } }),
      'decrypt token fail',
    )
  })
  test('the project may be any of the account, but no other', async () => {
    const [, second] = await platform.context.store.listProjects(platform.credentials.domain_id)
    const chosen = await signed('/closed', { headers: { 'x-project-id': second!.id } })
    expect((await json(chosen)).principal.projectId).toBe(second!.id)
    for (const name of ['x-project-id', 'x-domain-id']) {
      const response = await signed('/closed', { headers: { [name]: 'f'.repeat(32) } })
      expect([response.status, (await json(response)).error_code]).toEqual([403, 'APIGW.0302'])
    }
  })
  test('a project in the path must be the one in force', async () => {
    expect((await signed(`/${platform.credentials.project_id}/tags`)).status).toBe(200)
    expect((await signed(`/${'f'.repeat(32)}/tags`)).status).toBe(403)
  })
  test('comes before the form of ids, and that before the body', async () => {
    const good = '0123456789abcdef0123456789abcdef'
    expect((await fetch(at('/zones/short/sets/short'), { method: 'PUT', body: '{' })).status).toBe(401)
    const code = async (path: string) => (await json(await signed(path, { method: 'PUT', body: '{' }))).code
    expect(await code('/zones/short/sets/short')).toBe('DNS.0301')
    expect(await code(`/zones/${good}/sets/sh-rt`)).toBe('DNS.0309')
    expect(await code(`/zones/${good}/sets/${good}`)).toBe('DNS.0002')
    expect(await json(await signed('/tasks/xyz'))).toEqual({ code: 'DNS.1304', message: 'Invalid task ID.' })
  })
})

test('neither tokens, signatures, queries nor bodies are logged', async () => {
  await signedFetch(platform.credentials, at('/closed?private=query'), {
    method: 'DELETE',
    body: '{"private":"body"}',
    headers: { 'x-auth-token': 'private-token' },
  })
  const lines = JSON.stringify(platform.log)
  expect(lines).toContain('"path":"/closed"')
  for (const secret of ['private', 'Signature=', platform.credentials.secret_key])
    expect(lines).not.toContain(secret)
})

test('the texts of the gateway are those of the error catalogue', () => {
  for (const { status, code, message } of Object.values(GATEWAY_ERRORS))
    expect(
      errorCatalogue.gateway_errors.some(
        (entry) =>
          entry.code === code &&
          entry.http.includes(status) &&
          entry.message.replace(/\.$/, '') === message.replace(/\.$/, ''),
      ),
    ).toBe(true)
})

/** Sends octets, waits `waitMs` (default: for the answer), hangs up and gives what came back. */
function raw(text: string, waitMs?: number): Promise<string> {
  const { port } = new URL(platform.url)
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text))
    socket.on('data', (octets) => {
      answer += octets
      socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
    if (waitMs !== undefined) setTimeout(() => socket.destroy(), waitMs)
  })
}

/** Sends piece after piece, as the other side takes them, and gives the answer; rejects when the connection breaks. */
function sendSlowly(head: string, pieces: readonly string[]): Promise<string> {
  const { port } = new URL(platform.url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), '127.0.0.1')
    const send = (at: number) => {
      if (at < pieces.length) socket.write(pieces[at]!, () => send(at + 1))
    }
    socket.on('connect', () => socket.write(head, () => send(0)))
    socket.on('data', (octets) => {
      answer += octets
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}

/** What the Node SDK sends, written by hand because fetch sends no body with GET. */
function signedGetWithBody(body: string): Promise<string> {
  const headers = signedHeaders(platform.credentials, at('/closed'), { body })
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return raw(`GET /closed HTTP/1.1\r\n${lines.join('')}Content-Length: ${body.length}\r\n\r\n${body}`)
}
