/** Resolver endpoints, forwarding rules and query log configurations. */
import assert from 'node:assert/strict'
import { UNKNOWN } from './suite.mjs'

export async function resolver(suite, setup) {
  const endpoint_id = await endpoints(suite, setup)
  await rules(suite, setup, endpoint_id)
  await suite.check('deleteEndpoint', async (call) => {
    assert.equal((await call({ endpoint_id })).endpoint.status, 'PENDING_DELETE')
    await call.refused(404, { endpoint_id })
  })
  await queryLogs(suite, setup)
}

async function endpoints(suite, { region, subnet: subnet_id, networks: [office] }) {
  let endpoint_id
  await suite.check('createEndpoint', async (call) => {
    const ipaddresses = [{ subnet_id, ip: '10.1.2.10' }, { subnet_id }]
    const body = { name: 'out', direction: 'outbound', region, ipaddresses }
    const { endpoint } = await call({ body })
    endpoint_id = endpoint.id
    assert.deepEqual([endpoint.direction, endpoint.status], ['outbound', 'PENDING_CREATE'])
    await call.refused(400, { body })
  })
  await suite.check('showEndpoint', async (call) => {
    const { endpoint } = await call({ endpoint_id })
    assert.deepEqual([endpoint.status, endpoint.vpc_id, endpoint.ipaddress_count], ['ACTIVE', office, 2])
  })
  await suite.check('listEndpoints', async (call) => {
    assert.equal(
      (await call({ query: { direction: 'outbound', vpc_id: office } })).endpoints[0].id,
      endpoint_id,
    )
  })
  await suite.check('updateEndpoint', async (call) => {
    assert.equal((await call({ endpoint_id, body: { name: 'out2' } })).endpoint.name, 'out2')
  })
  await suite.check('associateEndpointIpaddress', async (call) => {
    const body = { ipaddress: { subnet_id, ip: '10.1.2.12' } }
    assert.equal((await call({ endpoint_id, body })).endpoint.ipaddress_count, 3)
    await call.refused(400, { endpoint_id, body })
  })
  let ipaddress_id
  await suite.check('listEndpointIpaddresses', async (call) => {
    ipaddress_id = (await call({ endpoint_id })).ipaddresses.find(({ ip }) => ip === '10.1.2.12').id
  })
  await suite.check('disassociateEndpointIpaddress', async (call) => {
    assert.equal((await call({ endpoint_id, ipaddress_id })).endpoint.ipaddress_count, 2)
  })
  await suite.check('listEndpointVpcs', async (call) => {
    const [row] = (await call()).vpcs
    assert.deepEqual([row.id, row.outbound_endpoint_count], [office, 1])
  })
  return endpoint_id
}

async function rules(suite, { networks: [, router_id] }, endpoint_id) {
  let resolverrule_id
  await suite.check('createResolverRule', async (call) => {
    const body = {
      name: 'forward',
      domain_name: 'corp.example',
      endpoint_id,
      ipaddresses: [{ ip: '10.9.0.1' }],
    }
    resolverrule_id = (await call({ body })).resolver_rule.id
  })
  await suite.check('associateResolverRuleRouter', async (call) => {
    assert.equal((await call({ resolverrule_id, body: { router: { router_id } } })).router_id, router_id)
  })
  await suite.check('showResolverRule', async (call) => {
    const { resolver_rule: rule } = await call({ resolverrule_id })
    assert.deepEqual([rule.routers[0].router_id, rule.ipaddresses[0].ip], [router_id, '10.9.0.1'])
    await call.refused(404, { resolverrule_id: UNKNOWN })
  })
  await suite.check('listResolverRules', async (call) => {
    assert.equal((await call({ query: { endpoint_id } })).resolver_rules[0].id, resolverrule_id)
  })
  await suite.check('updateResolverRule', async (call) => {
    const body = { name: 'forward2', ipaddresses: [{ ip: '10.9.0.2' }] }
    assert.equal((await call({ resolverrule_id, body })).resolver_rule.name, 'forward2')
  })
  await suite.check('disassociateResolverRuleRouter', async (call) => {
    assert.equal((await call({ resolverrule_id, body: { router: { router_id } } })).router_id, router_id)
  })
  await suite.check('deleteResolverRule', async (call) => {
    assert.equal((await call({ resolverrule_id })).resolver_rule.id, resolverrule_id)
  })
}

async function queryLogs(suite, { region, networks: [office, plant] }) {
  const second = { vpc: { vpc_id: plant, vpc_region: region } }
  let id
  await suite.check('createResolverQueryLogConfig', async (call) => {
    const log = '6f3d0c1e-58b7-4a53-8d2e-9b1f4f0a7c21'
    const vpc = { vpc_id: office, vpc_region: region }
    const { resolver_query_log_config: made } = await call({
      body: { lts_group_id: log, lts_topic_id: log, vpc },
    })
    id = made.id
    assert.deepEqual(made.vpc_ids, [office])
  })
  await suite.check('associateResolverQueryLogConfig', async (call) => {
    assert.equal((await call({ id, body: second })).resolver_query_log_config.vpc_ids.length, 2)
  })
  await suite.check('showResolverQueryLogConfig', async (call) => {
    assert.equal((await call({ id })).resolver_query_log_config.id, id)
  })
  await suite.check('listResolverQueryLogConfigs', async (call) => {
    assert.equal((await call({ query: { vpc_id: plant } })).resolver_query_log_configs[0].id, id)
  })
  await suite.check('disassociateResolverQueryLogConfig', async (call) => {
    assert.deepEqual((await call({ id, body: second })).resolver_query_log_config.vpc_ids, [office])
  })
  await suite.check('deleteResolverQueryLogConfig', async (call) => {
    await call({ id })
    await call.refused(404, { id })
  })
}
