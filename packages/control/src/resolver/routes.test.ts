import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { ControlSettings } from '../context.ts'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { registryRoutes } from '../networks/routes.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { privateZoneRoutes } from '../zones/private-zone-routes.ts'
import { zoneRoutes } from '../zones/routes.ts'
import { resolverRoutes } from './routes.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any
interface Answer {
  readonly status: number
  readonly json: Json
}

const VPC = '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11'
const OTHER_VPC = '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d12'
const NO_VPC = '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d13'
const DESKS = '2b7c5d1e-4f60-4a8b-9c3d-7e1f2a3b4c51'
const LABS = '2b7c5d1e-4f60-4a8b-9c3d-7e1f2a3b4c52'
const FAR = '2b7c5d1e-4f60-4a8b-9c3d-7e1f2a3b4c53'
const NO_ID = '0'.repeat(32)

let bed: TestBed
beforeEach(() => start())
afterEach(() => bed.close())

async function start(settings: Partial<ControlSettings> = {}): Promise<void> {
  bed = await openTestBed({ settings })
  await bed.store.transaction(async (tx) => {
    await tx.insertAccount({ id: TENANT.domainId, name: 'lab', enabled: true })
    const project = { id: TENANT.projectId, domainId: TENANT.domainId, name: 'region-a', enabled: true }
    await tx.insertProject(project)
  })
  await call('POST', '/waymark/v1/networks', {
    ...{ id: VPC, name: 'office' },
    subnets: [
      { id: DESKS, cidr: '10.1.0.0/24' },
      { id: LABS, cidr: '10.2.0.0/29' },
    ],
  })
  await call('POST', '/waymark/v1/networks', {
    ...{ id: OTHER_VPC, name: 'far', subnets: [{ id: FAR, cidr: '10.3.0.0/24' }] },
  })
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  try {
    const routes = [...resolverRoutes, ...registryRoutes, ...zoneRoutes, ...privateZoneRoutes]
    return (await bed.call(routes, method, path, { body })) as Answer
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status, code, message } = error.failure
    return { status, json: { code, message } }
  }
}
const codeOf = async (answer: Promise<Answer>) => {
  const { status, json } = await answer
  return `${status} ${json?.code}`
}

const ENDPOINTS = '/v2.1/endpoints'
const NEW = {
  ...{ name: 'to-hq', direction: 'outbound', region: 'region-a' },
  ipaddresses: [{ subnet_id: DESKS, ip: '10.1.0.11' }, { subnet_id: DESKS }],
}
const makeEndpoint = async (special: object = {}): Promise<string> => {
  const { status, json } = await call('POST', ENDPOINTS, { ...NEW, ...special })
  if (status !== 202) throw new Error(JSON.stringify(json))
  return json.endpoint.id
}
const addressesOf = async (id: string): Promise<Json[]> =>
  (await call('GET', `${ENDPOINTS}/${id}/ipaddresses`)).json.ipaddresses

describe('endpoints', () => {
  test('go through their whole life', async () => {
    const made = await call('POST', ENDPOINTS, NEW)
    expect(made.status).toBe(202)
    expectFitsContract('CreateEndpoint', 202, made.json)
    const { id } = made.json.endpoint
    expect(made.json.endpoint).toMatchObject({
      ...{ name: 'to-hq', direction: 'outbound', status: 'PENDING_CREATE', vpc_id: null },
      ...{ ipaddress_count: 0, resolver_rule_count: 0 },
    })
    expect(made.json.endpoint.create_time).toBe(made.json.endpoint.update_time)
    const path = `${ENDPOINTS}/${id}`
    const shown = (await call('GET', path)).json
    expectFitsContract('ShowEndpoint', 200, shown)
    expect(shown.endpoint).toMatchObject({ status: 'ACTIVE', vpc_id: VPC, ipaddress_count: 2 })

    const addresses = (await call('GET', `${path}/ipaddresses`)).json
    expectFitsContract('ListEndpointIpaddresses', 200, addresses)
    // The gateway has the first address of the subnet.
    expect(addresses.ipaddresses.map((each: Json) => each.ip)).toEqual(['10.1.0.11', '10.1.0.2'])
    expect(addresses.ipaddresses[0]).toMatchObject({ subnet_id: DESKS, status: 'ACTIVE', error_info: null })

    const renamed = await call('PUT', path, { name: 'zentrale_总部.1' })
    expectFitsContract('UpdateEndpoint', 202, renamed.json)
    expect(renamed.json.endpoint.name).toBe('zentrale_总部.1')
    const list = (await call('GET', `${ENDPOINTS}?direction=outbound&vpc_id=${VPC}&name=ZENT`)).json
    expectFitsContract('ListEndpoints', 200, list)
    expect([list.metadata.total_count, list.endpoints[0].id]).toEqual([1, id])
    const vpcs = (await call('GET', '/v2.1/vpcs')).json
    expectFitsContract('ListEndpointVpcs', 200, vpcs)
    expect(vpcs).toEqual({
      vpcs: [{ id: VPC, inbound_endpoint_count: 0, outbound_endpoint_count: 1 }],
      metadata: { total_count: 1 },
    })
    const gone = await call('DELETE', path)
    expectFitsContract('DeleteEndpoint', 202, gone.json)
    expect(gone.json.endpoint.status).toBe('PENDING_DELETE')
    expect(await codeOf(call('GET', path))).toBe('404 DNS.1510')
  })

  const [one, two] = NEW.ipaddresses
  const many = (count: number) => Array.from({ length: count }, () => ({ subnet_id: DESKS }))
  test.each([
    [{ name: '' }, '400 DNS.1501'],
    [{ name: 'a b' }, '400 DNS.1501'],
    [{ name: 'x'.repeat(65) }, '400 DNS.1501'],
    [{ direction: 'up' }, '400 DNS.1503'],
    [{ region: 'region_a' }, '400 DNS.0601'],
    [{ region: 'region-b' }, '400 DNS.0601'],
    [{ ipaddresses: undefined }, '400 DNS.1514'],
    [{ ipaddresses: [one] }, '400 DNS.1514'],
    [{ ipaddresses: many(7) }, '400 DNS.1514'],
    [{ ipaddresses: [one, { subnet_id: 'x' }] }, '400 DNS.1502'],
    [{ ipaddresses: [one, null] }, '400 DNS.1502'],
    [{ ipaddresses: [one, { subnet_id: NO_VPC }] }, '400 DNS.1502'],
    [{ ipaddresses: [one, { subnet_id: FAR }] }, '400 DNS.1508'],
    [{ ipaddresses: [two, { subnet_id: DESKS, ip: '10.1.1.1' }] }, '400 DNS.1505'],
    [{ ipaddresses: [one, one] }, '400 DNS.1506'],
    [{ ipaddresses: [two, { subnet_id: DESKS, ip: '10.1.0.1' }] }, '400 DNS.1507'],
    [{ ipaddresses: [two, { subnet_id: DESKS, ip: '2001:db8::1' }] }, '400 DNS.1515'],
    [{ ipaddresses: [two, { subnet_id: DESKS, ip: '10.1.0' }] }, '400 DNS.1515'],
    [{ ipaddresses: [two, { subnet_id: DESKS, ip: '10.1.0.0' }] }, '400 DNS.1516'],
    [{ ipaddresses: [two, { subnet_id: DESKS, ip: '10.1.0.255' }] }, '400 DNS.1516'],
    // 10.2.0.0/29 has five hosts beside its gateway.
    [{ ipaddresses: many(6).map(() => ({ subnet_id: LABS })) }, '400 DNS.1507'],
  ])('%j is answered %s', async (special, code) => {
    expect(await codeOf(call('POST', ENDPOINTS, { ...NEW, ...special }))).toBe(code)
    expect((await call('GET', `${ENDPOINTS}?direction=outbound`)).json.metadata.total_count).toBe(0)
  })

  test('have names and addresses of their own', async () => {
    await makeEndpoint()
    const free = [{ subnet_id: DESKS }, { subnet_id: DESKS }]
    expect(await codeOf(call('POST', ENDPOINTS, { ...NEW, ipaddresses: free }))).toBe('400 DNS.1504')
    expect(await codeOf(call('POST', ENDPOINTS, { ...NEW, name: 'second' }))).toBe('400 DNS.1507')
    const second = await makeEndpoint({ name: 'second', ipaddresses: free })
    expect((await addressesOf(second)).map(({ ip }) => ip)).toEqual(['10.1.0.3', '10.1.0.4'])
    expect(await codeOf(call('PUT', `${ENDPOINTS}/${second}`, { name: 'to-hq' }))).toBe('400 DNS.1504')
    expect((await call('PUT', `${ENDPOINTS}/${second}`, { name: 'second' })).status).toBe(202)
  })

  test('keep between two and six addresses', async () => {
    const path = `${ENDPOINTS}/${await makeEndpoint()}/ipaddresses`
    const add = (ipaddress: object) => call('POST', path, { ipaddress })
    const added = await add({ subnet_id: LABS, ip: '10.2.0.3' })
    expectFitsContract('AssociateEndpointIpaddress', 202, added.json)
    expect(added.json.endpoint.ipaddress_count).toBe(3)
    expect(await codeOf(add({ subnet_id: LABS, ip: '10.2.0.3' }))).toBe('400 DNS.1507')
    expect(await codeOf(add({ subnet_id: FAR }))).toBe('400 DNS.1508')
    for (let i = 0; i < 3; i++) expect((await add({ subnet_id: DESKS })).status).toBe(202)
    expect(await codeOf(add({ subnet_id: DESKS }))).toBe('400 DNS.1514')
    const addresses = (await call('GET', path)).json.ipaddresses as Json[]
    for (const { id } of addresses.slice(0, 4)) {
      const removed = await call('DELETE', `${path}/${id}`)
      expectFitsContract('DisassociateEndpointIpaddress', 202, removed.json)
    }
    expect(await codeOf(call('DELETE', `${path}/${addresses[5].id}`))).toBe('400 DNS.1514')
    expect(await codeOf(call('DELETE', `${path}/${NO_ID}`))).toBe('404 DNS.1511')
  })

  test('are listed by direction only', async () => {
    expect(await codeOf(call('GET', ENDPOINTS))).toBe('400 DNS.1503')
    expect(await codeOf(call('GET', `${ENDPOINTS}?direction=x`))).toBe('400 DNS.1503')
    expect(await codeOf(call('GET', `${ENDPOINTS}?direction=inbound&limit=x`))).toBe('400 DNS.0006')
    await makeEndpoint({ direction: 'inbound' })
    expect((await call('GET', `${ENDPOINTS}?direction=outbound`)).json.endpoints).toEqual([])
    expect((await call('GET', `/v2.1/vpcs?vpc_id=${OTHER_VPC}`)).json.vpcs).toEqual([])
  })

  test('have quotas by direction', async () => {
    await bed.close()
    await start({ outboundEndpointQuota: 0, inboundEndpointQuota: 1 })
    expect(await codeOf(call('POST', ENDPOINTS, NEW))).toBe('403 DNS.0407')
    await makeEndpoint({ direction: 'inbound' })
    const second = { ...NEW, direction: 'inbound', name: 'second' }
    expect(await codeOf(call('POST', ENDPOINTS, second))).toBe('403 DNS.0406')
  })

  test('keep their network and subnets from being removed', async () => {
    const id = await makeEndpoint()
    const network = `/waymark/v1/networks/${VPC}`
    expect((await call('DELETE', network)).json.message).toContain('1 endpoints')
    expect(await codeOf(call('DELETE', `${network}/subnets/${DESKS}`))).toBe('409 WAYMARK.0204')
    await call('DELETE', `${ENDPOINTS}/${id}`)
    expect((await call('DELETE', network)).status).toBe(204)
  })
})

describe('resolver rules', () => {
  const RULES = '/v2.1/resolverrules'
  let endpointId: string
  beforeEach(async () => {
    endpointId = await makeEndpoint()
  })
  const rule = (special: object = {}) => ({
    ...{ name: 'hq-names', domain_name: 'HQ.example', endpoint_id: endpointId },
    ipaddresses: [{ ip: '192.0.2.53' }, { ip: '192.0.2.54' }],
    ...special,
  })
  const makeRule = async (special: object = {}): Promise<string> =>
    (await call('POST', RULES, rule(special))).json.resolver_rule.id
  const associate = (id: string, routerId: string) =>
    call('POST', `${RULES}/${id}/associaterouter`, { router: { router_id: routerId } })
  const disassociate = (id: string, routerId: string) =>
    call('POST', `${RULES}/${id}/disassociaterouter`, { router: { router_id: routerId } })

  test('go through their whole life', async () => {
    const made = await call('POST', RULES, rule())
    expect(made.status).toBe(202)
    expectFitsContract('CreateResolverRule', 202, made.json)
    expect(made.json.resolver_rule).toMatchObject({
      ...{ name: 'hq-names', domain_name: 'HQ.example', endpoint_id: endpointId, status: 'ACTIVE' },
      ...{ rule_type: 'FORWARD', ipaddress_count: 2 },
    })
    const { id } = made.json.resolver_rule
    expect((await call('GET', `${ENDPOINTS}/${endpointId}`)).json.endpoint.resolver_rule_count).toBe(1)
    expect(await codeOf(call('DELETE', `${ENDPOINTS}/${endpointId}`))).toBe('400 DNS.0608')

    const router = await associate(id, VPC)
    expectFitsContract('AssociateResolverRuleRouter', 202, router.json)
    expect(router.json).toEqual({ router_id: VPC, router_region: 'region-a', status: 'PENDING_CREATE' })
    const shown = (await call('GET', `${RULES}/${id}`)).json
    expectFitsContract('ShowResolverRule', 200, shown)
    expect(shown.resolver_rule.ipaddresses).toEqual([{ ip: '192.0.2.53' }, { ip: '192.0.2.54' }])
    expect(shown.resolver_rule.routers).toEqual([
      { router_id: VPC, router_region: 'region-a', status: 'ACTIVE' },
    ])
    const changed = await call('PUT', `${RULES}/${id}`, { ipaddresses: [{ ip: '192.0.2.1' }] })
    expectFitsContract('UpdateResolverRule', 202, changed.json)
    expect(changed.json.resolver_rule).toMatchObject({ name: 'hq-names', ipaddress_count: 1 })
    const list = (await call('GET', `${RULES}?domain_name=q.ex&name=HQ&endpoint_id=${endpointId}`)).json
    expectFitsContract('ListResolverRules', 200, list)
    expect([list.metadata.total_count, list.resolver_rules[0].routers.length]).toEqual([1, 1])

    expect(await codeOf(call('DELETE', `${RULES}/${id}`))).toBe('400 DNS.0608')
    const left = await disassociate(id, VPC)
    expectFitsContract('DisassociateResolverRuleRouter', 202, left.json)
    expect(left.json.status).toBe('PENDING_DELETE')
    const gone = await call('DELETE', `${RULES}/${id}`)
    expectFitsContract('DeleteResolverRule', 202, gone.json)
    expect(gone.json.resolver_rule.status).toBe('DELETED')
    expect((await call('GET', `${RULES}/${id}`)).json).toEqual({
      ...{ code: 'DNS.0004', message: 'Resolver rule not exist' },
    })
  })

  test.each([
    [{ name: 'a b' }, '400 DNS.0002'],
    [{ domain_name: 'a..b' }, '400 DNS.0202'],
    [{ domain_name: '*.example' }, '400 DNS.0202'],
    [{ domain_name: undefined }, '400 DNS.0202'],
    [{ endpoint_id: 'x' }, '400 DNS.1509'],
    [{ endpoint_id: NO_ID }, '404 DNS.1510'],
    [{ ipaddresses: [] }, '400 DNS.1514'],
    [{ ipaddresses: [1, 2, 3, 4, 5, 6].map((n) => ({ ip: `192.0.2.${n}` })) }, '400 DNS.1514'],
    [{ ipaddresses: ['192.0.2.1'] }, '400 DNS.1515'],
    [{ ipaddresses: [{ ip: '2001:db8::1' }] }, '400 DNS.1515'],
    [{ ipaddresses: [{ ip: '192.0.2.1' }, { ip: '192.0.2.1' }] }, '400 DNS.1506'],
  ])('%j is answered %s', async (special, code) => {
    expect(await codeOf(call('POST', RULES, rule(special)))).toBe(code)
  })

  test('leave through an outbound endpoint, and never come back in', async () => {
    const ipaddresses = [{ subnet_id: DESKS, ip: '10.1.0.53' }, { subnet_id: DESKS }]
    const inbound = await makeEndpoint({ name: 'in', direction: 'inbound', ipaddresses })
    expect(await codeOf(call('POST', RULES, rule({ endpoint_id: inbound })))).toBe('400 DNS.1503')
    const loop = { ipaddresses: [{ ip: '10.1.0.53' }] }
    expect(await codeOf(call('POST', RULES, rule(loop)))).toBe('400 DNS.0002')
    expect(await codeOf(call('PUT', `${RULES}/${await makeRule()}`, loop))).toBe('400 DNS.0002')
  })

  test('hold for a network once, and for each domain one of them', async () => {
    const id = await makeRule()
    expect(await codeOf(associate(id, 'x'))).toBe('400 DNS.0701')
    expect(await codeOf(associate(id, NO_VPC))).toBe('404 DNS.0711')
    expect(await codeOf(associate(NO_ID, VPC))).toBe('404 DNS.0004')
    await associate(id, VPC.toUpperCase())
    expect(await codeOf(associate(id, VPC))).toBe('409 DNS.0212')
    const same = await makeRule({ domain_name: 'hq.example.' })
    expect(await codeOf(associate(same, VPC))).toBe('400 DNS.0016')
    expect((await associate(same, OTHER_VPC)).status).toBe(202)
    const below = await makeRule({ domain_name: 'a.hq.example' })
    expect((await associate(below, VPC)).status).toBe(202)
    expect(await codeOf(disassociate(below, OTHER_VPC))).toBe('400 DNS.0707')
  })

  test('and private zones of one name exclude each other in a network', async () => {
    const zone = { name: 'hq.example', zone_type: 'private', router: { router_id: VPC } }
    const made = await call('POST', '/v2/zones', zone)
    const id = await makeRule()
    expect(await codeOf(associate(id, VPC))).toBe('400 DNS.0016')
    await associate(id, OTHER_VPC)
    const path = `/v2/zones/${made.json.id}/associaterouter`
    const router = { router_id: OTHER_VPC, router_region: 'region-a' }
    expect(await codeOf(call('POST', path, { router }))).toBe('400 DNS.0016')
    expect(await codeOf(call('POST', '/v2/zones', { ...zone, router }))).toBe('400 DNS.0016')
  })

  test('have a quota', async () => {
    await bed.close()
    await start({ resolverRuleQuota: 1 })
    endpointId = await makeEndpoint()
    await makeRule()
    expect(await codeOf(call('POST', RULES, rule()))).toBe('403 DNS.2002')
  })
})

test('filters of lists have the form of what they look for', async () => {
  for (const [target, code] of [
    ['/v2.1/endpoints?direction=inbound&vpc_id=x', 'DNS.0701'],
    ['/v2.1/endpoints?direction=inbound&name=a%20b', 'DNS.1501'],
    ['/v2.1/vpcs?vpc_id=x', 'DNS.0701'],
    ['/v2.1/resolverrules?name=a%20b', 'DNS.0002'],
    ['/v2.1/resolverrules?id=x', 'DNS.0002'],
    ['/v2.1/resolverrules?endpoint_id=x', 'DNS.0002'],
    [`/v2.1/resolverrules?domain_name=${'x'.repeat(256)}`, 'DNS.0202'],
  ] as const)
    expect(await codeOf(call('GET', target))).toBe(`400 ${code}`)
})

describe('query log configurations', () => {
  const CONFIGS = '/v2/resolver/queryloggingconfig'
  const GROUP = '11111111-1111-4111-8111-111111111111'
  const STREAM = '22222222-2222-4222-8222-222222222222'
  const create = (vpcId: string, special: object = {}) =>
    call('POST', CONFIGS, {
      ...{ lts_group_id: GROUP, lts_topic_id: STREAM, vpc: { vpc_id: vpcId, vpc_region: 'region-a' } },
      ...special,
    })

  test('go through their whole life', async () => {
    const made = await create(VPC)
    expect(made.status).toBe(202)
    expectFitsContract('CreateResolverQueryLogConfig', 202, made.json)
    const { id } = made.json.resolver_query_log_config
    expect(made.json.resolver_query_log_config).toEqual({
      ...{ id, lts_group_id: GROUP, lts_topic_id: STREAM, vpc_ids: [VPC] },
    })
    const change = (verb: string, vpcId: string) =>
      call('POST', `${CONFIGS}/${id}/${verb}`, { vpc: { vpc_id: vpcId, vpc_region: 'region-a' } })
    const added = await change('associatevpc', OTHER_VPC)
    expectFitsContract('AssociateResolverQueryLogConfig', 202, added.json)
    expect(added.json.resolver_query_log_config.vpc_ids).toEqual([VPC, OTHER_VPC])
    expect(await codeOf(change('associatevpc', VPC))).toBe('409 DNS.0212')
    expect(await codeOf(change('associatevpc', NO_VPC))).toBe('404 DNS.0711')
    const removed = await change('disassociatevpc', VPC)
    expectFitsContract('DisassociateResolverQueryLogConfig', 202, removed.json)
    expect(await codeOf(change('disassociatevpc', VPC))).toBe('400 DNS.0707')
    expect(await codeOf(change('disassociatevpc', OTHER_VPC))).toBe('403 DNS.0706')
    const shown = (await call('GET', `${CONFIGS}/${id}`)).json
    expectFitsContract('ShowResolverQueryLogConfig', 200, shown)
    expect(shown.resolver_query_log_config.vpc_ids).toEqual([OTHER_VPC])
    expect((await call('DELETE', `${CONFIGS}/${id}`)).status).toBe(204)
    expect(await codeOf(call('GET', `${CONFIGS}/${id}`))).toBe('404 DNS.0004')
  })

  test('are refused when ids are none, the network unknown or logged already', async () => {
    expect(await codeOf(create(VPC, { lts_group_id: 'x' }))).toBe('400 DNS.0002')
    expect(await codeOf(create(VPC, { lts_topic_id: undefined }))).toBe('400 DNS.0002')
    expect(await codeOf(create('x'))).toBe('400 DNS.0701')
    expect(await codeOf(create(NO_VPC))).toBe('404 DNS.0711')
    await create(VPC)
    expect(await codeOf(create(VPC))).toBe('409 DNS.0212')
  })

  test('are listed with markers', async () => {
    const ids: string[] = []
    for (const vpc of [VPC, OTHER_VPC]) ids.push((await create(vpc)).json.resolver_query_log_config.id)
    const first = (await call('GET', `${CONFIGS}?limit=1`)).json
    expectFitsContract('ListResolverQueryLogConfigs', 200, first)
    expect(first.page_info).toEqual({ previous_marker: null, next_marker: ids[0], current_count: 1 })
    const second = (await call('GET', `${CONFIGS}?limit=1&marker=${ids[0]}`)).json
    expect([second.resolver_query_log_configs[0].id, second.page_info.next_marker]).toEqual([ids[1], null])
    const one = (await call('GET', `${CONFIGS}?vpc_id=${OTHER_VPC}`)).json
    expect(one.resolver_query_log_configs.map((each: Json) => each.id)).toEqual([ids[1]])
    expect(await codeOf(call('GET', `${CONFIGS}?limit=501`))).toBe('400 DNS.0006')
    expect(await codeOf(call('GET', `${CONFIGS}?marker=a-b`))).toBe('400 DNS.0007')
  })
})
