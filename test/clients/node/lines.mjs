/** Lines that come with the service, custom lines, groups of lines. */
import assert from 'node:assert/strict'

export async function lines(suite) {
  await suite.check('listSystemLines', async (call) => {
    const listed = await call({ query: { locale: 'en-us', limit: 5 } })
    assert.deepEqual([listed.lines.length, listed.lines[0].id], [5, 'default_view'])
  })
  let line_id
  await suite.check('createCustomLine', async (call) => {
    const body = { name: 'office', ip_segments: ['198.51.100.0-198.51.100.255'] }
    const made = await call({ body })
    line_id = made.line_id
    assert.equal(made.status, 'PENDING_CREATE')
    await call.refused(400, { body })
  })
  await suite.check('updateCustomLine', async (call) => {
    assert.equal((await call({ line_id, body: { description: 'second floor' } })).description, 'second floor')
  })
  await suite.check('listCustomLine', async (call) => {
    const [row] = (await call({ query: { ip: '198.51.100.7', show_detail: true } })).lines
    assert.deepEqual([row.line_id, row.status], [line_id, 'ACTIVE'])
  })
  let linegroup_id
  await suite.check('createLineGroup', async (call) => {
    const made = await call({ body: { name: 'near', lines: [line_id, 'Dianxin'], description: '附近' } })
    linegroup_id = made.line_id
    assert.deepEqual(made.lines.sort(), [line_id, 'Dianxin'].sort())
  })
  await suite.check('showLineGroup', async (call) => {
    assert.equal((await call({ linegroup_id })).description, '附近')
  })
  await suite.check('listLineGroups', async (call) => {
    assert.equal((await call({ query: { name: 'near' } })).linegroups[0].line_id, linegroup_id)
  })
  await suite.check('updateLineGroups', async (call) => {
    const body = { name: 'nearer', lines: [line_id, 'Liantong'] }
    assert.equal((await call({ linegroup_id, body })).name, 'nearer')
  })
  await suite.check('deleteLineGroup', async (call) => {
    assert.equal((await call({ linegroup_id })).status, 'PENDING_DELETE')
    await call.refused(404, { linegroup_id })
  })
  await suite.check('deleteCustomLine', async (call) => {
    assert.equal((await call({ line_id })).status, 'PENDING_DELETE')
    await call.refused(404, { line_id })
  })
}
