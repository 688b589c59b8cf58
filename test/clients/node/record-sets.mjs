/** Record sets through both generations of the API, one at a time and many at once. */
import assert from 'node:assert/strict'
import { UNKNOWN } from './suite.mjs'

export async function recordSets(suite, _setup, zone_id) {
  await firstGeneration(suite, zone_id)
  await withLines(suite, zone_id)
  await many(suite, zone_id)
}

async function firstGeneration(suite, zone_id) {
  let recordset_id
  await suite.check('createRecordSet', async (call) => {
    const tags = [{ key: 'kind', value: 'web' }]
    const body = { name: 'www.node.example.', type: 'A', ttl: 60, records: ['192.0.2.1', '192.0.2.2'], tags }
    const made = await call({ zone_id, body })
    recordset_id = made.id
    assert.deepEqual([made.status, made.ttl, made.default], ['PENDING_CREATE', 60, false])
    await call.refused(400, { zone_id, body })
    await call.refused(404, { zone_id: UNKNOWN, body })
  })
  await suite.check('showRecordSet', async (call) => {
    assert.deepEqual((await call({ zone_id, recordset_id })).records, ['192.0.2.1', '192.0.2.2'])
    await call.refused(404, { zone_id, recordset_id: UNKNOWN })
  })
  await suite.check('updateRecordSet', async (call) => {
    const body = { name: 'www.node.example.', type: 'A', ttl: 90, records: ['192.0.2.3'] }
    assert.deepEqual((await call({ zone_id, recordset_id, body })).records, ['192.0.2.3'])
  })
  await suite.check('listRecordSetsByZone', async (call) => {
    const listed = await call({ zone_id, query: { sort_key: 'type', sort_dir: 'asc' } })
    assert.deepEqual(
      listed.recordsets.map(({ type }) => type),
      ['A', 'NS', 'SOA'],
    )
    assert.equal((await call({ zone_id, query: { tags: 'kind,web' } })).recordsets[0].id, recordset_id)
  })
  await suite.check('listRecordSets', async (call) => {
    const listed = await call({ query: { zone_type: 'public', name: 'www.node', search_mode: 'like' } })
    assert.equal(listed.recordsets[0].id, recordset_id)
  })
  await suite.check('deleteRecordSet', async (call) => {
    assert.equal((await call({ zone_id, recordset_id })).status, 'PENDING_DELETE')
    await call.refused(404, { zone_id, recordset_id })
  })
}

async function withLines(suite, zone_id) {
  let recordset_id
  const name = 'line.node.example.'
  await suite.check('createRecordSetWithLine', async (call) => {
    const body = { name, type: 'A', records: ['192.0.2.10'], line: 'default_view', weight: 5 }
    const made = await call({ zone_id, body })
    recordset_id = made.id
    assert.deepEqual([made.line, made.weight, made.ttl], ['default_view', 5, 300])
    await call({ zone_id, body: { ...body, line: 'Dianxin' } })
    await call.refused(400, { zone_id, body: { ...body, line: 'Nowhere' } })
  })
  await suite.check('showRecordSetWithLine', async (call) => {
    assert.equal((await call({ zone_id, recordset_id })).weight, 5)
  })
  await suite.check('updateRecordSets', async (call) => {
    const body = { name, type: 'A', records: ['192.0.2.13'], weight: 7, ttl: 30 }
    const changed = await call({ zone_id, recordset_id, body })
    assert.deepEqual([changed.weight, changed.ttl, changed.records], [7, 30, ['192.0.2.13']])
  })
  await suite.check('showRecordSetByZone', async (call) => {
    const listed = await call({ zone_id, query: { line_id: 'default_view', type: 'A' } })
    assert.deepEqual(
      listed.recordsets.map(({ id }) => id),
      [recordset_id],
    )
  })
  await suite.check('listRecordSetsWithLine', async (call) => {
    assert.equal((await call({ query: { zone_type: 'public', line_id: 'Dianxin' } })).metadata.total_count, 1)
  })
  await suite.check('listPublicZoneLines', async (call) => {
    const { lines } = await call({ zone_id })
    assert.deepEqual(lines.map(({ line }) => line).sort(), ['Dianxin', 'default_view'])
  })
  await suite.check('setRecordSetsStatus', async (call) => {
    for (const status of ['DISABLE', 'ENABLE'])
      assert.equal((await call({ recordset_id, body: { status } })).id, recordset_id)
  })
  await suite.check('deleteRecordSets', async (call) => {
    assert.equal((await call({ zone_id, recordset_id })).line, 'default_view')
    await call.refused(404, { zone_id, recordset_id })
  })
}

async function many(suite, zone_id) {
  let made = []
  await suite.check('createRecordSetWithBatchLines', async (call) => {
    const lines = ['default_view', 'Abroad'].map((line) => ({ line, ttl: 60, records: ['192.0.2.20'] }))
    const answer = await call({ zone_id, body: { name: 'many.node.example.', type: 'A', lines } })
    made = answer.recordsets.map(({ id }) => id)
    assert.equal(made.length, 2)
  })
  await suite.check('batchUpdateRecordSetWithLine', async (call) => {
    const recordsets = made.map((id) => ({ id, ttl: 120, records: ['192.0.2.22'] }))
    const answer = await call({ zone_id, body: { recordsets } })
    assert.deepEqual(
      answer.recordsets.map(({ ttl }) => ttl),
      [120, 120],
    )
  })
  await suite.check('batchSetRecordSetsStatus', async (call) => {
    for (const status of ['DISABLE', 'ENABLE'])
      assert.equal((await call({ body: { status, recordset_ids: made } })).recordsets.length, 2)
  })
  await suite.check('batchDeleteRecordSetWithLine', async (call) => {
    const answer = await call({ zone_id, body: { recordset_ids: made.slice(0, 1) } })
    assert.equal(answer.recordsets[0].id, made[0])
  })
  await suite.check('batchDeleteRecordSets', async (call) => {
    const answer = await call({ body: { zone_type: 'public', recordset_ids: made.slice(1) } })
    assert.equal(answer.recordsets[0].id, made[1])
  })
  const mail = { name: 'node.example.', type: 'MX', records: ['10 mail.node.example.'] }
  await suite.call('createRecordSet', { zone_id, body: mail })
  const web = { name: 'www.node.example.', type: 'A', records: ['192.0.2.30'] }
  const { id } = await suite.call('createRecordSet', { zone_id, body: web })
  await suite.check('showEmailRecordSet', async (call) => {
    assert.deepEqual(
      (await call({ zone_id })).recordsets.map(({ type }) => type),
      ['MX'],
    )
  })
  await suite.check('showWebsiteRecordSet', async (call) => {
    assert.ok((await call({ zone_id })).recordsets.some((each) => each.id === id))
  })
  await suite.check('listInstances', async (call) => {
    const dim_name = ['dns_public_zone_id', 'dns_public_recordset_id']
    const [row] = (await call({ body: { dim_name, ids: [[zone_id, id]] } })).instances
    assert.equal(row.dns_public_zone_id.name, 'node.example.')
  })
}
