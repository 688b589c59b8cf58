import { afterEach, describe, expect, test } from 'bun:test'
import { type Operations, openOperations, TENANT } from './testing.ts'

let bed: Operations
afterEach(() => bed.close())

const address = (zone_name: string, name: string, value = '192.0.2.1') => ({
  zone_name,
  name,
  type: 'A',
  records: [value],
})

describe('batch-create-recordset', () => {
  const run = (...recordsets: object[]) => bed.run('batch-create-recordset', { recordsets })

  test('creates different record sets in different zones, named with or without final dot', async () => {
    bed = await openOperations()
    const shop = await bed.createZone('shop.example.')
    await bed.createZone('news.example.')
    const { good, failed } = await run(
      { ...address('shop.example', 'www'), ttl: 600, weight: 7, status: 'DISABLE', line: 'CN' },
      address('NEWS.example.', 'a.b.news.example.'),
      { zone_name: 'news.example', type: 'TXT', records: ['"apex"'] },
      address('shop.example.', '*'),
    )
    expect({ good, failed }).toEqual({ good: 4, failed: [] })
    expect(await bed.setsOf('news.example.')).toEqual([
      'a.b.news.example. A 192.0.2.1',
      'news.example. TXT "apex"',
    ])
    const www = (await bed.recordSets(shop)).find((set) => set.name === 'www.shop.example.')
    expect(www).toMatchObject({ ttl: 600, weight: 7, status: 'DISABLE', line: 'CN', description: null })
  })

  test('reports what fails by its full name, in the order of the request, with the words of a single call', async () => {
    bed = await openOperations()
    await bed.createZone('shop.example.')
    await bed.createZone('news.example.')
    const { good, failed } = await run(
      address('news.example', 'www', 'bad'),
      address('shop.example', 'www'),
      address('shop.example', 'www'),
      { ...address('news.example', 'm'), line: 'Mars' },
      { zone_name: 'shop.example', name: 'www', type: 'CNAME', records: ['cdn.example.net.'] },
      {
        zone_name: 'shop.example',
        name: 'old',
        type: 'REDIRECT_URL',
        records: ['https://www.shop.example/'],
      },
      address('shop.example', 'a b'),
    )
    expect(good).toBe(1)
    expect(failed).toEqual([
      `www.news.example.: Invalid record set value. The A value 'bad' is invalid: "bad" is not an IPv4 address such as 192.0.2.1.`,
      'www.shop.example.: Duplicate record set exists. (name: www.shop.example., type: A, records: 192.0.2.1).',
      'm.news.example.: This line is not be supported in this DNS version.',
      "www.shop.example.: This record set name already exists.Conflicts with Record Set 'www.shop.example.' type 'A' in line 'default_view'.",
      'old.shop.example.: Invalid record set type.',
      'a b: Invalid record set name.',
    ])
  })

  test('counts a zone that does not exist as one error, whatever is wanted in it, also in later chunks', async () => {
    bed = await openOperations({ engine: { chunkItems: 3 } })
    await bed.createZone('shop.example.')
    await bed.createZone('corp.example.', 'private')
    const foreign = await bed.createZone('away.example.')
    await bed.store.transaction((tx) => tx.updateZone({ ...foreign, domainId: 'f'.repeat(32) }))
    const { good, failed } = await run(
      address('gone.example', 'a'),
      address('shop.example', 'a'),
      address('gone.example', 'b'),
      address('GONE.example.', 'c'),
      address('corp.example', 'a'),
      address('no zone', 'c'),
      address('shop.example', 'b'),
      address('gone.example', 'c'),
      address('away.example', 'c'),
    )
    expect(good).toBe(2)
    expect(failed).toEqual([
      'gone.example.: This zone does not exist.',
      'corp.example.: This zone does not exist.',
      'no zone.: This zone does not exist.',
      'away.example.: This zone does not exist.',
    ])
  })

  test('joins the MX items of one zone, name and line', async () => {
    bed = await openOperations()
    await bed.createZone('shop.example.')
    await bed.createZone('news.example.')
    const mx = (zone_name: string, name: string, value: string) => ({
      zone_name,
      name,
      type: 'MX',
      records: [value],
    })
    const { good, failed } = await run(
      mx('shop.example', '', '5 mx1.example.'),
      mx('news.example', '', '5 mx1.example.'),
      mx('SHOP.example.', 'shop.example.', '10 mx2.example.'),
      { ...mx('shop.example', '@', '20 mx3.example.'), line: 'CN' },
    )
    expect({ good, failed }).toEqual({ good: 3, failed: [] })
    expect(await bed.setsOf('shop.example.')).toEqual([
      'shop.example. MX 20 mx3.example.',
      'shop.example. MX 5 mx1.example.,10 mx2.example.',
    ])
  })

  test('raises serial and revision once a chunk and publishes one feed entry a zone', async () => {
    bed = await openOperations()
    await bed.createZone('shop.example.')
    const news = await bed.createZone('news.example.')
    const before = (await bed.store.feedBounds()).newest
    await run(address('shop.example', 'a'), address('shop.example', 'b'), address('news.example', 'a'), {
      ...address('news.example', 'b'),
      records: ['bad'],
    })
    const shop = await bed.zoneAt('shop.example.')
    expect(shop).toMatchObject({ serial: 2, revision: 2, recordCount: 2 })
    const entries = await bed.store.readFeed(before, 9)
    expect(entries.map(({ zoneId, serial }) => [zoneId, serial])).toEqual([
      [shop.id, 2],
      [news.id, 2],
    ])
    const [task] = (await bed.store.listTasks(TENANT, { zoneId: null }, { limit: 1, offset: 0 })).rows
    expect(task!.feedSeq).toBe(before + 2)
  })

  test('stops at the quota of the account, over all zones', async () => {
    bed = await openOperations({ settings: { recordSetQuota: 2 } })
    for (const name of ['a.example', 'b.example', 'c.example'])
      expect((await bed.run('batch-create-zone', { zone_names: [name] })).good).toBe(1)
    const { good, failed } = await run(
      address('a.example', 'x'),
      address('b.example', 'x', 'bad'),
      address('b.example', 'x'),
      address('c.example', 'x'),
    )
    expect(good).toBe(2)
    expect(failed[1]).toBe('x.c.example.: Insufficient record set quota.')
  })

  test('leaves frozen zones alone', async () => {
    bed = await openOperations()
    const zone = await bed.createZone('shop.example.')
    await bed.store.transaction((tx) => tx.updateZone({ ...zone, status: 'FREEZE' }))
    expect(await run(address('shop.example', 'a'))).toEqual({
      good: 0,
      failed: ['a.shop.example.: The domain name has been frozen.'],
    })
  })

  test('keeps what it made, so that it can be undone', async () => {
    bed = await openOperations()
    const zone = await bed.createZone('shop.example.')
    const id = await bed.submit('batch-create-recordset', {
      recordsets: [address('gone.example', 'a'), address('shop.example', 'a')],
    })
    await bed.finished(id)
    const [set] = await bed.recordSets(zone)
    expect(await bed.store.listTaskEffects(id)).toEqual([
      { index: 1, zoneId: zone.id, recordSetId: set!.id, before: null, after: { updatedAt: null } },
    ])
  })
})

describe('batch-create-combined-recordset', () => {
  const run = (body: object) =>
    bed.run('batch-create-combined-recordset', { type: 'A', records: ['192.0.2.1'], ...body })

  test('creates the same values at every prefix of every zone', async () => {
    bed = await openOperations({ engine: { chunkItems: 2 } })
    const names = ['shop.example', 'news.example', 'blog.example']
    for (const name of names) await bed.createZone(`${name}.`)
    const prefixes = ['', 'www', '*', 'a.b']
    const { good, failed } = await run({
      zone_names: names,
      recordset_name_prefixes: prefixes,
      ttl: 60,
      line: 'CN',
    })
    expect({ good, failed }).toEqual({ good: 12, failed: [] })
    for (const name of names)
      expect((await bed.setsOf(`${name}.`)).sort()).toEqual(
        ['*', 'a.b', 'www']
          .map((prefix) => `${prefix}.${name}. A 192.0.2.1`)
          .concat(`${name}. A 192.0.2.1`)
          .sort(),
      )
    const [set] = await bed.recordSets(await bed.zoneAt('blog.example.'))
    expect(set).toMatchObject({ ttl: 60, line: 'CN', weight: 1 })
  })

  test('reports each record set that fails and each missing zone once', async () => {
    bed = await openOperations()
    await bed.createZone('shop.example.')
    await bed.run('batch-create-recordset', { recordsets: [address('shop.example', 'www')] })
    const { good, failed } = await run({
      zone_names: ['gone.example', 'shop.example', 'SHOP.example.'],
      recordset_name_prefixes: ['www', 'm'],
    })
    expect(good).toBe(1)
    const duplicate = (name: string) =>
      `${name}: Duplicate record set exists. (name: ${name}, type: A, records: 192.0.2.1).`
    expect(failed).toEqual([
      'gone.example.: This zone does not exist.',
      duplicate('www.shop.example.'),
      duplicate('www.shop.example.'),
      duplicate('m.shop.example.'),
    ])
  })

  test('has as many outcomes as record sets and missing zones', async () => {
    bed = await openOperations({ engine: { chunkItems: 2 } })
    await bed.createZone('shop.example.')
    const id = await bed.submit('batch-create-combined-recordset', {
      zone_names: ['a.example', 'shop.example', 'b.example'],
      recordset_name_prefixes: ['www', 'm'],
      type: 'A',
      records: ['192.0.2.1'],
    })
    expect(await bed.finished(id)).toMatchObject({
      itemCount: 3,
      totalCount: 4,
      successCount: 2,
      errorCount: 2,
    })
    const errors = await bed.store.listTaskErrors(id, { limit: 9, offset: 0 })
    expect(errors.map(({ index, code }) => [index, code])).toEqual([
      [0, 'DNS.0302'],
      [3, 'DNS.0302'],
    ])
  })
})
