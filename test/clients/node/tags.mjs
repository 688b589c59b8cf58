/** Tags of a public zone; keys with blanks and colons stand in the path when they are taken off. */
import assert from 'node:assert/strict'

export async function tags(suite, { projectId }, resource_id) {
  const kind = { project_id: projectId, resource_type: 'DNS-public_zone' }
  const zone = { ...kind, resource_id }
  await suite.check('createTag', (call) =>
    call({ ...zone, body: { tag: { key: 'cost center', value: '成本' } } }),
  )
  await suite.check('batchCreateTag', async (call) => {
    const some = ['a:b', '例子 x', 'gone'].map((key) => ({ key, value: '1' }))
    await call({ ...zone, body: { action: 'create', tags: some } })
    await call({ ...zone, body: { action: 'delete', tags: some.slice(2) } })
  })
  await suite.check('showResourceTag', async (call) => {
    const shown = Object.fromEntries((await call(zone)).tags.map(({ key, value }) => [key, value]))
    assert.deepEqual(shown, { team: 'a b', 'cost center': '成本', 'a:b': '1', '例子 x': '1' })
  })
  await suite.check('listTags', async (call) => {
    const known = (await call(kind)).tags.find(({ key }) => key === 'cost center')
    assert.deepEqual(known.values, ['成本'])
  })
  await suite.check('listTag', async (call) => {
    const wanted = [{ key: 'cost center', values: ['成本'] }]
    const found = await call({ ...kind, body: { action: 'filter', tags: wanted, limit: 10, offset: 0 } })
    assert.equal(found.resources[0].resource_id, resource_id)
    assert.equal((await call({ ...kind, body: { action: 'count', tags: wanted } })).total_count, 1)
  })
  await suite.check('deleteTag', async (call) => {
    for (const key of ['cost center', 'a:b', '例子 x']) await call({ ...zone, key })
    await call.refused(404, { ...zone, key: 'a:b' })
  })
}
