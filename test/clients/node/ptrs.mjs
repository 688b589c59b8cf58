/** PTR records of registered addresses, through both generations of the API. */
import assert from 'node:assert/strict'

export async function ptrs(suite, { region, addresses }) {
  await firstGeneration(suite, region, addresses)
  await secondGeneration(suite, region, addresses[1])
}

async function firstGeneration(suite, region, [floatingip_id, second]) {
  const address = { region, floatingip_id }
  await suite.check('createEipRecordSet', async (call) => {
    const made = await call({ ...address, body: { ptrdname: 'mail.node.example', ttl: 600 } })
    assert.deepEqual([made.id, made.address], [`${region}:${floatingip_id}`, '203.0.113.25'])
    await call({ region, floatingip_id: second, body: { ptrdname: 'out.node.example' } })
    const nowhere = '00000000-0000-4000-8000-000000000000'
    await call.refused(404, { region, floatingip_id: nowhere, body: { ptrdname: 'a.example' } })
  })
  await suite.check('showPtrRecordSet', async (call) => {
    const shown = await call(address)
    assert.deepEqual([shown.ptrdname, shown.ttl, shown.status], ['mail.node.example.', 600, 'ACTIVE'])
  })
  await suite.check('updatePtrRecord', async (call) => {
    const body = { ptrdname: 'mx.node.example', description: 'post' }
    assert.equal((await call({ ...address, body })).ptrdname, 'mx.node.example.')
  })
  await suite.check('listPtrRecords', async (call) => {
    const names = (await call({ query: { limit: 10 } })).floatingips.map(({ ptrdname }) => ptrdname)
    assert.deepEqual(names.sort(), ['mx.node.example.', 'out.node.example.'])
  })
  await suite.check('restorePtrRecord', (call) => call({ ...address, body: { ptrdname: null } }))
  await suite.check('batchDeletePtrRecords', async (call) => {
    await call({ body: { floatingip_ids: [`${region}:${second}`] } })
    assert.deepEqual((await suite.call('listPtrRecords')).floatingips, [])
  })
}

async function secondGeneration(suite, region, id) {
  let ptr_id
  await suite.check('createPtr', async (call) => {
    const ptrdnames = ['a.node.example', 'b.node.example']
    const made = await call({ body: { publicip: { region, id }, ptrdnames } })
    ptr_id = made.id
    assert.deepEqual([made.publicip.address, made.ptrdnames.length], ['203.0.113.26', 2])
  })
  await suite.check('showPtr', async (call) => {
    assert.equal((await call({ ptr_id })).status, 'ACTIVE')
  })
  await suite.check('updatePtr', async (call) => {
    const changed = await call({ ptr_id, body: { ptrdnames: ['c.node.example'], ttl: 120 } })
    assert.deepEqual([changed.ptrdnames, changed.ttl], [['c.node.example.'], 120])
  })
  await suite.check('listPtrs', async (call) => {
    assert.equal((await call({ query: { resource_type: 'publicip' } })).floatingips[0].id, ptr_id)
  })
  await suite.check('deletePtr', async (call) => {
    await call({ ptr_id })
    await call.refused(404, { ptr_id })
  })
}
