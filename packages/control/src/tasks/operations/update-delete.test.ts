import { afterEach, describe, expect, test } from 'bun:test'
import type { RecordSet } from '../../store/store.ts'
import { type Operations, openOperations } from './testing.ts'

let bed: Operations
afterEach(() => bed.close())

/** Zones with SOA and NS, and `sets` in each of them. */
async function fill(zone_names: readonly string[], sets: readonly object[]): Promise<void> {
  await bed.run('batch-create-zone', { zone_names })
  const recordsets = zone_names.flatMap((zone_name) => sets.map((set) => ({ zone_name, ...set })))
  if (recordsets.length === 0) return
  const { failed } = await bed.run('batch-create-recordset', { recordsets })
  expect(failed).toEqual([])
}
const a = (name: string, value: string) => ({ name, type: 'A', records: [value] })
const txt = (name: string, value: string) => ({ name, type: 'TXT', records: [`"${value}"`] })
const setAt = async (apex: string, name: string): Promise<RecordSet> =>
  (await bed.recordSets(await bed.zoneAt(apex))).find((set) => set.name === name)!

describe('batch-update-recordset', () => {
  const run = (
    zone_names: readonly string[],
    hosts: readonly (string | undefined)[],
    key: string,
    values: readonly string[],
    relation = 'OR',
  ) =>
    bed.run('batch-update-recordset', {
      zone_names,
      filter: { relation, conditions: hosts.map((value) => ({ condition: 'host_name', value })) },
      update_info: { key, values },
    })

  test('gives new values to the sets at any of the hosts, on any line, and leaves the rest of them as it is', async () => {
    bed = await openOperations()
    await fill(
      ['shop.example', 'news.example'],
      [
        { ...a('www', '192.0.2.1'), ttl: 77, weight: 9, status: 'DISABLE' },
        { ...a('www', '192.0.2.2'), line: 'CN' },
        a('M', '192.0.2.3'),
        a('x', '192.0.2.4'),
      ],
    )
    const before = await setAt('shop.example.', 'www.shop.example.')
    const zones = ['shop.example', 'gone.example', 'news.example.']
    expect(await run(zones, ['WWW', 'm'], 'rr_value', ['192.0.2.99', '192.0.2.98'])).toEqual({
      good: 6,
      failed: ['gone.example.: This zone does not exist.'],
    })
    for (const zone of ['shop.example.', 'news.example.'])
      expect((await bed.setsOf(zone)).sort()).toEqual([
        `m.${zone} A 192.0.2.99,192.0.2.98`,
        `www.${zone} A 192.0.2.99,192.0.2.98`,
        `www.${zone} A 192.0.2.99,192.0.2.98`,
        `x.${zone} A 192.0.2.4`,
      ])
    const after = await setAt('shop.example.', 'www.shop.example.')
    expect(after.id).toBe(before.id)
    expect(after).toMatchObject({
      ttl: before.ttl,
      weight: before.weight,
      status: before.status,
      createdAt: before.createdAt,
    })
    expect(after.updatedAt).not.toBeNull()
  })

  test('reports the sets whose type cannot hold the values, and passes over zones without such a host', async () => {
    bed = await openOperations()
    await fill(['shop.example'], [a('www', '192.0.2.1'), txt('www', 'text')])
    await fill(['news.example'], [])
    const { good, failed } = await run(['shop.example', 'news.example'], ['www'], 'rr_value', ['2001:db8::1'])
    expect(good).toBe(0)
    expect(failed.map((text) => text.split(':', 1)[0])).toEqual(['www.shop.example.', 'www.shop.example.'])
    expect(await bed.zoneAt('shop.example.')).toMatchObject({ serial: 2, revision: 2 })
  })

  test('never touches the SOA and NS that a zone came with', async () => {
    bed = await openOperations()
    await fill(['shop.example'], [txt('', 'mine')])
    for (const host of ['', '@', undefined])
      expect(await run(['shop.example'], [host], 'rr_value', ['"new"'])).toEqual({ good: 1, failed: [] })
    const defaults = (await bed.recordSets(await bed.zoneAt('shop.example.'))).filter((set) => set.isDefault)
    expect(defaults.map((set) => set.updatedAt)).toEqual([null, null])
  })

  test('with AND matches one host only, however often it is named', async () => {
    bed = await openOperations()
    await fill(['shop.example'], [a('www', '192.0.2.1'), a('m', '192.0.2.1')])
    const and = (hosts: string[]) => run(['shop.example'], hosts, 'rr_value', ['192.0.2.7'], 'AND')
    expect(await and(['www', 'm'])).toEqual({ good: 0, failed: [] })
    expect(await and(['www', 'a b'])).toEqual({ good: 0, failed: [] })
    expect(await and(['www', 'WWW'])).toEqual({ good: 1, failed: [] })
  })

  test('moves a set to the first host under its id and puts copies at the others', async () => {
    bed = await openOperations()
    await fill(
      ['shop.example', 'news.example'],
      [{ ...a('www', '192.0.2.1'), ttl: 77, line: 'CN' }, txt('www', 't')],
    )
    const before = await setAt('shop.example.', 'www.shop.example.')
    const { good, failed } = await run(['shop.example', 'news.example'], ['www'], 'host_name', [
      'web',
      'm',
      'WEB',
    ])
    expect({ good, failed }).toEqual({ good: 8, failed: [] })
    expect((await bed.setsOf('shop.example.')).sort()).toEqual([
      'm.shop.example. A 192.0.2.1',
      'm.shop.example. TXT "t"',
      'web.shop.example. A 192.0.2.1',
      'web.shop.example. TXT "t"',
    ])
    const moved = (await bed.recordSets(await bed.zoneAt('shop.example.'))).find(
      (set) => set.id === before.id,
    )
    expect(moved).toMatchObject({ name: 'web.shop.example.', ttl: 77, line: 'CN', type: before.type })
    expect((await bed.zoneAt('news.example.')).recordCount).toBe(6)
  })

  test('leaves a set where it is when its own host is among them', async () => {
    bed = await openOperations()
    await fill(['shop.example'], [a('www', '192.0.2.1')])
    const before = await setAt('shop.example.', 'www.shop.example.')
    expect(await run(['shop.example'], ['www'], 'host_name', ['m', 'www'])).toEqual({ good: 2, failed: [] })
    expect(await setAt('shop.example.', 'www.shop.example.')).toEqual(before)
    expect(await bed.setsOf('shop.example.')).toEqual([
      'm.shop.example. A 192.0.2.1',
      'www.shop.example. A 192.0.2.1',
    ])
  })

  test('leaves a set where it is when its new host is taken or makes no name', async () => {
    bed = await openOperations()
    await fill(
      ['shop.example'],
      [a('www', '192.0.2.1'), { name: 'm', type: 'CNAME', records: ['x.example.'] }],
    )
    expect(await run(['shop.example'], ['www'], 'host_name', ['m', 'ok', 'a b'])).toEqual({
      good: 1,
      failed: [
        "m.shop.example.: This record set name already exists.Conflicts with Record Set 'm.shop.example.' type 'CNAME' in line 'default_view'.",
        'a b: Invalid record set name.',
      ],
    })
    expect((await bed.setsOf('shop.example.')).sort()).toEqual([
      'm.shop.example. CNAME x.example.',
      'ok.shop.example. A 192.0.2.1',
      'www.shop.example. A 192.0.2.1',
    ])
  })

  test('named twice in one chunk, a zone shows the second time what the first made of it', async () => {
    bed = await openOperations()
    await fill(
      ['shop.example'],
      [a('www', '192.0.2.1'), { name: 'm', type: 'CNAME', records: ['x.example.'] }],
    )
    const twice = ['shop.example', 'shop.example.']
    expect((await run(twice, ['www'], 'host_name', ['m'])).failed.length).toBe(2)
    expect(await run(twice, ['www'], 'host_name', ['web'])).toEqual({ good: 1, failed: [] })
    expect(await run(twice, ['web'], 'rr_value', ['192.0.2.2'])).toEqual({ good: 2, failed: [] })
    expect(await bed.setsOf('shop.example.')).toEqual([
      'm.shop.example. CNAME x.example.',
      'web.shop.example. A 192.0.2.2',
    ])
  })

  test('keeps every set as it was, so that it can be undone', async () => {
    bed = await openOperations()
    await fill(['shop.example'], [{ ...a('www', '192.0.2.1'), ttl: 77 }])
    const before = await setAt('shop.example.', 'www.shop.example.')
    const id = await bed.submit('batch-update-recordset', {
      zone_names: ['shop.example'],
      filter: { relation: 'OR', conditions: [{ condition: 'host_name', value: 'www' }] },
      update_info: { key: 'host_name', values: ['web', 'm'] },
    })
    await bed.finished(id)
    const after = await setAt('shop.example.', 'web.shop.example.')
    const copy = await setAt('shop.example.', 'm.shop.example.')
    const { rdatas: _, ...image } = before
    expect(await bed.store.listTaskEffects(id)).toEqual([
      {
        index: 0,
        zoneId: before.zoneId,
        recordSetId: before.id,
        before: image,
        after: { updatedAt: after.updatedAt },
      },
      {
        index: 1,
        zoneId: before.zoneId,
        recordSetId: copy.id,
        before: null,
        after: { updatedAt: null },
      },
    ])
  })
})

describe('batch-delete-recordset', () => {
  const run = (zone_names: readonly string[], recordset_name_prefixes: readonly string[]) =>
    bed.run('batch-delete-recordset', { zone_names, recordset_name_prefixes })

  test('deletes every set at the hosts, of any type and line; what is not there is no error', async () => {
    bed = await openOperations({ engine: { chunkItems: 2 } })
    const zones = ['shop.example', 'news.example', 'blog.example']
    await fill(zones, [
      a('www', '192.0.2.1'),
      { ...a('www', '192.0.2.2'), line: 'CN' },
      txt('www', 't'),
      a('*', '192.0.2.3'),
      a('m', '192.0.2.4'),
    ])
    const { good, failed } = await run([...zones, 'gone.example'], ['WWW', '*', 'none', 'www'])
    expect(good).toBe(12)
    expect(failed).toEqual(['gone.example.: This zone does not exist.'])
    for (const zone of zones) expect(await bed.setsOf(`${zone}.`)).toEqual([`m.${zone}. A 192.0.2.4`])
    expect((await bed.zoneAt('news.example.')).recordCount).toBe(3)
  })

  test('never deletes the SOA and NS that a zone came with', async () => {
    bed = await openOperations()
    await fill(['shop.example'], [txt('', 'mine')])
    expect(await run(['shop.example'], ['', '@'])).toEqual({ good: 1, failed: [] })
    const left = await bed.recordSets(await bed.zoneAt('shop.example.'))
    expect(left.map((set) => set.type).sort()).toEqual(['NS', 'SOA'])
  })

  test('reports sets that the operator has frozen', async () => {
    bed = await openOperations()
    await fill(['shop.example'], [a('www', '192.0.2.1')])
    const set = await setAt('shop.example.', 'www.shop.example.')
    await bed.store.transaction((tx) => tx.updateRecordSet({ ...set, status: 'FREEZE' }))
    expect(await run(['shop.example'], ['www'])).toEqual({
      good: 0,
      failed: ['www.shop.example.: The record set is not in a steady state.'],
    })
  })

  test('publishes that the names are gone, and keeps the sets for an undo', async () => {
    bed = await openOperations()
    await fill(['shop.example'], [a('www', '192.0.2.1')])
    const { rdatas: _, ...image } = await setAt('shop.example.', 'www.shop.example.')
    const { newest } = await bed.store.feedBounds()
    const id = await bed.submit('batch-delete-recordset', {
      zone_names: ['shop.example'],
      recordset_name_prefixes: ['www'],
    })
    const task = await bed.finished(id)
    expect(task.feedSeq).toBe(newest + 1)
    expect(await bed.store.listTaskEffects(id)).toEqual([
      { index: 0, zoneId: image.zoneId, recordSetId: image.id, before: image as never, after: null },
    ])
  })
})
