import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Grant } from '../store/access-calls.ts'
import { compilePermissions, coversPath, EVERY_ZONE, matches } from './permissions.ts'
import { PolicyFault } from './policy.ts'

const [A, B] = ['a'.repeat(32), 'b'.repeat(32)]
const grant = (special: Partial<Grant> = {}): Grant => ({
  userId: 'u',
  role: 'none',
  zoneIds: [],
  policies: [],
  ...special,
})
const policy = (...statements: object[]) => ({ Version: '1.1', Statement: statements })
const scope = (special: Partial<Grant>, action: string) => compilePermissions(grant(special)).scopeOf(action)

describe('roles', () => {
  test('an administrator may do everything, full access everything of DNS', () => {
    expect(scope({ role: 'administrator' }, 'waymark:user:create')).toBe(EVERY_ZONE)
    expect(scope({ role: 'full_access' }, 'dns:zone:delete')).toBe(EVERY_ZONE)
    expect(scope({ role: 'full_access' }, 'waymark:user:list')).toBeUndefined()
  })

  test('read only reads', () => {
    for (const action of ['dns:zone:get', 'dns:recordset:list', 'dns:recordset:showBatchCreateTask'])
      expect(scope({ role: 'read_only' }, action)).toBe(EVERY_ZONE)
    for (const action of ['dns:zone:create', 'dns:recordset:setStatus', 'waymark:audit:list'])
      expect(scope({ role: 'read_only' }, action)).toBeUndefined()
  })

  test('a zone administrator does everything in the zones named and only looks outside of zones', () => {
    const role = { role: 'zone_administrator', zoneIds: [A] } as const
    expect(scope(role, 'dns:recordset:create')).toEqual({ only: [A] })
    expect(scope(role, 'dns:zone:list')).toEqual({ only: [A] })
    expect(scope(role, 'dns:zone:create')).toBeUndefined()
    expect(scope(role, 'dns:zone:transfer')).toBeUndefined()
    expect(scope(role, 'dns:customline:list')).toBe(EVERY_ZONE)
    expect(scope(role, 'dns:customline:create')).toBeUndefined()
  })

  test('a zone administrator of no zone may do nothing in zones', () => {
    expect(scope({ role: 'zone_administrator' }, 'dns:zone:get')).toBeUndefined()
  })
})

describe('policies', () => {
  test('allow what a pattern names, whatever its case, and nothing else', () => {
    const policies = [policy({ Effect: 'Allow', Action: ['DNS:*:get*', 'dns:recordset:*'] })]
    expect(scope({ policies }, 'dns:zone:getExport')).toBe(EVERY_ZONE)
    expect(scope({ policies }, 'dns:recordset:delete')).toBe(EVERY_ZONE)
    expect(scope({ policies }, 'dns:zone:list')).toBeUndefined()
  })

  test('that deny win over the role and every other policy', () => {
    const policies = [
      policy({ Effect: 'Allow', Action: 'dns:*' }, { Effect: 'Deny', Action: 'dns:zone:delete' }),
    ]
    expect(scope({ role: 'full_access', policies }, 'dns:zone:delete')).toBeUndefined()
    expect(scope({ role: 'full_access', policies }, 'dns:zone:update')).toBe(EVERY_ZONE)
  })

  test('that name zones reach these zones and nothing outside of zones', () => {
    const policies = [policy({ Effect: 'Allow', Action: ['dns:*:*'], Resource: [`DNS:*:*:zone:${A}`] })]
    expect(scope({ policies }, 'dns:recordset:update')).toEqual({ only: [A] })
    expect(scope({ policies }, 'dns:customline:list')).toBeUndefined()
    expect(scope({ policies }, 'dns:zone:create')).toBeUndefined()
  })

  test('that deny a zone leave the others', () => {
    const policies = [policy({ Effect: 'Deny', Action: 'dns:*', Resource: `dns:*:*:zone:${A}` })]
    expect(scope({ role: 'full_access', policies }, 'dns:zone:get')).toEqual({ except: [A] })
    expect(scope({ role: 'zone_administrator', zoneIds: [A, B], policies }, 'dns:zone:get')).toEqual({
      only: [B],
    })
    expect(scope({ role: 'zone_administrator', zoneIds: [A], policies }, 'dns:zone:get')).toBeUndefined()
    expect(scope({ role: 'full_access', policies }, 'dns:customline:create')).toBe(EVERY_ZONE)
  })

  test('that name zones do not reach tasks over many zones, whose items name zones of their own', () => {
    const denied = [policy({ Effect: 'Deny', Action: 'dns:*', Resource: `dns:*:*:zone:${A}` })]
    const batch = 'dns:recordset:batchDeletePublicZoneRecordsets'
    expect(scope({ role: 'full_access' }, batch)).toBe(EVERY_ZONE)
    expect(scope({ role: 'full_access', policies: denied }, batch)).toBeUndefined()
    expect(scope({ role: 'zone_administrator', zoneIds: [A] }, batch)).toBeUndefined()
  })

  test('on every zone reach no lines', () => {
    const policies = [
      { Version: '5.0', Statement: [{ Effect: 'Allow', Action: '*', Resource: 'dns:*:*:zone:*' }] },
    ]
    expect(scope({ policies }, 'dns:zone:get')).toBe(EVERY_ZONE)
    expect(scope({ policies }, 'dns:customline:list')).toBeUndefined()
  })

  test('may use the older names of actions', () => {
    const policies = [policy({ Effect: 'Allow', Action: 'dns:publicRecordset:createImport' })]
    expect(scope({ policies }, 'dns:recordset:batchCreateTask')).toBe(EVERY_ZONE)
  })

  test.each([
    ['no object', 'x', 'the policy'],
    ['an unknown version', { Version: '2', Statement: [] }, 'Version'],
    ['no statement', { Version: '1.1', Statement: [] }, 'Statement'],
    ['an unknown effect', policy({ Effect: 'Maybe', Action: '*' }), 'Statement 1: Effect'],
    ['a broken action', policy({ Effect: 'Allow', Action: 'dns zone' }), '"dns zone"'],
    ['a condition', policy({ Effect: 'Allow', Action: '*', Condition: {} }), '"Condition" is not supported'],
    ['a negation', policy({ Effect: 'Allow', NotAction: '*' }), '"NotAction"'],
    ['another resource', policy({ Effect: 'Deny', Action: '*', Resource: 'DNS:*:*:ptr:1' }), 'DNS:*:*:ptr:1'],
  ])('with %s are refused', (_what, wrong, message) => {
    expect(() => compilePermissions(grant({ policies: [wrong as object] }))).toThrow(PolicyFault)
    expect(() => compilePermissions(grant({ policies: [wrong as object] }))).toThrow(message)
  })
})

test('a star stands for any run of characters', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
  fc.assert(
    fc.property(letters, text, (pattern, subject) => {
      expect(matches(pattern, subject)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(subject))
    }),
  )
})

test('a scope covers the zone of the path and the tags of what lies in zones', () => {
  expect(coversPath({ only: [A] }, { zone_id: A })).toBe(true)
  expect(coversPath({ only: [A] }, { zone_id: B })).toBe(false)
  expect(coversPath({ except: [A] }, { zone_id: B })).toBe(true)
  expect(coversPath({ except: [A] }, { resource_type: 'DNS-public_zone' })).toBe(true)
  expect(coversPath({ except: [A] }, { resource_type: 'DNS-ptr_record' })).toBe(false)
  expect(coversPath(EVERY_ZONE, { resource_type: 'DNS-ptr_record' })).toBe(true)
})
