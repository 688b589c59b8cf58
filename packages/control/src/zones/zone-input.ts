import { ApiError, apiError } from '../errors.ts'
import { readPrimaries } from '../secondary/primaries.ts'
import { isStorable } from '../store/storable-text.ts'
import type { Router, Tag, Zone, ZoneType } from '../store/store.ts'
import { keptTags, tagFault } from '../tags/tag-rules.ts'
import { defaultEmail, mailboxName } from './email.ts'
import { readZoneName } from './zone-name.ts'

/** What the caller says of a new zone, checked and with defaults filled in. */
export type NewZone = Pick<
  Zone,
  | 'zoneType'
  | 'name'
  | 'apex'
  | 'description'
  | 'email'
  | 'ttl'
  | 'enterpriseProjectId'
  | 'proxyPattern'
  | 'tags'
  | 'primaries'
> & { readonly router: NamedRouter | null }

/** A private network as a request names it; the region may be empty. */
export type NamedRouter = Pick<Router, 'routerId' | 'routerRegion'>

const MAX_TTL = 2147483647
const DEFAULT_TTL = 300
const MAX_DESCRIPTION = 255
const MAX_EMAIL = 255
const ENTERPRISE_PROJECT = /^(0|[0-9a-zA-Z-]{36})$/
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The members of a JSON object; anything else is DNS.0002. */
export function readMembers(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw apiError('REQUEST_INVALID')
  return body as Record<string, unknown>
}

/** Reads the body of a creation; members that are null or empty count as absent. */
export function readNewZone(body: unknown): NewZone {
  const sent = readMembers(body)
  const zoneType = readZoneType(sent.zone_type)
  const name = readZoneName(sent.name, zoneType)
  if (name === undefined) throw apiError('ZONE_NAME_INVALID')
  const isPrivate = zoneType === 'private'
  return {
    zoneType,
    name: name.name,
    apex: name.owner,
    description: readDescription(sent.description) ?? '',
    email: readEmail(sent.email) ?? defaultEmail(name.owner),
    ttl: readTtl(sent.ttl) ?? DEFAULT_TTL,
    enterpriseProjectId: readEnterpriseProject(sent.enterprise_project_id),
    router: isPrivate ? readRouter(sent.router) : null,
    proxyPattern: isPrivate ? readProxyPattern(sent.proxy_pattern) : null,
    tags: readTags(sent.tags),
    // How Designate's clients ask for a zone that is transferred from elsewhere.
    primaries:
      sent.type === 'SECONDARY'
        ? readPrimaries(sent.masters).map((primary) => ({ ...primary, key: null }))
        : [],
  }
}

/** Reads the members of a change: what is absent or null stays; an empty description clears, an empty mailbox keeps. */
export function readZoneChange(
  sent: Readonly<Record<string, unknown>>,
  zone: Zone,
): Pick<Zone, 'description' | 'email' | 'ttl'> {
  return {
    description: readDescription(sent.description) ?? zone.description,
    email: readEmail(sent.email) ?? zone.email,
    ttl: readTtl(sent.ttl) ?? zone.ttl,
  }
}

/** `public` when absent. Code: DNS.0204. */
export function readZoneType(sent: unknown): ZoneType {
  if (sent === undefined || sent === null || sent === '' || sent === 'public') return 'public'
  if (sent === 'private') return 'private'
  throw apiError('ZONE_TYPE_INVALID')
}

/** A kind that has to be named. Code: DNS.0204. */
export function readNamedZoneType(sent: unknown): ZoneType {
  if (sent === 'public' || sent === 'private') return sent
  throw apiError('ZONE_TYPE_INVALID')
}

function readDescription(sent: unknown): string | undefined {
  if (sent === undefined || sent === null) return undefined
  if (typeof sent !== 'string' || !isStorable(sent) || [...sent].length > MAX_DESCRIPTION)
    throw apiError('ZONE_DESCRIPTION_INVALID')
  return sent
}

function readEmail(sent: unknown): string | undefined {
  if (sent === undefined || sent === null || sent === '') return undefined
  if (typeof sent !== 'string' || sent.length > MAX_EMAIL || mailboxName(sent) === undefined) {
    throw apiError('ZONE_EMAIL_INVALID')
  }
  return sent
}

function readTtl(sent: unknown): number | undefined {
  if (sent === undefined || sent === null) return undefined
  if (typeof sent !== 'number' || !Number.isInteger(sent) || sent < 1 || sent > MAX_TTL) {
    throw apiError('ZONE_TTL_INVALID', { min: 1, max: MAX_TTL })
  }
  return sent
}

function readEnterpriseProject(sent: unknown): string {
  if (sent === undefined || sent === null || sent === '') return '0'
  if (typeof sent !== 'string' || !ENTERPRISE_PROJECT.test(sent)) throw apiError('EPS_INVALID')
  return sent
}

/** A private network by its id, which is a UUID; whether there is such a network is not known here. Code: DNS.0701. */
export function readRouter(sent: unknown): NamedRouter {
  if (typeof sent !== 'object' || sent === null) throw apiError('VPC_INVALID')
  const { router_id: routerId, router_region } = sent as Record<string, unknown>
  const routerRegion = router_region ?? ''
  if (typeof routerId !== 'string' || !UUID.test(routerId)) throw apiError('VPC_INVALID')
  if (typeof routerRegion !== 'string') throw apiError('VPC_INVALID')
  return { routerId, routerRegion }
}

const readProxyPattern = (sent: unknown): Zone['proxyPattern'] =>
  sent === undefined || sent === null || sent === '' ? 'AUTHORITY' : readNamedProxyPattern(sent)

/** Code: DNS.0002. */
export function readNamedProxyPattern(sent: unknown): NonNullable<Zone['proxyPattern']> {
  if (sent !== 'AUTHORITY' && sent !== 'RECURSIVE') throw apiError('REQUEST_INVALID')
  return sent
}

function readTags(sent: unknown): readonly Tag[] {
  if (sent === undefined || sent === null) return []
  const tags = sent as readonly Tag[]
  const fault = tagFault(tags)
  if (fault !== undefined) throw new ApiError(fault)
  return keptTags(tags)
}
