import { apiError } from '../errors.ts'

/** The parts of a request that are known before its body. */
export interface RequestHead {
  readonly method: string
  readonly scheme: 'http' | 'https'
  /** Path and query as received, without the scheme and host. */
  readonly target: string
  /** Still percent-encoded. */
  readonly path: string
  /** Still percent-encoded, without `?`. */
  readonly rawQuery: string
  readonly headers: Headers
}

export function readHead(request: Request): RequestHead {
  const url = request.url
  // Without a Host header (HTTP/1.0) the URL is the bare target.
  const start = url.startsWith('/') ? 0 : url.indexOf('/', url.indexOf('://') + 3)
  const target = url.slice(start)
  const mark = target.indexOf('?')
  return {
    method: request.method,
    scheme: url.startsWith('https:') ? 'https' : 'http',
    target,
    path: mark < 0 ? target : target.slice(0, mark),
    rawQuery: mark < 0 ? '' : target.slice(mark + 1),
    headers: request.headers,
  }
}

/**
 * Decoded values by name; the last of several wins, an empty one counts as not sent, `+` is a blank. Throws ApiError
 * (DNS.0002) for U+0000, which PostgreSQL's text cannot hold.
 */
export function readQuery(rawQuery: string): Readonly<Record<string, string>> {
  const query: Record<string, string> = Object.create(null)
  if (rawQuery === '') return query
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    if (value.includes('\u0000')) throw apiError('REQUEST_INVALID')
    if (value === '') delete query[name]
    else query[name] = value
  }
  return query
}

/** The address that the nearest proxy saw; what stands before it in the list anybody can make up. */
export const forwardedFor = (headers: Headers): string | undefined =>
  headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() || undefined

/** Scheme and host for links: the operator's, else those the caller used, as a proxy in front reports them. */
export function baseUrlOf(
  { headers, scheme }: Pick<RequestHead, 'headers' | 'scheme'>,
  publicUrl: string | undefined,
): string {
  if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, '')
  const forwarded = headers.get('x-forwarded-proto')?.split(',')[0]?.trim().toLowerCase()
  return `${forwarded === 'https' ? forwarded : scheme}://${headers.get('host') ?? 'localhost'}`
}
