import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { openStore } from '../store/open.ts'
import { type Lab, openLab, type Signer } from '../tenants/testing.ts'
import { keepAuditShort } from './audit.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab({ auditDays: 3 })
})
afterAll(() => lab.stop())

const audit = '/waymark/v1/audit'
const call = (method: string, path: string, body?: unknown) => lab.call(lab.operator, method, path, body)
const newest = async (query = '') => (await call('GET', `${audit}?limit=1${query}`)).json.entries[0]
async function makeZone(name: string): Promise<string> {
  return (await call('POST', '/v2/zones', { name })).json.id
}

describe('the audit log', () => {
  test('tells who wrote what, when, from where and under which request id', async () => {
    const before = Date.now()
    const answer = await call('POST', '/v2/zones', { name: 'who.example', email: 'dns@who.example' })
    const entry = await newest()
    expect(entry).toMatchObject({
      user: { name: 'admin' },
      project_id: lab.operator.project_id,
      address: '127.0.0.1',
      request_id: answer.headers.get('x-request-id'),
      operation: 'createZone',
      request: 'POST /v2/zones',
      zone_id: answer.json.id,
    })
    expect(Date.parse(entry.time)).toBeWithin(before, Date.now() + 1)
    expect(entry.changes[0]).toMatchObject({
      kind: 'Zone',
      id: answer.json.id,
      before: null,
      after: { name: 'who.example.', email: 'dns@who.example' },
    })
  })

  test('shows a record set before and after, without the serial of its zone', async () => {
    const zone = await makeZone('diff.example')
    const path = `/v2/zones/${zone}/recordsets`
    const body = { name: 'www.diff.example.', type: 'A', ttl: 60, records: ['192.0.2.1'] }
    const { id } = (await call('POST', path, body)).json
    await call('PUT', `${path}/${id}`, { ...body, ttl: 90, records: ['192.0.2.2'] })
    const { changes, zone_id } = await newest()
    expect(zone_id).toBe(zone)
    expect(changes).toMatchObject([
      {
        kind: 'RecordSet',
        id,
        before: { ttl: 60, records: ['192.0.2.1'] },
        after: { ttl: 90, records: ['192.0.2.2'] },
      },
    ])
    await call('DELETE', `${path}/${id}`)
    expect((await newest()).changes).toMatchObject([
      { kind: 'RecordSet', id, before: { ttl: 90 }, after: null },
    ])
  })

  test('holds no entry for what was refused or changed nothing', async () => {
    const zone = await makeZone('same.example')
    const { id } = await newest()
    expect((await call('POST', '/v2/zones', { name: 'same.example' })).status).toBe(400)
    expect((await call('PATCH', `/v2/zones/${zone}`, {})).status).toBeLessThan(500)
    await call('GET', '/v2/zones')
    expect((await newest()).id).toBe(id)
  })

  test('counts what a bulk task did and keeps the first changes', async () => {
    const zone = await makeZone('bulk.example')
    const recordsets = Array.from({ length: 300 }, (_, i) => ({
      name: `h${i}.bulk.example.`,
      type: 'A',
      records: ['192.0.2.1'],
    }))
    await call('POST', `/v2.1/zones/${zone}/recordsets/batch-create-task`, { recordsets })
    const entry = await newest(`&zone_id=${zone}`)
    expect(entry.operation).toBe('batchCreateRecordSetsTask')
    expect(entry.change_count).toBe(301)
    expect(entry.changes).toHaveLength(100)
    expect(entry.changes.map(({ kind }: { kind: string }) => kind)).toContain('RecordSet')
  })

  test('shows that a password or a permission changed, and no secret', async () => {
    const { id } = await lab.makeUser(lab.operator, { name: 'rita', password: 'first secret' })
    const change = { password: 'second secret', role: 'none' }
    await call('PATCH', `/waymark/v1/users/${id}`, change)
    const entry = await newest()
    const [user, grant] = entry.changes
    expect(user.kind).toBe('User')
    expect(user.before.passwordHash).not.toBe(user.after.passwordHash)
    expect(grant).toMatchObject({ kind: 'Grant', before: { role: 'read_only' }, after: { role: 'none' } })
    const all = await call('GET', `${audit}/export`)
    expect(all.text).not.toContain('argon2')
    expect(all.text).not.toContain('secret')
  })

  test('is paged, searched and exported as JSON lines', async () => {
    const ids: string[] = []
    let path = `${audit}?limit=3`
    for (;;) {
      const { entries, links } = (await call('GET', path)).json
      ids.push(...entries.map(({ id }: { id: string }) => id))
      if (links.next === undefined) break
      path = links.next.slice(lab.control.url.length)
    }
    const lines = (await call('GET', `${audit}/export`)).text.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
    const found = (await call('GET', `${audit}?operation=createUser&user=admin&from=2020-01-01`)).json.entries
    expect(found).toHaveLength(1)
    expect((await call('GET', `${audit}?until=2020-01-01T00:00:00Z`)).json.entries).toEqual([])
    expect((await call('GET', `${audit}?from=yesterday`)).status).toBe(400)
  })

  test('shows an account its own writes only, and only to administrators', async () => {
    const other: Signer = await lab.makeAccount('audited')
    await lab.call(other, 'POST', '/v2/zones', { name: 'audited.example' })
    const own = await lab.call(other, 'GET', audit)
    expect(own.json.entries.map(({ operation }: { operation: string }) => operation)).toEqual(['createZone'])
    expect((await call('GET', `${audit}/export`)).text).not.toContain('audited.example')
    const full = await lab.makeUser(other, { name: 'full', role: 'full_access' })
    expect((await lab.call(full, 'GET', audit)).status).toBe(403)
  })
})

test('entries older than the days to keep are dropped', async () => {
  const store = await openStore({ file: ':memory:' })
  await store.migrate()
  const day = 24 * 60 * 60_000
  const entry = {
    ...{ domainId: 'd', projectId: 'p', userId: 'u', userName: 'n', address: '', requestId: 'r' },
    ...{ operation: 'o', request: '', zoneId: null, changes: [], changeCount: 0 },
  }
  await store.transaction(async (tx) => {
    await tx.insertAuditEntry({ ...entry, id: '1', at: 6 * day })
    await tx.insertAuditEntry({ ...entry, id: '2', at: 8 * day })
  })
  const stop = keepAuditShort(store, 3, () => 10 * day, console.error)
  for (let i = 0; i < 20_000 && (await store.listAudit('d', {}, { limit: 9 })).length > 1; i++)
    await Bun.sleep(1)
  stop()
  expect((await store.listAudit('d', {}, { limit: 9 })).map(({ id }) => id)).toEqual(['2'])
  await store.close()
})
