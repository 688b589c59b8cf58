import { apiError, type ErrorKey } from '../errors.ts'
import { formatIp, readIpv4 } from '../networks/prefix.ts'
import { isUuid } from '../networks/registry-input.ts'
import { type OwnerName, readName } from '../record-sets/names.ts'
import type { EndpointDirection } from '../store/resolver-calls.ts'

/** Letters, digits, `_`, `.`, `-` and Chinese characters, as the API allows them. */
const NAME = /^[\w\u4e00-\u9fa5.-]{1,64}$/
const MAX_TARGETS = 5

type NameFault = Extract<ErrorKey, 'ENDPOINT_NAME_INVALID' | 'REQUEST_INVALID'>

/** The name of an endpoint or a rule; each has a code of its own. */
export function readResolverName(sent: unknown, fault: NameFault): string {
  if (typeof sent !== 'string' || !NAME.test(sent)) throw apiError(fault)
  return sent
}

/** Part of a name to look for; undefined without one. The code is that of `fault`. */
export function readNameFilter(text: string | undefined, fault: NameFault): string | undefined {
  return text === undefined ? undefined : readResolverName(text, fault)
}

/** The network that a list is about, in lower case; undefined without one. Code: DNS.0701. */
export function readNetworkFilter(text: string | undefined): string | undefined {
  if (text !== undefined && !isUuid(text)) throw apiError('VPC_INVALID')
  return text?.toLowerCase()
}

/** An id to look for, in lower case; undefined without one. Code: DNS.0002. */
export function readIdFilter(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[0-9a-fA-F]{32}$/.test(text)) throw apiError('REQUEST_INVALID')
  return text?.toLowerCase()
}

/** Part of a domain name to look for; undefined without one. Code: DNS.0202. */
export function readDomainFilter(text: string | undefined): string | undefined {
  if (text !== undefined && text.length > 255) throw apiError('ZONE_NAME_INVALID')
  return text
}

/** Code: DNS.1503. */
export function readDirection(sent: unknown): EndpointDirection {
  if (sent !== 'inbound' && sent !== 'outbound') throw apiError('ENDPOINT_DIRECTION_INVALID')
  return sent
}

/** An address that an endpoint is to have; without `ip` a free one of the subnet. */
export interface WantedAddress {
  readonly subnetId: string
  readonly ip: string | undefined
}

/** Codes: DNS.1502, 1515. */
export function readWantedAddress(sent: unknown): WantedAddress {
  const { subnet_id: subnetId, ip } = (sent ?? {}) as Record<string, unknown>
  if (!isUuid(subnetId)) throw apiError('SUBNET_INVALID')
  if (ip === undefined || ip === null || ip === '') return { subnetId: subnetId.toLowerCase(), ip: undefined }
  const octets = readIpv4(ip)
  if (octets === undefined) throw apiError('IP_INVALID')
  return { subnetId: subnetId.toLowerCase(), ip: formatIp(octets) }
}

/** The domain of a rule, as sent and as compared. Code: DNS.0202. */
export function readRuleDomain(sent: unknown): { domainName: string; owner: OwnerName['owner'] } {
  const name = typeof sent === 'string' ? readName(sent) : undefined
  if (name === undefined || name.owner.includes('*')) throw apiError('ZONE_NAME_INVALID')
  return { domainName: sent as string, owner: name.owner }
}

/** The targets of a rule: 1 to 5 IPv4 addresses, each once. Codes: DNS.1514, 1515, 1506. */
export function readTargets(sent: unknown): readonly string[] {
  if (!Array.isArray(sent) || sent.length === 0 || sent.length > MAX_TARGETS) {
    throw apiError('IP_COUNT_INVALID')
  }
  const targets = sent.map((each) => {
    const octets = readIpv4((each as { ip?: unknown } | null)?.ip)
    if (octets === undefined) throw apiError('IP_INVALID')
    return formatIp(octets)
  })
  if (new Set(targets).size < targets.length) throw apiError('IP_REPEATED')
  return targets
}
