/** Work on many record sets or zones, with a verdict for each. */
import assert from 'node:assert/strict'
import { UNKNOWN, untilDone } from './suite.mjs'

const ZONES = ['one.example', 'two.example']

export async function tasks(suite, { other }, zone_id) {
  await inZone(suite, zone_id)
  /** What is left to say of a task over zones when it has ended. */
  const ended = async ({ task_id }) => {
    const task = await untilDone(() => suite.call('showBatchOperationTask', { task_id }))
    return [task.type, task.success_count, task.error_count]
  }
  await suite.check('batchCreatePublicZonesTask', async (call) => {
    const submitted = await call({ body: { zone_names: [...ZONES, 'node.example'] } })
    assert.deepEqual(await ended(submitted), ['batch_create_zone', 2, 1])
  })
  await suite.check('batchCreateCombinedPublicRecordsetsTask', async (call) => {
    const set = { type: 'A', records: ['192.0.2.40'], ttl: 60 }
    const submitted = await call({
      body: { zone_names: ZONES, recordset_name_prefixes: ['', 'www'], ...set },
    })
    assert.deepEqual(await ended(submitted), ['create', 4, 0])
  })
  await suite.check('batchCreatePublicRecordsetsTask', async (call) => {
    const set = { name: 'mail', type: 'A', records: ['192.0.2.41'] }
    const recordsets = [...ZONES, 'absent.example'].map((zone_name) => ({ zone_name, ...set }))
    assert.deepEqual(await ended(await call({ body: { recordsets } })), ['import_recordset', 2, 1])
  })
  await suite.check('batchUpdatePublicRecordsetsTask', async (call) => {
    const filter = { relation: 'OR', conditions: [{ condition: 'host_name', value: 'www' }] }
    const update_info = { key: 'rr_value', values: ['192.0.2.42'] }
    const submitted = await call({ body: { zone_names: ZONES, filter, update_info } })
    assert.deepEqual(await ended(submitted), ['batch_update_rs', 2, 0])
  })
  await suite.check('batchDeletePublicRecordsetsTask', async (call) => {
    const submitted = await call({ body: { zone_names: ZONES, recordset_name_prefixes: ['mail'] } })
    assert.deepEqual(await ended(submitted), ['delete', 2, 0])
  })
  await suite.check('batchTransferPublicZonesTask', async (call) => {
    const submitted = await call({ body: { zone_names: ZONES.slice(1), target_user: other.domainId } })
    assert.deepEqual(await ended(submitted), ['transfer', 1, 0])
  })
  let first
  await suite.check('listBatchOperationTasks', async (call) => {
    const { tasks: rows, metadata } = await call({ query: { limit: 500 } })
    assert.deepEqual([rows[0].type, metadata.total_count], ['transfer', 6])
    first = rows.at(-1).id
  })
  await suite.check('showBatchOperationTask', async (call) => {
    const [item] = (await call({ task_id: first, query: { error_item_limit: 10 } })).error_items
    assert.equal(item.item, 'node.example.')
    await call.refused(404, { task_id: UNKNOWN })
  })
}

async function inZone(suite, zone_id) {
  await suite.check('batchCreateRecordSetsTask', async (call) => {
    const recordsets = Array.from({ length: 100 }, (_, n) => ({
      name: `host${n}`,
      type: 'A',
      records: [`192.0.2.${n}`],
    }))
    recordsets.push({ name: 'bad', type: 'A', records: ['192.0.2.300'] })
    assert.match((await call({ zone_id, body: { recordsets } })).task_id, /^[0-9a-f]{32}$/)
  })
  await suite.check('showBatchCreateRecordSetsTask', async (call) => {
    const task = await untilDone(() => call({ zone_id }))
    assert.deepEqual([task.total_count, task.success_count, task.error_count], [101, 100, 1])
    assert.equal(task.error_items[0].error_code, 'DNS.0308')
  })
  await suite.check('deleteBatchCreateRecordSetsTask', async (call) => {
    await call({ zone_id })
  })
}
