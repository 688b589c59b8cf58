import { ApiError, apiError } from '../errors.ts'
import { isRegion, isUuid } from '../networks/registry-input.ts'
import { readName } from '../record-sets/names.ts'
import type { Tag } from '../store/store.ts'
import { keptTags, tagFault } from '../tags/tag-rules.ts'

/** Which address a PTR record is of. */
export interface AddressRef {
  readonly region: string
  /** UUID, lower case. */
  readonly addressId: string
}

/** What a request says of a record; what is undefined was not sent. */
export interface PtrInput {
  readonly names: readonly string[]
  readonly ttl: number | undefined
  readonly description: string | undefined
  readonly enterpriseProjectId: string | undefined
  readonly tags: readonly Tag[] | undefined
}

export const DEFAULT_TTL = 300
const MAX_TTL = 2147483647
const MAX_DESCRIPTION = 255
/** Names of one address (API v2.1). */
const MAX_NAMES = 10
const ENTERPRISE_PROJECT = /^(0|[0-9a-zA-Z-]{36})$/

/** Reads `<region>:<address id>`. Codes: DNS.0501, 0601, 0504. */
export function readAddressRef(text: unknown): AddressRef {
  const [region, addressId, more] = typeof text === 'string' ? text.split(':') : []
  if (region === undefined || addressId === undefined || more !== undefined) throw apiError('PTR_ID_INVALID')
  return checkedRef(region, addressId)
}

/** Reads `{region, id}` of API v2.1. Codes: DNS.0002, 0601, 0504. */
export function readPublicIp(sent: unknown): AddressRef {
  if (typeof sent !== 'object' || sent === null) throw apiError('REQUEST_INVALID')
  const { region, id } = sent as Record<string, unknown>
  return checkedRef(region, id)
}

function checkedRef(region: unknown, addressId: unknown): AddressRef {
  if (!isRegion(region)) throw apiError('REGION_INVALID')
  if (!isUuid(addressId)) throw apiError('EIP_ID_INVALID')
  return { region, addressId: addressId.toLowerCase() }
}

/** Reads what both generations of the API share. Codes: DNS.0506, 0508, 1905, 1003, 1001. */
function readCommon(sent: Readonly<Record<string, unknown>>): Omit<PtrInput, 'names'> {
  return {
    ttl: readTtl(sent.ttl),
    description: readDescription(sent.description),
    enterpriseProjectId: readEnterpriseProject(sent.enterprise_project_id),
    tags: readTags(sent.tags),
  }
}

/** A record of one name. Codes: DNS.0505 and those of every member. */
export function readPtr(sent: Readonly<Record<string, unknown>>): PtrInput {
  return { names: readNames([sent.ptrdname]), ...readCommon(sent) }
}

/** A record of several names. Codes: DNS.0002 (no list), 0505 and those of every member. */
export function readPtrs(sent: Readonly<Record<string, unknown>>): PtrInput {
  const { ptrdnames } = sent
  if (!Array.isArray(ptrdnames)) throw apiError('REQUEST_INVALID')
  return { names: readNames(ptrdnames), ...readCommon(sent) }
}

/** Host names: letters, digits, hyphens; each once. */
function readNames(sent: readonly unknown[]): string[] {
  if (sent.length === 0 || sent.length > MAX_NAMES) throw apiError('PTR_NAME_INVALID')
  const names = sent.map((each) => {
    const name = typeof each === 'string' ? readName(each) : undefined
    if (name === undefined || /[_*]/.test(name.owner) || name.owner === '.') {
      throw apiError('PTR_NAME_INVALID')
    }
    return name.owner
  })
  if (new Set(names).size < names.length) throw apiError('PTR_NAME_INVALID')
  return names
}

function readTtl(sent: unknown): number | undefined {
  if (sent === undefined || sent === null) return undefined
  if (typeof sent !== 'number' || !Number.isInteger(sent) || sent < 1 || sent > MAX_TTL) {
    throw apiError('PTR_TTL_INVALID', { min: 1, max: MAX_TTL })
  }
  return sent
}

function readDescription(sent: unknown): string | undefined {
  if (sent === undefined || sent === null) return undefined
  if (typeof sent !== 'string' || [...sent].length > MAX_DESCRIPTION) {
    throw apiError('PTR_DESCRIPTION_INVALID')
  }
  return sent
}

function readEnterpriseProject(sent: unknown): string | undefined {
  // SDKs send the documented default as a number.
  if (sent === undefined || sent === null || sent === '' || sent === 0) return undefined
  if (typeof sent !== 'string' || !ENTERPRISE_PROJECT.test(sent)) throw apiError('EPS_INVALID')
  return sent
}

function readTags(sent: unknown): readonly Tag[] | undefined {
  if (sent === undefined || sent === null) return undefined
  const tags = sent as readonly Tag[]
  const fault = tagFault(tags)
  if (fault !== undefined) throw new ApiError(fault)
  return keptTags(tags)
}
