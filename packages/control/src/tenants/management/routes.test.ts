import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Lab, openLab, type Signer } from '../testing.ts'

let lab: Lab
let tenant: Signer & { readonly domain_id: string; readonly project_id: string }
beforeAll(async () => {
  lab = await openLab()
  tenant = await lab.makeAccount('tenant')
})
afterAll(() => lab.stop())

const users = '/waymark/v1/users'
const keys = '/waymark/v1/keys'
const code = 'code'

describe('accounts', () => {
  test('are made by the operator with projects, an administrator and keys that work at once', async () => {
    const made = await lab.call(lab.operator, 'POST', '/waymark/v1/accounts', { name: 'acme', user: 'ann' })
    expect(made.status).toBe(201)
    expect(made.headers.get('cache-control')).toBe('no-store')
    expect(made.json).toMatchObject({ name: 'acme', enabled: true, is_operator: false })
    const { credentials } = made.json
    expect(credentials).toMatchObject({ user: 'ann', domain: 'acme', domain_id: made.json.id })
    const who = await lab.call(credentials, 'GET', '/waymark/v1/whoami')
    expect(who.json).toMatchObject({ user: { name: 'ann' }, account: { name: 'acme' } })
    expect(who.json.project.id).toBe(credentials.project_id)
    const zone = await lab.call(credentials, 'POST', '/v2/zones', { name: 'acme.example' })
    expect(zone.status).toBe(202)
  })

  test('log in with the password that was shown once', async () => {
    const made = await lab.call(lab.operator, 'POST', '/waymark/v1/accounts', { name: 'by-password' })
    const { user, password, domain } = made.json.credentials
    const identity = {
      methods: ['password'],
      password: { user: { name: user, password, domain: { name: domain } } },
    }
    const token = await lab.call(undefined, 'POST', '/v3/auth/tokens', { auth: { identity } })
    expect(token.status).toBe(201)
  })

  test('of one name are refused, as is a name that is none', async () => {
    const again = await lab.call(lab.operator, 'POST', '/waymark/v1/accounts', { name: 'tenant' })
    expect([again.status, again.json]).toEqual([
      409,
      { [code]: 'WAYMARK.0105', message: 'The name tenant is taken.' },
    ])
    const wrong = await lab.call(lab.operator, 'POST', '/waymark/v1/accounts', { name: 'a b', size: 1 })
    expect(wrong.status).toBe(400)
    expect(wrong.json.message).toStartWith('name is invalid')
  })

  test('are seen and managed by the operator only', async () => {
    const all = await lab.call(lab.operator, 'GET', '/waymark/v1/accounts')
    expect(all.json.accounts.length).toBeGreaterThan(1)
    const own = await lab.call(tenant, 'GET', '/waymark/v1/accounts')
    expect(own.json.accounts.map(({ id }: { id: string }) => id)).toEqual([tenant.domain_id])
    for (const [method, path] of [
      ['POST', '/waymark/v1/accounts'],
      ['PATCH', `/waymark/v1/accounts/${tenant.domain_id}`],
    ] as const)
      expect((await lab.call(tenant, method, path, { name: 'x' })).status).toBe(403)
  })

  test('that are disabled let nobody in until they are enabled', async () => {
    const guest = await lab.makeAccount('guest')
    const path = `/waymark/v1/accounts/${guest.domain_id}`
    expect((await lab.call(lab.operator, 'PATCH', path, { enabled: false })).json.enabled).toBe(false)
    expect((await lab.call(guest, 'GET', '/v2/zones')).status).toBe(401)
    await lab.call(lab.operator, 'PATCH', path, { enabled: true, name: 'renamed' })
    const who = await lab.call(guest, 'GET', '/waymark/v1/whoami')
    expect(who.json.account.name).toBe('renamed')
  })

  test('of the installation cannot be disabled, and unknown ones are not found', async () => {
    const own = `/waymark/v1/accounts/${lab.operator.domain_id}`
    expect((await lab.call(lab.operator, 'PATCH', own, { enabled: false })).status).toBe(409)
    const none = `/waymark/v1/accounts/${'0'.repeat(32)}`
    expect((await lab.call(lab.operator, 'PATCH', none, { enabled: false })).status).toBe(404)
  })
})

describe('users', () => {
  test('only read unless they are given more, which holds at once', async () => {
    const bob = await lab.makeUser(tenant, { name: 'bob' })
    expect((await lab.call(bob, 'GET', '/v2/zones')).status).toBe(200)
    const denied = await lab.call(bob, 'POST', '/v2/zones', { name: 'bob.example' })
    expect(denied.status).toBe(403)
    expect(denied.json).toEqual({
      [code]: 'DNS.1802',
      message: "Policy doesn't allow dns:zone:create to be performed.",
    })
    const change = await lab.call(tenant, 'PATCH', `${users}/${bob.id}`, { role: 'full_access' })
    expect(change.json).toMatchObject({ name: 'bob', role: 'full_access' })
    expect((await lab.call(bob, 'POST', '/v2/zones', { name: 'bob.example' })).status).toBe(202)
    expect((await lab.call(bob, 'GET', users)).status).toBe(403)
  })

  test('have policies, and faults in these are named', async () => {
    const policy = (action: string) => ({
      Version: '1.1',
      Statement: [{ Effect: 'Allow', Action: [action] }],
    })
    const dan = await lab.makeUser(tenant, { name: 'dan', role: 'none', policies: [policy('dns:zone:list')] })
    expect((await lab.call(dan, 'GET', '/v2/zones')).status).toBe(200)
    expect((await lab.call(dan, 'GET', '/v2/recordsets')).status).toBe(403)
    const wrong = await lab.call(tenant, 'PATCH', `${users}/${dan.id}`, { policies: [policy('no action')] })
    expect([wrong.status, wrong.json.message]).toEqual([
      400,
      'policies is invalid: Statement 1: "no action" is no action such as dns:recordset:create or dns:*:get*.',
    ])
  })

  test('that are disabled or removed are out at once, with keys and tokens', async () => {
    const eve = await lab.makeUser(tenant, { name: 'eve', password: 'long enough' })
    const domain = { name: 'tenant' }
    const identity = {
      methods: ['password'],
      password: { user: { name: 'eve', password: 'long enough', domain } },
    }
    const logIn = () => lab.call(undefined, 'POST', '/v3/auth/tokens', { auth: { identity } })
    const token = (await logIn()).headers.get('x-subject-token')!
    const byToken = () => fetch(`${lab.control.url}/v2/zones`, { headers: { 'x-auth-token': token } })
    expect((await byToken()).status).toBe(200)
    await lab.call(tenant, 'PATCH', `${users}/${eve.id}`, { password: 'another one' })
    expect((await byToken()).status).toBe(401)
    expect((await logIn()).status).toBe(401)
    await lab.call(tenant, 'PATCH', `${users}/${eve.id}`, { enabled: false })
    expect((await lab.call(eve, 'GET', '/v2/zones')).status).toBe(401)
    expect((await lab.call(tenant, 'DELETE', `${users}/${eve.id}`)).status).toBe(204)
    expect((await lab.call(tenant, 'GET', `${users}/${eve.id}`)).status).toBe(404)
  })

  test('leave an administrator behind', async () => {
    const account = await lab.makeAccount('lonely')
    const [only] = (await lab.call(account, 'GET', users)).json.users
    for (const change of [{ role: 'read_only' }, { enabled: false }])
      expect((await lab.call(account, 'PATCH', `${users}/${only.id}`, change)).status).toBe(409)
    expect((await lab.call(account, 'DELETE', `${users}/${only.id}`)).status).toBe(409)
    await lab.makeUser(account, { name: 'second', role: 'administrator' })
    expect((await lab.call(account, 'DELETE', `${users}/${only.id}`)).status).toBe(204)
  })

  test('of another account are not found, but by the operator who names the account', async () => {
    const bill = await lab.makeUser(tenant, { name: 'bill' })
    const other = await lab.makeAccount('other')
    const inTenant = `?account_id=${tenant.domain_id}`
    expect((await lab.call(other, 'GET', `${users}/${bill.id}`)).status).toBe(404)
    expect((await lab.call(other, 'GET', `${users}/${bill.id}${inTenant}`)).status).toBe(404)
    expect((await lab.call(other, 'POST', keys, { user_id: bill.id })).status).toBe(404)
    expect((await lab.call(other, 'DELETE', `${keys}/${bill.access_key}`)).status).toBe(404)
    expect((await lab.call(other, 'PATCH', `${users}/${bill.id}`, { role: 'none' })).status).toBe(404)
    expect((await lab.call(lab.operator, 'GET', `${users}/${bill.id}`)).status).toBe(404)
    expect((await lab.call(lab.operator, 'GET', `${users}/${bill.id}${inTenant}`)).json.name).toBe('bill')
  })
})

test('access keys are made, listed without secret, disabled and removed', async () => {
  const kim = await lab.makeUser(tenant, { name: 'kim' })
  expect(kim.secret_key).toHaveLength(40)
  const listed = await lab.call(tenant, 'GET', `${keys}?user_id=${kim.id}`)
  expect(listed.json.keys).toMatchObject([{ access_key: kim.access_key, enabled: true }])
  expect(listed.text).not.toContain(kim.secret_key)
  const path = `${keys}/${kim.access_key}`
  expect((await lab.call(tenant, 'PATCH', path, { enabled: false })).json.enabled).toBe(false)
  expect((await lab.call(kim, 'GET', '/v2/zones')).status).toBe(401)
  await lab.call(tenant, 'PATCH', path, { enabled: true })
  expect((await lab.call(kim, 'GET', '/v2/zones')).status).toBe(200)
  expect((await lab.call(tenant, 'DELETE', path)).status).toBe(204)
  expect((await lab.call(kim, 'GET', '/v2/zones')).status).toBe(401)
})

test('projects are made, found by the identity API and disabled', async () => {
  const projects = '/waymark/v1/projects'
  const made = await lab.call(tenant, 'POST', projects, { name: 'region-a_lab' })
  expect(made.status).toBe(201)
  expect((await lab.call(tenant, 'POST', projects, { name: 'region-a_lab' })).status).toBe(409)
  const find = () => lab.call(tenant, 'GET', '/v3/projects?name=region-a_lab')
  expect((await find()).json.projects).toMatchObject([{ id: made.json.id }])
  expect(
    (await lab.call(lab.operator, 'PATCH', `${projects}/${made.json.id}`, { enabled: false })).status,
  ).toBe(404)
  await lab.call(tenant, 'PATCH', `${projects}/${made.json.id}`, { enabled: false })
  expect((await find()).json.projects).toEqual([])
  const all = (await lab.call(tenant, 'GET', projects)).json.projects
  expect(all).toContainEqual(expect.objectContaining({ name: 'region-a_lab', enabled: false }))
})

test('a zone administrator works in the named zones and sees no other', async () => {
  const zone = async (name: string) => (await lab.call(tenant, 'POST', '/v2/zones', { name })).json.id
  const [mine, hidden] = [await zone('mine.example'), await zone('hidden.example')]
  const set = { name: 'www.hidden.example.', type: 'A', records: ['192.0.2.1'] }
  const secret = (await lab.call(tenant, 'POST', `/v2/zones/${hidden}/recordsets`, set)).json.id
  const zoe = await lab.makeUser(tenant, { name: 'zoe', role: 'zone_administrator', zones: [mine] })
  const as = (method: string, path: string, body?: object) => lab.call(zoe, method, path, body)

  const own = { name: 'www.mine.example.', type: 'A', records: ['192.0.2.1'] }
  expect((await as('POST', `/v2/zones/${mine}/recordsets`, own)).status).toBe(202)
  expect((await as('PATCH', `/v2/zones/${mine}`, { description: 'x' })).status).toBe(202)
  for (const path of ['/v2/zones', '/v2/recordsets', '/v2.1/recordsets']) {
    const list = await as('GET', path)
    expect(list.status).toBe(200)
    expect(list.text).toContain('mine.example')
    expect(list.text).not.toContain('hidden.example')
  }
  expect((await as('GET', `/v2/zones/${hidden}`)).status).toBe(403)
  expect((await as('POST', `/v2/zones/${hidden}/recordsets`, set)).status).toBe(403)
  expect((await as('POST', '/v2/zones', { name: 'new.example' })).status).toBe(403)
  const paused = await as('PUT', `/v2.1/recordsets/${secret}/statuses/set`, { status: 'DISABLE' })
  expect(paused.status).toBe(404)
  expect((await lab.call(tenant, 'GET', `/v2.1/zones/${hidden}/recordsets/${secret}`)).json.status).toBe(
    'ACTIVE',
  )
})
