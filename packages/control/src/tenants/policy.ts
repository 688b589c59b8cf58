/**
 * Policies in the JSON form of the API's access management: `Version` 1.1 or 5.0, statements with `Effect`, `Action` and
 * `Resource`. Whatever Waymark would not follow (conditions, resources other than zones) is refused when a policy is
 * saved: a rule that is read but not followed would be a hole.
 */

/** Where a statement applies. */
export type Reach =
  /** Everywhere. */
  | { readonly to: 'all' }
  /** What lies in any zone. */
  | { readonly to: 'zones' }
  /** What lies in these zones. */
  | { readonly to: 'zones'; readonly ids: readonly string[] }
  /** What lies in no zone, such as lines. */
  | { readonly to: 'outside' }

export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  /** Action names with `*` for any run of characters, lower case. */
  readonly actions: readonly string[]
  readonly reach: readonly Reach[]
}

/** A policy that was refused; the message says what is wrong with which statement. */
export class PolicyFault extends Error {}

const MAX_STATEMENTS = 64
const MAX_ACTIONS = 100
const MAX_RESOURCES = 500
const VERSIONS = ['1.1', '5.0']
const ACTION = /^(\*|[a-z0-9_*-]{1,64}(:[a-z0-9_*-]{1,64}){0,2})$/i
/** Service, region and account, which mean nothing here, then kind and id. */
const RESOURCE = /^(?:dns|\*):[^:]*:[^:]*:(zone|\*):([0-9a-z]{32}|\*)$/i

/** Reads a policy. Throws PolicyFault. */
export function parsePolicy(policy: unknown): Statement[] {
  const { Version, Statement, ...rest } = members(policy, 'the policy')
  refuseOthers(rest, 'the policy')
  if (typeof Version !== 'string' || !VERSIONS.includes(Version))
    throw new PolicyFault('Version must be "1.1" or "5.0".')
  if (!Array.isArray(Statement) || Statement.length === 0 || Statement.length > MAX_STATEMENTS)
    throw new PolicyFault(`Statement must be a list of 1 to ${MAX_STATEMENTS}.`)
  return Statement.map((statement, at) => parseStatement(statement, `Statement ${at + 1}`))
}

function parseStatement(value: unknown, where: string): Statement {
  const { Effect, Action, Resource, Sid, ...rest } = members(value, where)
  refuseOthers(rest, where)
  if (Effect !== 'Allow' && Effect !== 'Deny')
    throw new PolicyFault(`${where}: Effect must be "Allow" or "Deny".`)
  if (Sid !== undefined && typeof Sid !== 'string') throw new PolicyFault(`${where}: Sid must be a text.`)
  const actions = texts(Action, MAX_ACTIONS, `${where}: Action`)
  for (const action of actions)
    if (!ACTION.test(action))
      throw new PolicyFault(`${where}: "${action}" is no action such as dns:recordset:create or dns:*:get*.`)
  const resources = Resource === undefined ? ['*'] : texts(Resource, MAX_RESOURCES, `${where}: Resource`)
  return {
    effect: Effect,
    actions: actions.map((action) => action.toLowerCase()),
    reach: reachOf(resources, where),
  }
}

function reachOf(resources: readonly string[], where: string): Reach[] {
  const ids: string[] = []
  const reach: Reach[] = []
  for (const resource of resources) {
    if (resource === '*') {
      reach.push({ to: 'all' })
      continue
    }
    const [, kind, id] = RESOURCE.exec(resource) ?? []
    if (kind === undefined || id === undefined || (kind === '*' && id !== '*'))
      throw new PolicyFault(
        `${where}: Resource "${resource}" must be "*", "DNS:*:*:zone:*" or "DNS:*:*:zone:" and the id of a zone.`,
      )
    if (kind === '*') reach.push({ to: 'all' })
    else if (id === '*') reach.push({ to: 'zones' })
    else ids.push(id.toLowerCase())
  }
  if (ids.length > 0) reach.push({ to: 'zones', ids })
  return reach
}

function members(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PolicyFault(`${where} must be an object.`)
  return value as Record<string, unknown>
}

function refuseOthers(rest: Record<string, unknown>, where: string): void {
  const [name] = Object.keys(rest)
  if (name !== undefined) throw new PolicyFault(`${where}: "${name}" is not supported.`)
}

/** One text or a list of them. */
function texts(value: unknown, max: number, where: string): string[] {
  const list = Array.isArray(value) ? value : [value]
  if (list.length === 0 || list.length > max || list.some((text) => typeof text !== 'string'))
    throw new PolicyFault(`${where} must be a list of 1 to ${max} texts.`)
  return list
}
