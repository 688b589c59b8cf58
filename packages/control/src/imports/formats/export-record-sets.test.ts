import { beforeAll, expect, test } from 'bun:test'
import { encodeRdatas } from '@waymark/dns/feed-codec'
import { parseName, ROOT } from '@waymark/dns/name'
import { rrTypeByName } from '@waymark/dns/rr-types/registry'
import { parseZoneFile } from '@waymark/dns/zone-file/parse'
import type { RecordSet, TaskError, Zone } from '../../store/store.ts'
import { exportRecordSets } from './export-record-sets.ts'
import { writeFailedItems } from './failed-items.ts'
import type { FileFormat, FileItem, Language } from './file-item.ts'
import { readItems } from './read-items.ts'

const ZONE: Zone = {
  id: '0'.repeat(32),
  domainId: 'd',
  projectId: 'p',
  zoneType: 'public',
  name: 'shop.example.',
  apex: 'shop.example.',
  description: '',
  email: '',
  ttl: 300,
  status: 'ACTIVE',
  serial: 4711,
  revision: 1,
  primaries: [],
  recordCount: 0,
  enterpriseProjectId: '0',
  proxyPattern: null,
  routers: [],
  tags: [],
  createdAt: 0,
  updatedAt: null,
}

function row(owner: string, type: string, records: string[], changes: Partial<RecordSet> = {}): RecordSet {
  const rr = rrTypeByName(type)
  const rdatas = records.map((text) => {
    const parsed = rr?.parse(text.replace(/[()]/g, ' '), ROOT)
    return parsed?.ok ? parsed.value : new Uint8Array(0)
  })
  return {
    id: `${owner}${type}${records}`,
    zoneId: ZONE.id,
    name: owner,
    owner,
    type,
    line: 'default_view',
    ttl: 300,
    weight: null,
    records,
    rdatas: rr === undefined ? null : encodeRdatas(rdatas),
    status: 'ACTIVE',
    isDefault: false,
    description: null,
    aliasTarget: null,
    tags: [],
    createdAt: 0,
    updatedAt: null,
    ...changes,
  }
}

const ROWS: RecordSet[] = [
  row('_dmarc.shop.example.', 'TXT', ['"v=DMARC1; p=none" "中文; x"']),
  row('cdn.shop.example.', 'CNAME', ['a.example.net.'], { weight: 1 }),
  row('cdn.shop.example.', 'CNAME', ['b.example.net.'], { weight: 9 }),
  row('go.shop.example.', 'REDIRECT_URL', ['https://www.shop.example/x']),
  row('old.shop.example.', 'A', ['192.0.2.9'], {
    status: 'DISABLE',
    description: 'line\nbreak, "quoted"; <x>',
  }),
  row('shop.example.', 'CAA', ['0 issue "ca.example"']),
  row('shop.example.', 'CNAME', ['apex.example.net.'], { line: 'default_view' }),
  row('shop.example.', 'MX', ['5 mx1.shop.example.', '10 mx2.shop.example.'], { ttl: 3600 }),
  row('shop.example.', 'NS', ['ns1.example.net.', 'ns2.example.net.'], { isDefault: true, ttl: 172800 }),
  row('shop.example.', 'SOA', ['ns1.example.net. h.shop.example. (1 7200 900 1209600 300)'], {
    isDefault: true,
  }),
  row('www.shop.example.', 'A', ['198.51.100.7'], { line: 'Dianxin_Beijing', weight: 1 }),
  row('www.shop.example.', 'A', ['192.0.2.1', '192.0.2.2'], { weight: 2, ttl: 600 }),
  row('www.shop.example.', 'A', ['192.0.2.2', '192.0.2.3'], { weight: 3, ttl: 60 }),
]

const source = (rows: readonly RecordSet[]) => ({
  recordSetsInOrder: async (_zoneId: string, after: RecordSet | undefined, limit: number) => {
    const start = after === undefined ? 0 : rows.indexOf(after) + 1
    return rows.slice(start, start + limit)
  },
  recordSetsAt: async (_zoneId: string, owners: readonly string[]) =>
    rows.filter(({ owner }) => owners.includes(owner)),
})

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return new Uint8Array(Buffer.concat(all))
}

const exported = (format: FileFormat, language: Language = 'zh-cn', rows: readonly RecordSet[] = ROWS) =>
  bytesOf(exportRecordSets(format, ZONE, source(rows), language))

async function itemsOf(format: FileFormat, bytes: Uint8Array): Promise<readonly FileItem[]> {
  const result = await readItems(format, bytes, ZONE, { maxItems: 1_000_000, overLimit: 'refuse' })
  if (!result.ok) throw new Error(result.detail)
  return result.items
}

let zoneText = ''
beforeAll(async () => {
  zoneText = new TextDecoder().decode(await exported('zone'))
})

for (const format of ['xlsx', 'csv', 'json'] as const) {
  for (const language of ['zh-cn', 'en-us'] as const) {
    test(`an export as ${format} with ${language} headers imports as the same record sets`, async () => {
      const items = await itemsOf(format, await exported(format, language))
      const drafts = items.map((item) => ('draft' in item ? item.draft : item.failure))
      expect(drafts).toEqual(
        ROWS.filter(({ isDefault }) => !isDefault).map(
          ({ name, type, line, ttl, weight, records, status, description }) => ({
            name,
            type,
            line,
            ttl,
            weight: weight ?? undefined,
            records,
            status: status === 'ACTIVE' ? 'ENABLE' : 'DISABLE',
            description,
          }),
        ),
      )
    })
  }
}

test('an export of six thousand record sets is written in pieces and read again', async () => {
  const rows = Array.from({ length: 6_000 }, (_, n) => row(`h${n}.shop.example.`, 'A', ['192.0.2.1']))
  for (const format of ['xlsx', 'csv', 'json', 'zone'] as const) {
    let pieces = 0
    const all: Uint8Array[] = []
    for await (const piece of exportRecordSets(format, ZONE, source(rows), 'en-us')) {
      all.push(piece)
      pieces += 1
    }
    expect(pieces).toBeGreaterThan(2)
    expect((await itemsOf(format, new Uint8Array(Buffer.concat(all)))).length).toBe(6_000)
  }
})

test('an empty zone exports as files without rows', async () => {
  expect(new TextDecoder().decode(await exported('json', 'en-us', []))).toBe('{"recordsets":[]}\n')
  expect(new TextDecoder().decode(await exported('csv', 'en-us', []))).toBe(
    'Domain Name,Type,Line,TTL (s),Value,Weight,Status,Description\r\n',
  )
})

test('the zone file begins with SOA, published serial, and the NS, and every record line can be read', () => {
  const origin = parseName('shop.example.')
  const { records, problems } = parseZoneFile(zoneText, { origin: origin.ok ? origin.value : ROOT })
  expect(problems).toEqual([])
  const lines = zoneText.split('\n').filter((line) => line !== '' && !line.startsWith(';'))
  expect(records.length).toBe(lines.length - 1)
  expect(lines.map((line) => line.replace(/ +/g, ' '))).toEqual([
    '$ORIGIN shop.example.',
    '@ 300 IN SOA ns1.example.net. h.shop.example. 4711 7200 900 1209600 300',
    '@ 172800 IN NS ns1.example.net.',
    '@ 172800 IN NS ns2.example.net.',
    '_dmarc 300 IN TXT "v=DMARC1; p=none" "\\228\\184\\173\\230\\150\\135; x"',
    'cdn 300 IN CNAME b.example.net.',
    '@ 300 IN CAA 0 issue "ca.example"',
    '@ 3600 IN MX 5 mx1.shop.example.',
    '@ 3600 IN MX 10 mx2.shop.example.',
    'www 60 IN A 192.0.2.1',
    'www 60 IN A 192.0.2.2',
    'www 60 IN A 192.0.2.3',
  ])
})

test('what a zone file cannot say stands in it as comments, with their number', () => {
  const comments = zoneText.split('\n').filter((line) => line.startsWith(';'))
  expect(comments).toEqual([
    '; Zone shop.example. serial 4711, view of the default line',
    '; not in this file (further weighted CNAME or DNAME): cdn.shop.example. 300 IN CNAME line default_view weight 1: a.example.net.',
    '; not in this file (URL forwarding): go.shop.example. 300 IN REDIRECT_URL line default_view: https://www.shop.example/x',
    '; not in this file (paused): old.shop.example. 300 IN A line default_view: 192.0.2.9',
    '; not in this file (a CNAME at the apex): shop.example. 300 IN CNAME line default_view: apex.example.net.',
    '; not in this file (on other lines): www.shop.example. 300 IN A line Dianxin_Beijing weight 1: 198.51.100.7',
    '; 5 record sets could not be written as records: 1 further weighted CNAME or DNAME, 1 URL forwarding, 1 paused, 1 a CNAME at the apex, 1 on other lines',
  ])
})

const ERRORS: TaskError[] = [
  {
    index: 0,
    item: {
      name: 'www.shop.example.',
      type: 'A',
      line: 'default_view',
      ttl: 300,
      weight: 1,
      records: ['192.0.2.1', 'x'],
      status: 'ERROR',
    },
    code: 'DNS.0308',
    message: 'Invalid record set value. "x", sorry.',
  },
  {
    index: 3,
    item: {
      name: 'm.other.example.',
      type: 'A',
      line: 'Mars',
      ttl: 'five',
      value: ['192.0.2.40'],
      description: 'd',
    },
    code: 'DNS.0806',
    message: 'This line is not be supported\nin this DNS version.',
  },
]

for (const format of ['xlsx', 'csv', 'json'] as const) {
  test(`failed items as ${format} carry their reason and can be imported again`, async () => {
    const bytes = await bytesOf(writeFailedItems(format, ERRORS, ZONE, 'en-us'))
    const items = await itemsOf(format, bytes)
    expect(items[0]).toMatchObject({
      draft: {
        name: 'www.shop.example.',
        type: 'A',
        ttl: 300,
        weight: 1,
        records: ['192.0.2.1', 'x'],
        status: 'ENABLE',
      },
    })
    expect(items[1]).toMatchObject({
      shown: { name: 'm.other.example.', line: 'Mars', ttl: 'five', records: ['192.0.2.40'] },
    })
    if (format !== 'xlsx') expect(new TextDecoder().decode(bytes)).toContain('DNS.0308')
  })
}

test('failed items as a zone file carry their reason in a comment above', async () => {
  const text = new TextDecoder().decode(await bytesOf(writeFailedItems('zone', ERRORS, ZONE, 'en-us')))
  expect(text.split('\n')).toEqual([
    '$ORIGIN shop.example.',
    '; DNS.0308 Invalid record set value. "x", sorry.',
    'www.shop.example. 300 IN A 192.0.2.1',
    'www.shop.example. 300 IN A x',
    '; DNS.0806 This line is not be supported in this DNS version.',
    '; m.other.example. five IN A 192.0.2.40 (line Mars)',
    '',
  ])
})
