/** Version documents, quotas and name servers; public and private zones. */
import assert from 'node:assert/strict'
import { UNKNOWN } from './suite.mjs'

export async function service(suite, { domainId, nameServers }) {
  await suite.check('listApiVersions', async (call) => {
    const [v2] = (await call()).versions.values
    assert.deepEqual([v2.id, v2.status], ['v2', 'CURRENT'])
  })
  await suite.check('showApiInfo', async (call) => {
    assert.equal((await call({ version: 'v2' })).version.id, 'v2')
    await call.refused(404, { version: 'v9' })
  })
  await suite.check('listNameServers', async (call) => {
    const [row] = (await call({ query: { type: 'public' } })).nameservers
    assert.deepEqual(
      row.ns_records.map(({ hostname }) => hostname),
      nameServers,
    )
  })
  await suite.check('showDomainQuota', async (call) => {
    const { quotas } = await call({ query: { domain_id: domainId } })
    assert.equal(quotas.find(({ quota_key }) => quota_key === 'zone').used, 0)
    await call.refused(401, { query: { domain_id: 'f'.repeat(32) } })
  })
}

/** Gives the id of a public zone for the other parts. */
export async function publicZones(suite, { projectId, nameServers }) {
  const ids = []
  await suite.check('createPublicZone', async (call) => {
    const tags = [{ key: 'team', value: 'a b' }]
    const body = {
      name: 'node.example',
      description: '例子 with blanks',
      email: 'h@node.example',
      ttl: 600,
      tags,
    }
    const made = await call({ body })
    assert.deepEqual(
      [made.name, made.status, made.project_id],
      ['node.example.', 'PENDING_CREATE', projectId],
    )
    ids.push(made.id)
    await call.refused(400, { body })
    for (const name of ['second.example', 'third.example']) ids.push((await call({ body: { name } })).id)
  })
  const [zone_id, second, third] = ids
  await suite.check('showPublicZone', async (call) => {
    const shown = await call({ zone_id })
    assert.deepEqual([shown.status, shown.description, shown.record_num], ['ACTIVE', '例子 with blanks', 2])
    await call.refused(404, { zone_id: UNKNOWN })
  })
  await suite.check('listPublicZones', async (call) => {
    const listed = await call({ query: { type: 'public', sort_key: 'name', sort_dir: 'asc' } })
    assert.deepEqual(
      listed.zones.map(({ name }) => name),
      ['node.example.', 'second.example.', 'third.example.'],
    )
    assert.equal((await call({ query: { tags: 'team,a b' } })).zones[0].id, zone_id)
    const first = await call({ query: { limit: 2 } })
    const rest = await call({ query: { limit: 2, marker: first.zones.at(-1).id } })
    assert.ok(first.links.next)
    assert.equal(rest.links.next, undefined)
    await call.refused(400, { query: { limit: 501 } })
  })
  await suite.check('updatePublicZone', async (call) => {
    const changed = await call({ zone_id, body: { description: 'new', ttl: 900 } })
    assert.deepEqual([changed.description, changed.ttl, changed.email], ['new', 900, 'h@node.example'])
  })
  await suite.check('showPublicZoneNameServer', async (call) => {
    const { nameservers } = await call({ zone_id })
    assert.deepEqual(
      nameservers.map(({ hostname }) => hostname),
      nameServers,
    )
  })
  await suite.check('updatePublicZoneStatus', async (call) => {
    for (const [status, seen] of Object.entries({ DISABLE: 'DISABLE', ENABLE: 'ACTIVE' })) {
      await call({ zone_id, body: { status } })
      assert.equal((await suite.call('showPublicZone', { zone_id })).status, seen)
    }
    await call.refused(400, { zone_id, body: { status: 'OFF' } })
  })
  await suite.check('batchSetZonesStatus', async (call) => {
    for (const status of ['DISABLE', 'ENABLE']) {
      const answer = await call({ body: { status, zone_ids: [second, third] } })
      assert.equal(answer.metadata.total_count, 2)
    }
  })
  await suite.check('batchDeleteZones', async (call) => {
    const answer = await call({ body: { zone_type: 'public', zone_ids: [second] } })
    assert.equal(answer.zones[0].name, 'second.example.')
  })
  await suite.check('deletePublicZone', async (call) => {
    assert.equal((await call({ zone_id: third })).status, 'PENDING_DELETE')
    await call.refused(404, { zone_id: third })
  })
  return zone_id
}

export async function privateZones(suite, { networks, region, privateNameServers }) {
  const [office, plant] = networks.map((router_id) => ({ router_id, router_region: region }))
  let zone_id
  await suite.check('createPrivateZone', async (call) => {
    const body = { name: 'inside.example', zone_type: 'private', router: office, proxy_pattern: 'AUTHORITY' }
    const made = await call({ body })
    zone_id = made.id
    assert.equal(made.router.router_id, office.router_id)
    await call.refused(400, { body })
    const router = { router_id: '00000000-0000-4000-8000-000000000000' }
    await call.refused(404, { body: { name: 'x.example', zone_type: 'private', router } })
  })
  await suite.check('associateRouter', async (call) => {
    assert.equal((await call({ zone_id, body: { router: plant } })).router_id, plant.router_id)
  })
  await suite.check('showPrivateZone', async (call) => {
    const shown = await call({ zone_id })
    assert.deepEqual(
      shown.routers.map(({ router_id }) => router_id).sort(),
      [office.router_id, plant.router_id].sort(),
    )
    assert.equal(shown.proxy_pattern, 'AUTHORITY')
  })
  await suite.check('listPrivateZones', async (call) => {
    const listed = await call({ query: { type: 'private', router_id: plant.router_id } })
    assert.equal(listed.zones[0].id, zone_id)
  })
  await suite.check('disassociateRouter', async (call) => {
    assert.equal((await call({ zone_id, body: { router: plant } })).router_id, plant.router_id)
    await call.refused(400, { zone_id, body: { router: plant } })
  })
  await suite.check('updatePrivateZone', async (call) => {
    assert.equal((await call({ zone_id, body: { ttl: 120 } })).ttl, 120)
  })
  await suite.check('setPrivateZoneProxyPattern', async (call) => {
    await call({ zone_id, body: { proxy_pattern: 'RECURSIVE' } })
    await call.refused(400, { zone_id, body: { proxy_pattern: 'NONE' } })
  })
  await suite.check('updatePrivateZoneStatus', async (call) => {
    for (const status of ['DISABLE', 'ENABLE'])
      assert.equal((await call({ zone_id, body: { status } })).id, zone_id)
  })
  await suite.check('showPrivateZoneNameServer', async (call) => {
    const { nameservers } = await call({ zone_id })
    assert.deepEqual(
      nameservers.map(({ address }) => address),
      privateNameServers,
    )
  })
  await suite.check('deletePrivateZone', async (call) => {
    assert.equal((await call({ zone_id })).status, 'PENDING_DELETE')
    await call.refused(404, { zone_id })
  })
}
