import { isIP } from 'node:net'
import { formatName, lowerName, parseName } from '@waymark/dns/name'
import { apiError } from '../errors.ts'
import { badRequest } from '../imports/file-params.ts'
import type { ZonePrimary } from '../store/secondary-calls.ts'

/** Of one zone. */
const MAX_PRIMARIES = 8
const DNS_PORT = 53

/** `192.0.2.1:53`, `[2001:db8::1]:53`. */
export const formatPrimary = ({ host, port }: Pick<ZonePrimary, 'host' | 'port'>): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

/**
 * Servers as a caller names them: texts such as `192.0.2.1`, `192.0.2.1:5300`, `[2001:db8::1]:53` or objects with `host` (or
 * `address`), `port` and `key`. Code: DNS.0002, saying what is wrong.
 */
export function readPrimaries(sent: unknown): ZonePrimary[] {
  if (!Array.isArray(sent) || sent.length === 0)
    throw badRequest('At least one primary server must be named.')
  if (sent.length > MAX_PRIMARIES) throw badRequest(`At most ${MAX_PRIMARIES} primary servers can be named.`)
  return sent.map(readPrimary)
}

/** Code: DNS.0002. */
export function readPrimary(sent: unknown): ZonePrimary {
  if (typeof sent === 'string') return { ...readAddress(sent), key: null }
  if (typeof sent !== 'object' || sent === null) throw apiError('REQUEST_INVALID')
  const { host, address, port, key } = sent as Record<string, unknown>
  const named = host ?? address
  if (typeof named !== 'string') throw badRequest('A primary server needs an address.')
  const read = readAddress(named)
  const number = port === undefined || port === null ? read.port : Number(port)
  return { host: read.host, port: checkedPort(number, named), key: readKeyName(key) }
}

function readAddress(text: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? []
  const host = (bracketed ?? plain ?? text).toLowerCase()
  // A name would have to be looked up, possibly with us.
  if (isIP(host) === 0) throw badRequest(`A primary server is named by its IP address, not "${text}".`)
  return { host, port: checkedPort(port === undefined ? DNS_PORT : Number(port), text) }
}

function checkedPort(port: number, text: string): number {
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw badRequest(`"${text}" has no valid port.`)
  return port
}

function readKeyName(sent: unknown): string | null {
  if (sent === undefined || sent === null || sent === '') return null
  const name = typeof sent === 'string' ? parseName(sent.endsWith('.') ? sent : `${sent}.`) : undefined
  if (name === undefined || !name.ok) throw badRequest('The name of the key is no domain name.')
  return formatName(lowerName(name.value))
}
