import { apiError } from '../errors.ts'
import { isStorable } from '../store/storable-text.ts'
import type { Tenant, Tx } from '../store/store.ts'
import { formatPrefix, type Prefix, readPrefix } from './prefix.ts'

// What networks and addresses share in their requests: ids, names, regions, prefixes.

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const REGION = /^[A-Za-z0-9-]{1,36}$/
const MAX_NAME = 64
const MAX_DESCRIPTION = 255

/** Tells the caller what is wrong: of the network, or of the address. */
export type Refuse = (detail: string) => Error
export const refuseNetwork: Refuse = (detail) => apiError('NETWORK_INVALID', { detail })
export const refuseAddress: Refuse = (detail) => apiError('ADDRESS_INVALID', { detail })

export const isUuid = (text: unknown): text is string => typeof text === 'string' && UUID.test(text)

export const isRegion = (text: unknown): text is string => typeof text === 'string' && REGION.test(text)

/** The id that the caller wants, in lower case; a new one when none was sent. */
export function readId(sent: unknown, refuse: Refuse): string {
  if (sent === undefined || sent === null || sent === '') return crypto.randomUUID()
  if (!isUuid(sent)) throw refuse('id must be a UUID, 8-4-4-4-12 hexadecimal digits')
  return sent.toLowerCase()
}

export function readName(sent: unknown, refuse: Refuse): string | undefined {
  if (sent === undefined || sent === null) return undefined
  if (typeof sent !== 'string' || sent.length > MAX_NAME || !isStorable(sent)) {
    throw refuse(`name must be a text of at most ${MAX_NAME} characters`)
  }
  return sent
}

export function readDescription(sent: unknown, refuse: Refuse): string | undefined {
  if (sent === undefined || sent === null) return undefined
  if (typeof sent !== 'string' || sent.length > MAX_DESCRIPTION || !isStorable(sent)) {
    throw refuse(`description must be a text of at most ${MAX_DESCRIPTION} characters`)
  }
  return sent
}

/** The prefix in its one spelling. `what` names the member in the message. */
export function readPrefixOf(sent: unknown, what: string, refuse: Refuse): Prefix {
  const prefix = readPrefix(sent)
  if (typeof prefix === 'string') throw refuse(`${what}: ${prefix}`)
  return prefix
}

/** An optional prefix; absent and empty are the empty text. */
export function readOptionalPrefix(sent: unknown, what: string, refuse: Refuse): string | undefined {
  if (sent === undefined || sent === null) return undefined
  return sent === '' ? '' : formatPrefix(readPrefixOf(sent, what, refuse))
}

/**
 * The region and the project in it: a project has the name of its region. Without a region they are those of the caller.
 */
export async function readPlace(
  tx: Tx,
  tenant: Tenant,
  sent: unknown,
  refuse: Refuse,
): Promise<{ region: string; projectId: string }> {
  const own = (await tx.findProject(tenant.projectId))?.name ?? ''
  if (sent === undefined || sent === null || sent === '' || sent === own) {
    return { region: own, projectId: tenant.projectId }
  }
  const [project] = isRegion(sent) ? await tx.listProjects(tenant.domainId, { name: sent }) : []
  if (project === undefined) {
    const names = (await tx.listProjects(tenant.domainId)).map(({ name }) => name)
    throw refuse(`there is no region ${JSON.stringify(sent)}; the account has ${names.join(', ')}`)
  }
  return { region: project.name, projectId: project.id }
}
