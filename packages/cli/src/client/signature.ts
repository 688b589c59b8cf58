import { createHash, createHmac } from 'node:crypto'

/** What is signed of a request. `target` is path and query as sent; header names in any case. */
export interface SignedRequest {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex')

/** Percent-encoding of the signature: only the unreserved characters of RFC 3986 2.3 stay. */
export const encodeSegment = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** Query string of the parameters as it is sent and signed: undefined ones are left out. */
export const encodeQuery = (query: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeSegment(name)}=${encodeSegment(String(value))}`)
    .join('&')

/** `20261120T101530Z` */
export const signatureDate = (now: Date): string => now.toISOString().replace(/[-:]|\.\d+/g, '')

/**
 * The Authorization header of the SDK-HMAC-SHA256 scheme, for exactly the headers given; `X-Sdk-Date` must be among them.
 * The canonical path ends in a slash, the query is sorted, and the key is the secret itself.
 */
export function authorization(request: SignedRequest, accessKey: string, secretKey: string): string {
  const headers = Object.entries(request.headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const date = headers.find(([name]) => name === 'x-sdk-date')?.[1] ?? ''
  const [path = '/', query = ''] = request.target.split('?')
  const names = headers.map(([name]) => name).join(';')
  const canonical = [
    request.method.toUpperCase(),
    canonicalPath(path),
    canonicalQuery(query),
    ...headers.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    sha256(request.body),
  ].join('\n')
  const toSign = `SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`
  const signature = createHmac('sha256', secretKey).update(toSign).digest('hex')
  return `SDK-HMAC-SHA256 Access=${accessKey}, SignedHeaders=${names}, Signature=${signature}`
}

function canonicalPath(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) => encodeSegment(decodeURIComponent(segment)))
    .join('/')
  return encoded.endsWith('/') ? encoded : `${encoded}/`
}

function canonicalQuery(query: string): string {
  if (query === '') return ''
  const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))
  return query
    .split('&')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [decode(name), decode(value.join('='))] as const
    })
    .sort(([a, x], [b, y]) => compareOctets(a, b) || compareOctets(x, y))
    .map((pair) => pair.map(encodeSegment).join('='))
    .join('&')
}

// The order is that of the decoded octets: an escape does not sort by its percent sign.
const compareOctets = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
