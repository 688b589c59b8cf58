/** What concerns the world outside: delegation, DNSSEC, sub-domains of zones of others, zones that somebody else hosts. */
import assert from 'node:assert/strict'
import { UNKNOWN } from './suite.mjs'

export async function delegation(suite, { nameServers }, zone_id, other) {
  await suite.check('showZoneNameServer', async (call) => {
    const answer = await call({ domain_name: 'node.example' })
    assert.deepEqual([answer.expected_dns_servers, answer.all_hw_dns], [nameServers, false])
  })
  await suite.check('showDomainDetection', async (call) => {
    const domain_name = 'www.node.example.'
    const answer = await call({ zone_id, query: { domain_name } })
    assert.deepEqual([answer.domain_name, answer.status], [domain_name, 'FAILED'])
    await call.refused(404, { zone_id: UNKNOWN, query: { domain_name } })
  })
  await signing(suite, zone_id)
  const parent = await other.call('createPublicZone', { body: { name: 'parent.example' } })
  await authorization(suite, other, parent.id)
  await retrieval(suite)
}

async function signing(suite, zone_id) {
  await suite.check('enableDnssecConfig', async (call) => {
    const made = await call({ zone_id })
    assert.deepEqual([made.status, made.flag, made.signature_type, made.digest_type], ['ENABLE', 257, 13, 2])
  })
  await suite.check('showDnssecConfig', async (call) => {
    const shown = await call({ zone_id })
    assert.ok(shown.ds_record.includes(` ${shown.key_tag} 13 2 ${shown.digest}`), shown.ds_record)
  })
  await suite.check('disableDnssecConfig', async (call) => {
    assert.equal((await call({ zone_id })).status, 'DISABLE')
  })
}

/** The owner of the zone above shows by a TXT record that a zone below it is wanted. */
async function authorization(suite, owner, parentId) {
  const zone_name = 'sub.parent.example'
  let made
  await suite.check('createAuthorizeTxtRecord', async (call) => {
    made = await call({ body: { zone_name } })
    assert.deepEqual(
      [made.zone_name, made.second_level_zone_name],
      ['sub.parent.example.', 'parent.example.'],
    )
  })
  await suite.check('showAuthorizeTxtRecord', async (call) => {
    assert.equal((await call({ query: { zone_name } })).id, made.id)
    await call.refused(404, { query: { zone_name: 'absent.parent.example' } })
  })
  await suite.check('createAuthorizeTxtRecordVerification', async (call) => {
    const { id, record } = made
    assert.equal((await call({ id })).status, 'CREATED')
    const body = { name: `${record.host}.parent.example.`, type: 'TXT', records: [`"${record.value}"`] }
    await owner.call('createRecordSet', { zone_id: parentId, body })
    assert.equal((await call({ id })).status, 'VERIFIED')
    await suite.call('createPublicZone', { body: { name: zone_name } })
  })
}

/** Without the TXT record in the world the zone stays where it is. */
async function retrieval(suite) {
  let made
  await suite.check('createRetrieval', async (call) => {
    made = await call({ body: { zone_name: 'parent.example' } })
    assert.deepEqual([made.zone_name, made.status], ['parent.example.', 'PENDING'])
    await call.refused(400, { body: { zone_name: 'node.example' } })
  })
  await suite.check('showRetrieval', async (call) => {
    assert.equal((await call({ query: { name: 'parent.example' } })).id, made.id)
  })
  await suite.check('createRetrievalVerification', async (call) => {
    await call({ id: made.id })
    await call.refused(404, { id: UNKNOWN })
  })
  await suite.check('showRetrievalVerification', async (call) => {
    assert.equal((await call({ id: made.id })).status, 'PENDING')
  })
}
