import { describe, expect, test } from 'bun:test'
import {
  canonicalPaths,
  canonicalQuery,
  derivedKey,
  headFault,
  parseAuthorization,
  type SignedRequest,
  signatureFault,
} from './signature.ts'

const ACCESS_KEY = 'EXAMPLEACCESSKEY0001'
const SECRET_KEY = 'examplesecretkey0000000000000000000001'
const PROJECT = '0123456789abcdef0123456789abcdef'
const NOW = Date.UTC(2026, 10, 20, 10, 15, 30)
const WINDOW = 15 * 60_000

interface Vector {
  readonly title: string
  readonly request: string
  readonly body?: string
  readonly headers?: Record<string, string>
  readonly signedHeaders?: string
  readonly signature: string
  readonly credential?: string
}

const COMMON = 'content-type;host;x-project-id;x-sdk-date'
const TAG_PATH = `/v2/${PROJECT}/DNS-public_zone/2c9eb155587194ec01587224c9f90149/tags/cost%20center`

const vectors: Vector[] = [
  {
    title: 'a list with a query that needs encoding',
    request: 'GET /v2/zones?type=public&limit=10&name=a%20b.com&tags=k1%2Cv1%7Ck2%2Cv2',
    signature: '28b6385a9dffa8136919dc259f3e68d3bfd9cb01c176053fd404b82aa93f779e',
  },
  {
    title: 'a POST with a UTF-8 body',
    request: 'POST /v2/zones',
    body: '{"name":"例子.example.com.","zone_type":"public","email":"hostmaster@example.com","ttl":300}',
    signature: '8c53e3849d6ad7f5daeedbf2594c4b9fcc8f3f70043b373fa4375acd486199f6',
  },
  {
    title: 'a colon in the path',
    request: 'PATCH /v2/reverse/floatingips/cn-north-4:c5504932-bf23-4171-b655-b87a6bc59334',
    body: '{"ptrdname":null}',
    signature: '61f38579cd540fe32eca4b7c1ce8bd049a47097a8e02f24d300162e0f6d7d619',
  },
  {
    title: 'a GET with a signed {} body',
    request: 'GET /v2/zones/2c9eb155587194ec01587224c9f90149',
    body: '{}',
    signature: '0361808ff9d2cd69daab68d6e3f2c9dfe9844424e962cda457feaa649d75709f',
  },
  {
    title: 'a DELETE with a body',
    request: 'DELETE /v2.1/zones',
    body: '{"zone_type":"public","zone_ids":["2c9eb155587194ec01587224c9f90149"]}',
    signature: 'dfe379fac589270190f59d615925df9593fc2f4874b4abaff742b3c1896d7a57',
  },
  {
    title: 'an unsigned payload',
    request: 'POST /v2/zones',
    body: '{"a":1}',
    headers: { 'content-type': 'application/octet-stream', 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' },
    signedHeaders: 'content-type;host;x-project-id;x-sdk-content-sha256;x-sdk-date',
    signature: 'b41cef37848d627d11315182bfcbdd1faf479a0383954cbab8fe00c2bd66ec02',
  },
  {
    title: 'the project lookup at the identity host',
    request: 'GET /v3/projects?name=cn-north-4',
    headers: { host: 'iam.example.internal' },
    signedHeaders: 'content-type;host;x-sdk-date',
    signature: '3f418e9ab150cc65094a6b0313b53f9009f87c888e8cc065e5c670d336934153',
  },
  {
    title: 'the header set of Terraform: no host, project sent but not signed',
    request: 'GET /v2/zones/2c9eb155587194ec01587224c9f90149',
    headers: {
      accept: 'application/json',
      'user-agent': 'terraform-provider-huaweicloud/1.0 golangsdk/2.0.0',
    },
    signedHeaders: 'accept;user-agent;x-sdk-date',
    signature: '972f42d7f165114442502ccee88de2b3008c07a5bcd9de9cfb95adb1896c3fb6',
  },
  {
    title: 'the derived variant',
    request: 'GET /v2/zones?type=private',
    credential: `${ACCESS_KEY}/20261120/cn-north-4/dns`,
    signature: '542d174f48451bd1a51fd4bf15551637b74bf4a4b621b1081e208dc856f9bf6b',
  },
  {
    title: 'repeated names, sort order and reserved characters',
    request: 'GET /v2.1/recordsets?b=z&b=a&a=1&A=2&a_=x&tags=%2Av~%21%28%29%27',
    signature: 'f52c7cf2f922e748fdac7760083af6f962679c422f862e126b25d73353e2eb82',
  },
  {
    title: 'a blank in the path, decoded before encoding',
    request: `DELETE ${TAG_PATH}`,
    signature: 'd133143f9e0fe5c5ef59ca29c875135629583086b52b53017e2409ab75830bc2',
  },
  {
    title: 'a blank in the path, encoded twice by the Node SDK',
    request: `DELETE ${TAG_PATH}`,
    signature: 'dc9c2df41df76ccdd37dbfc3b4e3b2e8e072d4266eb89495c5b4bcdba3cb9359',
  },
]

function build(vector: Vector): { header: string; request: SignedRequest } {
  const [method, target] = vector.request.split(' ') as [string, string]
  const [path, query = ''] = target.split('?') as [string, string?]
  const headers = new Headers({
    'content-type': 'application/json',
    host: 'dns.example.internal',
    'x-project-id': PROJECT,
    'x-sdk-date': '20261120T101530Z',
    ...vector.headers,
  })
  const start = vector.credential
    ? `V11-HMAC-SHA256 Credential=${vector.credential}`
    : `SDK-HMAC-SHA256 Access=${ACCESS_KEY}`
  return {
    header: `${start}, SignedHeaders=${vector.signedHeaders ?? COMMON}, Signature=${vector.signature}`,
    request: { method, path, query, headers, body: new TextEncoder().encode(vector.body ?? '') },
  }
}

/** The whole verdict, as the server puts it together. */
function fault(header: string, request: SignedRequest, now = NOW, hosts: string[] = []): string | undefined {
  const authorization = parseAuthorization(header)
  if (authorization === undefined) return 'unreadable'
  return (
    headFault(authorization, request.headers, now, WINDOW) ??
    signatureFault(authorization, request, SECRET_KEY, hosts)
  )
}

describe('signatures of the official clients are accepted', () => {
  for (const vector of vectors)
    test(vector.title, () => {
      const { header, request } = build(vector)
      expect(fault(header, request)).toBeUndefined()
    })
})

describe('what must fail', () => {
  const { header, request } = build(vectors[1]!)

  test('one octet of the body changed', () => {
    const body = request.body.slice()
    body[3] = body[3]! ^ 1
    expect(fault(header, { ...request, body })).toBe('signature not match')
  })
  test('another date under the old signature', () => {
    const headers = new Headers(request.headers)
    headers.set('x-sdk-date', '20261120T101531Z')
    expect(fault(header, { ...request, headers })).toBe('signature not match')
  })
  test('a clock 15 minutes and one second later, and earlier', () => {
    expect(fault(header, request, NOW + WINDOW)).toBeUndefined()
    expect(fault(header, request, NOW + WINDOW + 1000)).toContain('too far')
    expect(fault(header, request, NOW - WINDOW - 1000)).toContain('too far')
  })
  test('a signed header that is missing', () => {
    const headers = new Headers(request.headers)
    headers.delete('x-project-id')
    expect(fault(header, { ...request, headers })).toContain('x-project-id is not present')
  })
  test('a signature in upper case', () => {
    expect(
      fault(
        header.replace(/[0-9a-f]{64}$/, (text) => text.toUpperCase()),
        request,
      ),
    ).toBe('unreadable')
  })
  test('a date that is not signed', () => {
    expect(fault(header.replace(';x-sdk-date', ''), request)).toContain('not signed')
  })
  test('a date in another form', () => {
    const headers = new Headers(request.headers)
    headers.set('x-sdk-date', '2026-11-20T10:15:30Z')
    expect(fault(header, { ...request, headers })).toContain('YYYYMMDDTHHMMSSZ')
  })
  test('the secret of another key', () => {
    expect(signatureFault(parseAuthorization(header)!, request, `${SECRET_KEY}x`)).toBe('signature not match')
  })
  test('another method, path or query', () => {
    expect(fault(header, { ...request, method: 'PUT' })).toBe('signature not match')
    expect(fault(header, { ...request, path: '/v2/zones/x' })).toBe('signature not match')
    expect(fault(header, { ...request, query: 'a=1' })).toBe('signature not match')
  })
  test('a derived credential of another day', () => {
    const derived = build(vectors[8]!)
    expect(fault(derived.header.replace('/20261120/', '/20261121/'), derived.request)).toContain(
      'date of the credential',
    )
  })
  test('a declared payload hash that is not the hash of the body', () => {
    const headers = new Headers(request.headers)
    headers.set('x-sdk-content-sha256', 'a'.repeat(64))
    expect(fault(header, { ...request, headers })).toContain('X-Sdk-Content-Sha256')
  })
  test.each([
    'SDK-HMAC-SM3 Access=A, SignedHeaders=x-sdk-date, Signature=00',
    'SDK-ECDSA-P256-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature=00',
    'SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date',
    `SDK-HMAC-SHA256 Access=A, SignedHeaders=;x-sdk-date, Signature=${'0'.repeat(64)}`,
    'Basic YTpi',
    '',
  ])('a header that is not ours: %s', (text) => {
    expect(parseAuthorization(text)).toBeUndefined()
  })
})

test('the separator is a comma with any number of blanks', () => {
  const { header, request } = build(vectors[0]!)
  expect(fault(header.replaceAll(', ', ','), request)).toBeUndefined()
  expect(fault(header.replaceAll(', ', ',   '), request)).toBeUndefined()
})

test('the host of the public URL is tried when a proxy has replaced the host header', () => {
  const { header, request } = build(vectors[0]!)
  const headers = new Headers(request.headers)
  headers.set('host', '127.0.0.1:8080')
  expect(fault(header, { ...request, headers })).toBe('signature not match')
  expect(fault(header, { ...request, headers }, NOW, ['dns.example.internal'])).toBeUndefined()
})

test('the derived key is the one of the official clients', () => {
  expect(derivedKey(ACCESS_KEY, SECRET_KEY, '20261120/cn-north-4/dns')).toBe(
    'cc45c12d1af1c40981bc158a897c30399f82dd67a706ff83b4994d81c95e60d6',
  )
})

test('a path has up to three readings', () => {
  expect(canonicalPaths('/v2/zones')).toEqual(['/v2/zones/'])
  expect(canonicalPaths('/')).toEqual(['/'])
  expect(canonicalPaths('/a:b')).toEqual(['/a%3Ab/'])
  expect(canonicalPaths('/a%20b')).toEqual(['/a%20b/', '/a%2520b/'])
  expect(canonicalPaths('/a%20%e4%be%8b')).toEqual([
    '/a%20%E4%BE%8B/',
    '/a%2520%25e4%25be%258b/',
    '/a%2520%E4%BE%8B/',
  ])
  expect(canonicalPaths('/%zz')).toEqual(['/%25zz/', '/%25zz/'])
})

test('a query is decoded, sorted by octets and encoded', () => {
  expect(canonicalQuery('')).toBe('')
  expect(canonicalQuery('b&a=x+y&a=%2B')).toBe('a=%2B&a=x%20y&b=')
  expect(canonicalQuery('a=1&&b=2&')).toBe('a=1&b=2')
  expect(canonicalQuery('%E4%BE%8B=1&~=2')).toBe('~=2&%E4%BE%8B=1')
})
