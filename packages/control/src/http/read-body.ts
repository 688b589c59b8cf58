import { apiError } from '../errors.ts'
import { GatewayError } from './gateway-error.ts'
import type { Upload } from './route.ts'

const NOTHING = new Uint8Array(0)
const EMPTY_OBJECT = new TextEncoder().encode('{}')

/** Slowest sender that is waited for, after a minute's grace: a connection cannot hold a half-read body for ever. */
const SLOWEST_BYTES_PER_SECOND = 50_000
const GRACE_MS = 60_000
/**
 * What is read of a refused body, and for how long: a client that sends on while it is answered and hung up on sees a broken
 * connection in place of the answer (RFC 9112 9.6).
 */
const DISCARDED_BYTES = 16 * 1024 * 1024
const DISCARD_MS = 5_000

/**
 * The body of a request, never more than `limit` octets of it. `tooLarge` makes the exception for a longer one; a sender
 * who goes away or dawdles gets the gateway's 400.
 */
export async function readBody(request: Request, limit: number, tooLarge: () => Error): Promise<Uint8Array> {
  if (request.method === 'GET' || request.method === 'HEAD') return hiddenBody(request.headers)
  const declared = Number(request.headers.get('content-length') ?? Number.NaN)
  if (declared === 0 || request.body === null) return NOTHING
  if (declared > limit) {
    await discardBody(request)
    throw tooLarge()
  }
  const expectedMs = (Number.isNaN(declared) ? limit : declared) / (SLOWEST_BYTES_PER_SECOND / 1000)
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body.getReader()
  let isLate = false
  const deadline = setTimeout(() => {
    isLate = true
    void reader.cancel().catch(() => undefined)
  }, GRACE_MS + expectedMs)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.length
      if (size > limit) {
        chunks.length = 0
        await discardRest(reader)
        throw tooLarge()
      }
      chunks.push(value)
    }
  } catch (error) {
    if (size > limit) throw error
    throw new GatewayError('REQUEST_BROKEN')
  } finally {
    clearTimeout(deadline)
  }
  if (isLate || (!Number.isNaN(declared) && size < declared)) throw new GatewayError('REQUEST_BROKEN')
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)
}

/** Reads and drops the body of a request that is answered without it; one that announces too much is left alone. */
export async function discardBody(request: Request): Promise<void> {
  if (Number(request.headers.get('content-length')) > DISCARDED_BYTES) return
  if (request.body === null || request.bodyUsed || request.body.locked) return
  await discardRest(request.body.getReader())
}

async function discardRest(
  reader: Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>,
): Promise<void> {
  const giveUp = () => void reader.cancel().catch(() => undefined)
  const deadline = setTimeout(giveUp, DISCARD_MS)
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      size += value.length
      if (size > DISCARDED_BYTES) return giveUp()
    }
  } catch {
    // The sender went away: nobody waits for the answer either.
  } finally {
    clearTimeout(deadline)
  }
}

/**
 * Bun hides the body of a GET request. The Node SDK sends and signs `{}` there, so a GET that announces a body is taken
 * to carry that: any other body means nothing to the API, and its signature does not match.
 */
function hiddenBody(headers: Headers): Uint8Array {
  const length = headers.get('content-length') ?? '0'
  return length === '0' && headers.get('transfer-encoding') === null ? NOTHING : EMPTY_OBJECT
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The value of a JSON text in UTF-8. Throws when it is none, or holds U+0000: PostgreSQL's text cannot. */
export function parseJson(octets: Uint8Array): unknown {
  const text = utf8.decode(octets)
  const value: unknown = JSON.parse(text)
  // The escape is the only way to write it, and so rare that the search of the whole value does not count.
  if (text.includes('\\u0000') && holdsNul(value)) throw new SyntaxError('U+0000')
  return value
}

function holdsNul(value: unknown): boolean {
  const left = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string' && next.includes('\u0000')) return true
    if (typeof next === 'object' && next !== null)
      for (const entry of Object.entries(next)) left.push(...entry)
  }
  return false
}

/** The object in a JSON body; undefined when there is no body. Anything but an object is DNS.0002. */
export function parseJsonBody(body: Uint8Array): Record<string, unknown> | undefined {
  if (body.length === 0) return undefined
  let value: unknown
  try {
    value = parseJson(body)
  } catch {
    throw apiError('REQUEST_INVALID')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw apiError('REQUEST_INVALID')
  return value as Record<string, unknown>
}

/** The part `uploadfile` of a multipart body; absent when the body has no such file, or there is no body at all. */
export async function parseUpload(
  body: Uint8Array,
  contentType: string | null,
): Promise<{ uploadfile?: Upload }> {
  if (body.length === 0) return {}
  if (contentType === null || !/^multipart\/form-data\b/i.test(contentType)) throw apiError('REQUEST_INVALID')
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData().catch(() => {
    throw apiError('REQUEST_INVALID')
  })
  const file = form.get('uploadfile')
  if (file === null || typeof file === 'string') return {}
  return { uploadfile: { name: file.name, bytes: await file.bytes() } }
}
