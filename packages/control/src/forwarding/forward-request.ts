import { type OwnerName, readName } from '../record-sets/names.ts'
import type { Forward, ForwardIndex } from './forward-index.ts'
import { framePage } from './frame-page.ts'

/** Names that a visitor is sent through by us alone, before it is called a loop. */
const MAX_HOPS = 8

/** What a request is answered from: its method and its Host header. */
export interface Visit {
  readonly method: string
  readonly host: string | null
}

/**
 * The answer to a visitor of a name under URL forwarding. Every path leads to the one address that was given; 302 (RFC 9110
 * 15.4.3), since a change is to take effect at once and browsers keep a permanent redirect.
 */
export function answerVisit({ method, host }: Visit, forwards: ForwardIndex): Response {
  if (host === null) return plain(400, 'The request names no host.')
  const site = readHost(host)
  const forward = site === undefined ? undefined : forwards.find(site.owner)
  if (site === undefined || forward === undefined) return plain(404, 'Nothing is forwarded from this name.')
  if (method !== 'GET' && method !== 'HEAD') {
    return plain(405, 'This name is forwarded; only GET and HEAD are answered.', { Allow: 'GET, HEAD' })
  }
  if (leadsBack(site, forward, forwards)) return plain(508, 'This name is forwarded to itself.')
  if (forward.kind === 'frame') return framePage(forward)
  return new Response(null, { status: 302, headers: { ...SHARED, Location: forward.target } })
}

const SHARED = { 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' }

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...SHARED, 'Content-Type': 'text/plain; charset=utf-8', ...headers },
  })
}

interface Site {
  readonly owner: OwnerName['owner']
  /** Empty: the default one. */
  readonly port: string
}

/** Name and port of a Host header (RFC 9110 7.2); undefined when it is no name. */
function readHost(host: string): Site | undefined {
  const [, text, port = ''] = /^([^:]+)(?::(\d{0,5}))?$/.exec(host) ?? []
  const name = text === undefined ? undefined : readName(text)
  return name === undefined ? undefined : { owner: name.owner, port: port === '80' ? '' : port }
}

/**
 * Whether the target is this name again, or leads there by way of other names that are forwarded here. Only plain HTTP at the
 * port that was asked comes back to us.
 */
function leadsBack(from: Site, start: Forward, forwards: ForwardIndex): boolean {
  let forward: Forward | undefined = start
  for (let hops = 0; forward !== undefined; hops++) {
    if (hops === MAX_HOPS) return true
    const { protocol, hostname, port } = new URL(forward.target)
    if (protocol !== 'http:' || port !== from.port) return false
    const owner = readName(hostname)?.owner
    if (owner === from.owner) return true
    forward = owner === undefined ? undefined : forwards.find(owner)
  }
  return false
}
