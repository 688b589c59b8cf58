import type { Grant, ZoneScope } from '../store/access-calls.ts'
import { parsePolicy, type Reach, type Statement } from './policy.ts'
import { statementsOfRole } from './roles.ts'

/** What one user may do. */
export interface Permissions {
  /** The zones in which the user may perform the action, EVERY_ZONE without a limit; undefined: in none. */
  readonly scopeOf: (action: string) => ZoneScope | undefined
}

/** The scope of those who are not limited to zones. */
export const EVERY_ZONE: ZoneScope = {}

export const NO_PERMISSIONS: Permissions = { scopeOf: () => undefined }

/** Kinds of things that lie in a zone. What a limited user may not touch is kept from them by the store, zone by zone. */
const KINDS_IN_ZONES = new Set([
  'zone',
  'recordset',
  'publicrecordset',
  'privaterecordset',
  'nameserver',
  'tag',
])
/** Actions on those kinds that are about no zone that exists already. */
const OUTSIDE = /^dns:(zone:create|zone:createbatch.*|nameserver:list|zone:.*(retrieval|authoriz).*)$/
/** Actions of tasks over many zones, which name them in their items: whoever is limited to some zones may not start one. */
const OVER_ALL_ZONES = /^dns:(recordset:batch(create|update|delete)publiczonerecordsets|zone:transfer)$/

export function isInZones(action: string): boolean {
  const name = action.toLowerCase()
  const [service, kind = ''] = name.split(':')
  return service === 'dns' && KINDS_IN_ZONES.has(kind) && !OUTSIDE.test(name)
}

/** Older names of actions: a policy that names one of them means the action. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  'dns:recordset:batchcreatetask': ['dns:publicrecordset:createimport', 'dns:privaterecordset:createimport'],
  'dns:recordset:showbatchcreatetask': ['dns:publicrecordset:getimport', 'dns:privaterecordset:getimport'],
  'dns:recordset:deletebatchcreatetask': [
    'dns:publicrecordset:deleteimport',
    'dns:privaterecordset:deleteimport',
  ],
  'dns:recordset:batchcreatepubliczonerecordsets': ['dns:recordset:batchimportpublicrecordset'],
}

/**
 * Puts role and policies together. A Deny wins over every Allow, in the zones it is about; what nothing allows is
 * denied. Each action is worked out once, so that a check costs a look into a map. Throws PolicyFault.
 */
export function compilePermissions(grant: Grant): Permissions {
  const statements = [...statementsOfRole(grant), ...grant.policies.flatMap(parsePolicy)]
  const known = new Map<string, ZoneScope | undefined>()
  return {
    scopeOf(action) {
      if (!known.has(action)) known.set(action, scopeOf(statements, action))
      return known.get(action)
    },
  }
}

function scopeOf(statements: readonly Statement[], action: string): ZoneScope | undefined {
  const scope = evaluate(statements, action)
  return scope !== EVERY_ZONE && OVER_ALL_ZONES.test(action.toLowerCase()) ? undefined : scope
}

function evaluate(statements: readonly Statement[], action: string): ZoneScope | undefined {
  const name = action.toLowerCase()
  const names = [name, ...(ALIASES[name] ?? [])]
  const inZones = isInZones(name)
  const allowed = { everywhere: false, zoneIds: new Set<string>() }
  const denied = { everywhere: false, zoneIds: new Set<string>() }
  for (const { effect, actions, reach } of statements) {
    if (!actions.some((pattern) => names.some((one) => matches(pattern, one)))) continue
    const side = effect === 'Allow' ? allowed : denied
    for (const part of reach) {
      const ids = zonesReached(part, inZones)
      if (ids === 'all') side.everywhere = true
      else for (const id of ids) side.zoneIds.add(id)
    }
  }
  if (denied.everywhere) return undefined
  if (allowed.everywhere) return denied.zoneIds.size === 0 ? EVERY_ZONE : { except: [...denied.zoneIds] }
  const only = [...allowed.zoneIds].filter((id) => !denied.zoneIds.has(id))
  return only.length === 0 ? undefined : { only }
}

function zonesReached(reach: Reach, inZones: boolean): 'all' | readonly string[] {
  if (reach.to === 'all') return 'all'
  if ((reach.to === 'zones') !== inZones) return []
  return 'ids' in reach ? reach.ids : 'all'
}

/** Whether `text` fits `pattern`, in which `*` is any run of characters. Linear but for one step back to the last star. */
export function matches(pattern: string, text: string): boolean {
  let at = 0
  let star = -1
  let resume = 0
  let p = 0
  while (at < text.length) {
    if (pattern[p] === '*') {
      star = p++
      resume = at
    } else if (p < pattern.length && pattern[p] === text[at]) {
      p++
      at++
    } else if (star >= 0) {
      p = star + 1
      at = ++resume
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

/** Tags are asked for by kind and id of what bears them; these lie in zones. */
const TAGGED_IN_ZONES = /^DNS-(public|private)_(zone|recordset)$/

/** Whether a request with these path parameters stays within the scope. Ids in bodies are the store's business. */
export function coversPath(scope: ZoneScope, params: Readonly<Record<string, string>>): boolean {
  if (scope === EVERY_ZONE) return true
  if (params.resource_type !== undefined && !TAGGED_IN_ZONES.test(params.resource_type)) return false
  return params.zone_id === undefined || coversZone(scope, params.zone_id)
}

export const coversZone = ({ only, except }: ZoneScope, zoneId: string): boolean =>
  (only === undefined || only.includes(zoneId)) && !(except?.includes(zoneId) ?? false)
