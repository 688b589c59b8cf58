/**
 * Lists over more rows than a page holds, and calls that come at the same moment: pages give each row once in one order, counts,
 * serial and answers agree whatever came first.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { formatName } from '@waymark/dns/name'
import { ask, recordLines } from '../support/dns-client.ts'
import { type Answer, type Service, startService } from '../support/service.ts'
import { untilTrue } from '../support/until.ts'

const COUNT = 1200
const PAGE = 170

let service: Service
let zone: { id: string; name: string }

beforeAll(async () => {
  service = await startService()
  zone = (await service.call('POST', '/v2/zones', { name: 'lists.example' })).json
  const recordsets = Array.from({ length: COUNT }, (_, i) => ({
    name: `n${String(i).padStart(4, '0')}`,
    ...[
      { type: 'A', records: [`192.0.2.${i % 250}`] },
      { type: 'TXT', records: [`"${i}"`] },
      { type: 'MX', records: ['5 mx.example.'] },
    ][i % 3],
  }))
  await batch(zone.id, recordsets)
}, 120_000)

afterAll(() => service?.stop())

async function batch(zoneId: string, recordsets: object[]): Promise<Answer['json']> {
  const path = `/v2.1/zones/${zoneId}/recordsets/batch-create-task`
  expect((await service.call('POST', path, { recordsets })).status).toBe(202)
  return (await service.settled(path)).json
}

/** How often each status and code came back. */
function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status, json } of answers) {
    const key = json?.code === undefined ? `${status}` : `${status} ${json.code}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

describe.each([
  ['/v2/zones/{zone}/recordsets', ['', 'sort_key=name', 'sort_key=type&sort_dir=desc']],
  [
    '/v2.1/zones/{zone}/recordsets',
    ['', 'sort_key=type&sort_dir=asc', 'sort_key=created_at', 'sort_key=view_name'],
  ],
  ['/v2/recordsets?zone_id={zone}', ['', 'sort_key=name&sort_dir=desc']],
  ['/v2.1/recordsets?zone_id={zone}', ['', 'sort_key=updated_at&sort_dir=asc', 'sort_key=type']],
])('%s', (path, sortings) => {
  const at = (...query: string[]): string => {
    const whole = path.replace('{zone}', zone.id)
    return `${whole}${whole.includes('?') ? '&' : '?'}${query.filter((part) => part !== '').join('&')}`
  }
  // biome-ignore lint/suspicious/noExplicitAny: rows of both shapes
  const ids = ({ json }: Answer): string[] => json.recordsets.map((row: any) => row.id)

  test.each(sortings)(
    'pages give each row once, by marker and by offset in the same order: %s',
    async (sorting) => {
      const byMarker: string[] = []
      let next: string | undefined = at(`limit=${PAGE}`, sorting)
      while (next !== undefined) {
        const page: Answer = await service.call('GET', next)
        expect(page.json.links.self).toBe(service.url + next)
        expect(page.json.metadata.total_count).toBe(COUNT + 2)
        byMarker.push(...ids(page))
        next = page.json.links.next?.slice(service.url.length)
      }
      expect(new Set(byMarker).size).toBe(COUNT + 2)
      const byOffset: string[] = []
      for (let offset = 0; offset < COUNT + 2; offset += 500)
        byOffset.push(...ids(await service.call('GET', at(`offset=${offset}`, sorting))))
      expect(byOffset).toEqual(byMarker)
    },
  )

  test('a page that ends with the last row, an empty one and one beyond the end name no next page', async () => {
    for (const [query, rows] of [
      [`offset=${COUNT + 2 - 300}&limit=300`, 300],
      ['limit=0', 0],
      ['offset=99999', 0],
    ] as const) {
      const { json } = await service.call('GET', at(query))
      expect(json.recordsets).toHaveLength(rows)
      expect(json.metadata.total_count).toBe(COUNT + 2)
      expect(json.links).not.toHaveProperty('next')
    }
  })

  test.each([
    ['limit=501', 'DNS.0006'],
    ['limit=-1', 'DNS.0006'],
    ['limit=1e2', 'DNS.0006'],
    ['offset=2147483648', 'DNS.0017'],
    ['offset=x', 'DNS.0017'],
    [`marker=${'f'.repeat(32)}`, 'DNS.0007'],
    ['marker=a%20b', 'DNS.0007'],
    ['status=active', 'DNS.0315'],
    ['sort_key=id', 'DNS.0032'],
    ['sort_dir=up', 'DNS.0033'],
    ['search_mode=exact', 'DNS.0002'],
    ['tags=a,b,c', 'DNS.1003'],
    ['tags=,', 'DNS.1003'],
  ])('?%s → %s', async (query, code) => {
    expect(tally([await service.call('GET', at(query))])).toEqual({ [`400 ${code}`]: 1 })
  })

  test('what is sent empty is not sent', async () => {
    const query = [
      'limit',
      'offset',
      'marker',
      'type',
      'name',
      'status',
      'sort_key',
      'sort_dir',
      'search_mode',
      'tags',
      'id',
    ]
    const { status, json } = await service.call('GET', at(...query.map((name) => `${name}=`)))
    expect([status, json.metadata?.total_count]).toEqual([200, COUNT + 2])
  })
})

describe('at the same moment', () => {
  const path = () => `/v2.1/zones/${zone.id}/recordsets`
  const all = (count: number, send: (i: number) => Promise<Answer>) =>
    Promise.all(Array.from({ length: count }, (_, i) => send(i)))
  const named = (label: string, i: number) => ({
    name: `${label}.${zone.name}`,
    type: 'A',
    records: [`192.0.2.${i}`],
  })

  test('fifty creations of one name make one set, or a weighted group of twenty', async () => {
    const plain = await all(50, (i) =>
      service.call('POST', `/v2/zones/${zone.id}/recordsets`, named('one', i)),
    )
    expect(tally(plain)).toEqual({ 202: 1, '400 DNS.0312': 49 })
    const weighted = await all(50, (i) => service.call('POST', path(), { ...named('group', i), weight: i }))
    expect(tally(weighted)).toEqual({ 202: 20, '400 DNS.0322': 30 })
  })

  test('fifty changes of one set leave one of them, fifty removals remove it once', async () => {
    const { json: made } = await service.call('POST', path(), named('changed', 0))
    const changes = await all(50, (i) =>
      service.call('PUT', `${path()}/${made.id}`, { ...named('changed', i), ttl: 100 + i }),
    )
    expect(tally(changes)).toEqual({ 202: 50 })
    const { json: shown } = await service.call('GET', `${path()}/${made.id}`)
    expect(shown.records).toEqual([`192.0.2.${shown.ttl - 100}`])
    await untilServed()
    const answer = await ask(service.dnsPort, shown.name, 'A')
    expect(recordLines(answer.answers)).toEqual([`${shown.name} ${shown.ttl} A ${shown.records[0]}`])
    const removals = await all(50, () => service.call('DELETE', `${path()}/${made.id}`))
    expect(tally(removals)).toEqual({ 202: 1, '404 DNS.0313': 49 })
  })

  test('twenty creations of one zone make one; record sets created while it goes are there or not found', async () => {
    const zones = await all(20, () => service.call('POST', '/v2/zones', { name: 'raced.example' }))
    expect(tally(zones)).toEqual({ 202: 1, '400 DNS.0208': 19 })
    const id = zones.find(({ status }) => status === 202)!.json.id
    const calls = await all(20, (i) =>
      i === 10
        ? service.call('DELETE', `/v2/zones/${id}`)
        : service.call('POST', `/v2/zones/${id}/recordsets`, {
            ...named('x', i),
            name: `x${i}.raced.example.`,
          }),
    )
    for (const { status } of calls) expect([202, 404]).toContain(status)
    expect((await service.call('GET', `/v2/zones/${id}`)).status).toBe(404)
    await untilServed()
    expect((await ask(service.dnsPort, 'x1.raced.example.', 'A')).header.rcode).toBe(5)
  })

  test('two batches in one zone: one task, the other is told so; batches of several zones all finish', async () => {
    const others = await all(4, (i) => service.call('POST', '/v2/zones', { name: `batch${i}.example` }))
    const items = Array.from({ length: 2000 }, (_, i) => ({
      name: `b${i}`,
      type: 'A',
      records: ['192.0.2.1'],
    }))
    const tasks = await Promise.all(others.map(({ json }) => batch(json.id, items)))
    for (const task of tasks) expect([task.success_count, task.error_count]).toEqual([2000, 0])
    const task = `${path()}/batch-create-task`
    await service.call('DELETE', task)
    const two = await all(2, () =>
      service.call('POST', task, { recordsets: [{ name: 'two', type: 'A', records: ['192.0.2.1'] }] }),
    )
    expect(tally(two)).toEqual({ 202: 1, '409 DNS.0021': 1 })
  })

  test('counts, serial and answers agree in the end', async () => {
    await untilServed()
    const { json: zones } = await service.call('GET', '/v2/zones')
    expect(zones.zones).toHaveLength(5)
    for (const shown of zones.zones) {
      const { json } = await service.call('GET', `/v2.1/zones/${shown.id}/recordsets?limit=0`)
      expect(json.metadata.total_count).toBe(shown.record_num)
      const soa = (await ask(service.dnsPort, shown.name, 'SOA')).answers[0]!
      expect(formatName(soa.owner)).toBe(shown.name)
      expect(new DataView(soa.rdata.slice().buffer).getUint32(soa.rdata.length - 20)).toBe(shown.serial)
    }
  })
})

/** Waits until every edge answers the newest change. */
const untilServed = (): Promise<void> =>
  untilTrue('the edge catches up', async () => {
    const { json } = await service.call('GET', '/waymark/v1/edges')
    return json.edges.length > 0 && json.edges.every(({ seq }: { seq: number }) => seq >= json.newest)
  })
