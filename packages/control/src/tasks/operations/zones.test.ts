import { afterEach, describe, expect, test } from 'bun:test'
import { type Operations, openOperations, RECEIVER, TENANT } from './testing.ts'

let bed: Operations
afterEach(() => bed.close())

describe('batch-create-zone', () => {
  const run = (...zone_names: string[]) => bed.run('batch-create-zone', { zone_names })

  test('creates public zones with SOA and NS, announced to the edges', async () => {
    bed = await openOperations()
    const id = await bed.submit('batch-create-zone', {
      zone_names: ['shop.example', 'Bücher.example.'],
      enterprise_project_id: 'e'.repeat(36),
    })
    const task = await bed.finished(id)
    expect(task).toMatchObject({ successCount: 2, errorCount: 0, feedSeq: 2 })
    const shop = await bed.zoneAt('shop.example.')
    expect(shop).toMatchObject({
      ...TENANT,
      name: 'shop.example.',
      zoneType: 'public',
      ttl: 300,
      email: 'hostmaster@shop.example',
      enterpriseProjectId: 'e'.repeat(36),
      recordCount: 2,
      serial: 1,
      status: 'ACTIVE',
    })
    expect((await bed.zoneAt('xn--bcher-kva.example.')).name).toBe('bücher.example.')
    const sets = await bed.recordSets(shop)
    expect(sets.map(({ type, isDefault, records }) => [type, isDefault, records.length])).toEqual([
      ['NS', true, 2],
      ['SOA', true, 1],
    ])
    expect(await bed.store.listTaskEffects(id)).toMatchObject([
      { index: 0, zoneId: shop.id, recordSetId: null, before: null },
      { index: 1, recordSetId: null, before: null },
    ])
  })

  test('judges names as single calls do, each seeing those before it', async () => {
    bed = await openOperations({ engine: { chunkItems: 4 } })
    await bed.insertReceiver()
    for (const [apex, domainId] of [
      ['taken.example.', TENANT.domainId],
      ['away.example.', RECEIVER.domainId],
    ] as const) {
      const zone = await bed.createZone(apex)
      await bed.store.transaction((tx) => tx.updateZone({ ...zone, domainId }))
    }
    const names = [
      'a.example',
      'A.example.',
      'b.a.example',
      'taken.example',
      'x.away.example',
      'away.example',
      'com',
      'a b',
    ]
    const { good, failed } = await run(...names)
    expect(good).toBe(2)
    expect(failed).toEqual([
      'a.example.: This zone already exists.',
      'taken.example.: This zone already exists.',
      'x.away.example.: The zone name is used by another tenant. A zone below it needs an authorization by TXT record (POST /v2/authorize-txtrecord).',
      'away.example.: The zone name is used by another tenant.',
      'com.: Invalid zone name.',
      'a b.: Invalid zone name.',
    ])
  })

  test('stops at the quota of the account', async () => {
    bed = await openOperations({ settings: { zoneQuota: 2 } })
    const { good, failed } = await run('a.example', 'com', 'b.example', 'c.example')
    expect(good).toBe(2)
    expect(failed[1]).toBe('c.example.: Insufficient zone quota.')
  })

  test('takes ten thousand names in seconds', async () => {
    bed = await openOperations()
    const before = process.cpuUsage()
    const id = await bed.submit('batch-create-zone', {
      zone_names: Array.from({ length: 10_000 }, (_, n) => `z${n}.example`),
    })
    expect((await bed.finished(id)).successCount).toBe(10_000)
    // About one second of the processor where it was measured; ten would be a statement for every zone.
    const { user, system } = process.cpuUsage(before)
    expect(user + system).toBeLessThan(10_000_000)
  }, 120_000)
})

describe('batch-transfer', () => {
  const run = (zone_names: readonly string[]) =>
    bed.run('batch-transfer', { zone_names, target_user: RECEIVER.domainId })
  const gone = 'This zone does not exist.'

  test('moves zones with record sets and tags to the default project of the receiver', async () => {
    bed = await openOperations()
    await bed.insertReceiver()
    await bed.run('batch-create-zone', {
      zone_names: ['shop.example'],
      enterprise_project_id: 'e'.repeat(36),
    })
    await bed.run('batch-create-recordset', {
      recordsets: [{ zone_name: 'shop.example', name: 'www', type: 'A', records: ['192.0.2.1'] }],
    })
    const tags = [{ key: 'k', value: 'v' }]
    const before = { ...(await bed.zoneAt('shop.example.')), tags }
    await bed.store.transaction((tx) => tx.updateZone(before))
    const { newest } = await bed.store.feedBounds()

    expect(await run(['shop.example', 'SHOP.example.', 'none.example'])).toEqual({
      good: 1,
      failed: [`shop.example.: ${gone}`, `none.example.: ${gone}`],
    })
    const after = await bed.zoneAt('shop.example.')
    expect(after).toEqual({
      ...before,
      ...RECEIVER,
      enterpriseProjectId: '0',
      revision: before.revision + 1,
      updatedAt: after.updatedAt,
    })
    expect(await bed.setsOf('shop.example.')).toEqual(['www.shop.example. A 192.0.2.1'])
    expect(await bed.store.findZone(TENANT, before.id)).toBeUndefined()
    expect(await bed.store.findZone(RECEIVER, before.id)).toEqual(after)
    // The edges learn whose zone it is.
    expect((await bed.store.feedBounds()).newest).toBe(newest + 1)
    const [task] = (await bed.store.listTasks(TENANT, { zoneId: null }, { limit: 1, offset: 0 })).rows
    const { domainId, projectId, enterpriseProjectId } = before
    expect(await bed.store.listTaskEffects(task!.id)).toEqual([
      {
        index: 0,
        zoneId: before.id,
        recordSetId: null,
        before: { domainId, projectId, enterpriseProjectId },
        after: { updatedAt: after.updatedAt },
      },
    ])
  })

  test('frees the zone of the tasks of its old account, and waits for none that is at work', async () => {
    bed = await openOperations({ isIdle: true })
    await bed.insertReceiver()
    const [free, busy] = [await bed.createZone('free.example.'), await bed.createZone('busy.example.')]
    const batch = (zoneId: string, items: number) =>
      bed.engine.submit(TENANT, {
        kind: 'create_record_sets',
        zoneId,
        items: Array.from({ length: items }, () => ({})),
        params: {},
        createdBy: 'tester',
      })
    await batch(free.id, 0)
    await batch(busy.id, 1)
    const id = await bed.submit('batch-transfer', {
      zone_names: ['free.example', 'busy.example'],
      target_user: RECEIVER.domainId,
    })
    const zoneTask = (await bed.store.findTaskInSlot(TENANT, `batch:${busy.id}`))!
    // Another worker has the task of the zone while ours gives the zone away.
    await bed.store.transaction((tx) => tx.leaseTaskById(zoneTask.id, 'other', 0, Number.MAX_SAFE_INTEGER))
    bed.engine.start()
    await bed.finished(id)
    expect((await bed.show(id)).error_items).toEqual([
      { item: 'busy.example.', error_message: 'The zone is not in the Normal state.' },
    ])
    expect(await bed.store.findTaskInSlot(RECEIVER, `batch:${free.id}`)).toBeUndefined()
    expect(await bed.store.findTaskInSlot(TENANT, `batch:${free.id}`)).toBeUndefined()
  })

  test('leaves what is private, foreign or frozen, and what stands on a line of its account', async () => {
    bed = await openOperations()
    await bed.insertReceiver()
    await bed.createZone('corp.example.', 'private')
    const frozen = await bed.createZone('frozen.example.')
    await bed.store.transaction((tx) => tx.updateZone({ ...frozen, status: 'POLICE' }))
    const lineId = `custom_${'7'.repeat(32)}`
    await bed.createZone('lines.example.')
    await bed.store.transaction((tx) =>
      tx.insertCustomLine({
        lineId,
        domainId: TENANT.domainId,
        name: 'mine',
        ipSegments: ['192.0.2.0-192.0.2.9'],
        status: 'ACTIVE',
        description: '',
        createdAt: 1,
        updatedAt: null,
      }),
    )
    const made = await bed.run('batch-create-recordset', {
      recordsets: [{ zone_name: 'lines.example', type: 'A', line: lineId, records: ['192.0.2.1'] }],
    })
    expect(made).toEqual({ good: 1, failed: [] })
    expect(await run(['corp.example', 'frozen.example', 'lines.example'])).toEqual({
      good: 0,
      failed: [
        `corp.example.: ${gone}`,
        'frozen.example.: The domain name has been frozen.',
        'lines.example.: This line is not be supported in this DNS version.',
      ],
    })
  })

  test('needs the receiver to have room for the zones and their record sets', async () => {
    bed = await openOperations({ settings: { zoneQuota: 3, recordSetQuota: 2 } })
    await bed.insertReceiver()
    await bed.run('batch-create-zone', { zone_names: ['a.example', 'b.example', 'c.example'] })
    const set = (zone_name: string, name: string) => ({ zone_name, name, type: 'A', records: ['192.0.2.1'] })
    await bed.run('batch-create-recordset', { recordsets: [set('a.example', 'x'), set('b.example', 'x')] })
    expect(await run(['a.example'])).toEqual({ good: 1, failed: [] })
    await bed.run('batch-create-recordset', { recordsets: [set('b.example', 'y')] })
    expect(await run(['b.example', 'c.example'])).toEqual({
      good: 1,
      failed: ['b.example.: Insufficient record set quota.'],
    })
    await bed.run('batch-create-zone', { zone_names: ['d.example', 'e.example'] })
    expect(await run(['d.example', 'e.example'])).toEqual({
      good: 1,
      failed: ['e.example.: Insufficient zone quota.'],
    })
  })

  test('refuses an account that is unknown, switched off, without project, or one’s own, at once', async () => {
    bed = await openOperations()
    await bed.insertAccount(TENANT.domainId, true)
    await bed.insertAccount('off', false)
    for (const target_user of ['nobody', 'off', TENANT.domainId, '', 7, undefined])
      expect(await bed.refusal('batch-transfer', { zone_names: ['a.example'], target_user })).toBe(
        '400 DNS.0311 Invalid domain ID.',
      )
    expect((await bed.store.listTasks(TENANT, {}, { limit: 1, offset: 0 })).total).toBe(0)
  })
})
