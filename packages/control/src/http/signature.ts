import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Request signing of the API's SDKs: `SDK-HMAC-SHA256` (the secret key signs) and `V11-HMAC-SHA256` (a key derived for a
 * date, region and service signs). Pure: the request, the secret and the clock come in, a verdict comes out.
 */

/** The parts of a request that a signature covers, as they came over the wire. */
export interface SignedRequest {
  readonly method: string
  /** Still percent-encoded. */
  readonly path: string
  /** Still percent-encoded, without `?`. */
  readonly query: string
  readonly headers: Headers
  readonly body: Uint8Array
}

/** An `Authorization` header of one of the two algorithms. */
export interface Authorization {
  readonly algorithm: 'SDK-HMAC-SHA256' | 'V11-HMAC-SHA256'
  readonly accessKey: string
  /** `<yyyymmdd>/<region>/<service>` of the derived algorithm, else empty. */
  readonly scope: string
  /** In the order signed. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

// Names are restricted to what `Headers.get` takes: it throws on anything else.
const SIGNED = 'SignedHeaders=((?:[a-z0-9_.-]+;)*[a-z0-9_.-]+), *Signature=([0-9a-f]{64})'
const PLAIN = new RegExp(`^SDK-HMAC-SHA256 +Access=([^,\\s]+), *${SIGNED}$`)
const DERIVED = new RegExp(
  `^V11-HMAC-SHA256 +Credential=([^,\\s/]+)/(\\d{8}/[^,\\s/]+/[^,\\s/]+), *${SIGNED}$`,
)

/** Reads an `Authorization` header; undefined when it is of another algorithm or lacks a part. */
export function parseAuthorization(text: string): Authorization | undefined {
  const plain = PLAIN.exec(text.trim())
  if (plain !== null)
    return {
      algorithm: 'SDK-HMAC-SHA256',
      accessKey: plain[1]!,
      scope: '',
      signedHeaders: plain[2]!.split(';'),
      signature: plain[3]!,
    }
  const derived = DERIVED.exec(text.trim())
  if (derived === null) return undefined
  return {
    algorithm: 'V11-HMAC-SHA256',
    accessKey: derived[1]!,
    scope: derived[2]!,
    signedHeaders: derived[3]!.split(';'),
    signature: derived[4]!,
  }
}

/** Why the head of a request (all but its body) cannot carry a valid signature; undefined when it may. */
export function headFault(
  authorization: Authorization,
  headers: Headers,
  now: number,
  clockWindowMs: number,
): string | undefined {
  const date = headers.get('x-sdk-date') ?? ''
  const sentAt = parseDate(date)
  if (sentAt === undefined) return 'X-Sdk-Date is missing or not of the form YYYYMMDDTHHMMSSZ'
  if (!authorization.signedHeaders.includes('x-sdk-date')) return 'X-Sdk-Date is not signed'
  if (Math.abs(now - sentAt) > clockWindowMs) return 'X-Sdk-Date is too far from the time of the server'
  if (authorization.scope !== '' && !authorization.scope.startsWith(`${date.slice(0, 8)}/`))
    return 'the date of the credential differs from X-Sdk-Date'
  const missing = authorization.signedHeaders.find((name) => headers.get(name) === null)
  return missing === undefined ? undefined : `signed header ${missing.slice(0, 64)} is not present`
}

const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

function parseDate(text: string): number | undefined {
  const match = DATE.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/**
 * Why the signature does not fit the request; undefined when it fits. `hosts` are further values to try for the `host`
 * header, for servers behind a proxy that replaces it.
 */
export function signatureFault(
  authorization: Authorization,
  request: SignedRequest,
  secretKey: string,
  hosts: readonly string[] = [],
): string | undefined {
  const declared = request.headers.get('x-sdk-content-sha256')?.trim()
  const payload =
    declared === 'UNSIGNED-PAYLOAD' ? declared : createHash('sha256').update(request.body).digest('hex')
  // The declared hash is what was signed, so without this comparison the body could be swapped.
  if (declared !== undefined && declared !== payload) return 'X-Sdk-Content-Sha256 differs from the body'

  const date = request.headers.get('x-sdk-date') ?? ''
  const head = authorization.scope === '' ? date : `${date}\n${authorization.scope}`
  const key =
    authorization.scope === ''
      ? secretKey
      : derivedKey(authorization.accessKey, secretKey, authorization.scope)
  const expected = Buffer.from(authorization.signature, 'latin1')
  const query = canonicalQuery(request.query)
  const names = authorization.signedHeaders.join(';')

  for (const path of canonicalPaths(request.path)) {
    for (const host of [undefined, ...(authorization.signedHeaders.includes('host') ? hosts : [])]) {
      const headers = canonicalHeaders(authorization.signedHeaders, request.headers, host)
      const canonical = `${request.method}\n${path}\n${query}\n${headers}\n${names}\n${payload}`
      const digest = createHash('sha256').update(canonical).digest('hex')
      const signature = createHmac('sha256', key)
        .update(`${authorization.algorithm}\n${head}\n${digest}`)
        .digest('hex')
      if (timingSafeEqual(Buffer.from(signature, 'latin1'), expected)) return undefined
    }
  }
  return 'signature not match'
}

/** HKDF-SHA256 (RFC 5869) with one block of output: salt = access key, input key = secret key, info = scope. */
export function derivedKey(accessKey: string, secretKey: string, scope: string): string {
  const pseudoRandomKey = createHmac('sha256', accessKey).update(secretKey).digest()
  return createHmac('sha256', pseudoRandomKey).update(`${scope}\u0001`).digest('hex')
}

function canonicalHeaders(names: readonly string[], headers: Headers, host: string | undefined): string {
  let text = ''
  for (const name of names) {
    const value = name === 'host' && host !== undefined ? host : headers.get(name)!
    text += `${name}:${value.trim()}\n`
  }
  return text
}

const ESCAPED = Array.from(
  { length: 256 },
  (_, octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`,
)
const UNRESERVED = /^[A-Za-z0-9\-_.~]*$/

/**
 * The ways clients encode a path, most common first: (a) decoded, then encoded; (b) encoded as it stands on the wire, so
 * `%20` becomes `%2520`; (c) only escapes of non-ASCII octets decoded. They differ only in paths with escapes.
 */
export function canonicalPaths(path: string): readonly string[] {
  const whole = path.endsWith('/') ? path : `${path}/`
  const segments = octets(whole).split('/')
  const decoded = segments.map((segment) => encodeOctets(decodeEscapes(segment, 0))).join('/')
  if (!whole.includes('%')) return [decoded]
  const raw = segments.map(encodeOctets).join('/')
  const mixed = segments.map((segment) => encodeOctets(decodeEscapes(segment, 0x80))).join('/')
  return mixed === raw ? [decoded, raw] : [decoded, raw, mixed]
}

/** Names and values decoded, sorted by octets, encoded again. */
export function canonicalQuery(query: string): string {
  if (query === '') return ''
  const pairs: [name: string, value: string][] = []
  for (const piece of octets(query).split('&')) {
    if (piece === '') continue
    const at = piece.indexOf('=')
    pairs.push(
      at < 0
        ? [decodeQueryPart(piece), '']
        : [decodeQueryPart(piece.slice(0, at)), decodeQueryPart(piece.slice(at + 1))],
    )
  }
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
  return pairs.map(([name, value]) => `${encodeOctets(name)}=${encodeOctets(value)}`).join('&')
}

const decodeQueryPart = (part: string): string => decodeEscapes(part.replaceAll('+', ' '), 0)

/** A string with one character per octet of the UTF-8 form: sorts and encodes like the octets themselves. */
const octets = (text: string): string =>
  Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1')

const encodeOctets = (text: string): string =>
  UNRESERVED.test(text) ? text : text.replace(/[^A-Za-z0-9\-_.~]/g, (octet) => ESCAPED[octet.charCodeAt(0)]!)

/** Decodes escapes of octets from `lowest` up; anything that is no escape stays. */
function decodeEscapes(text: string, lowest: number): string {
  if (!text.includes('%')) return text
  return text.replace(/%([0-9A-Fa-f]{2})/g, (whole, digits: string) => {
    const octet = Number.parseInt(digits, 16)
    return octet >= lowest ? String.fromCharCode(octet) : whole
  })
}
