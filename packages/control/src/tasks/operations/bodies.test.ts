import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Operations, openOperations, TENANT } from './testing.ts'

let bed: Operations
beforeAll(async () => {
  bed = await openOperations({ isIdle: true })
})
afterAll(() => bed.close())

const LIMIT = 'The batch number has been out of MAX count. The maximum is'
const INVALID = 'DNS.0002 Invalid request.'
const many = (count: number) => Array.from({ length: count }, (_, n) => `z${n}.example`)
const item = { zone_name: 'shop.example', name: 'www', type: 'A', records: ['192.0.2.1'] }
const items = (fields: object) => ({ recordsets: [item, { ...item, ...fields }] })
const combined = (fields: object) => ({
  ...{ zone_names: ['shop.example'], recordset_name_prefixes: ['www'], type: 'A', records: ['192.0.2.1'] },
  ...fields,
})
const condition = { condition: 'host_name', value: 'www' }
const update = (filter: object, info: object, zone_names: unknown = ['shop.example']) => ({
  zone_names,
  filter: { relation: 'OR', conditions: [condition], ...filter },
  update_info: { key: 'rr_value', values: ['192.0.2.1'], ...info },
})
const hosts = (prefixes: unknown) => ({ zone_names: ['shop.example'], recordset_name_prefixes: prefixes })

const REFUSED: Readonly<
  Record<string, readonly (readonly [fault: string, body: unknown, answer: string])[]>
> = {
  'batch-create-recordset': [
    ['no body', undefined, INVALID],
    ['no items', { recordsets: [] }, INVALID],
    ['too many', { recordsets: Array.from({ length: 10_001 }, () => item) }, `DNS.0326 ${LIMIT} 10000.`],
    ['an item that is none', { recordsets: ['www'] }, `${INVALID} (recordsets[0])`],
    ['no zone', items({ zone_name: null }), 'DNS.0202 Invalid zone name. (recordsets[1].zone_name)'],
    ['a short zone', items({ zone_name: 'ab' }), 'DNS.0202 Invalid zone name. (recordsets[1].zone_name)'],
    [
      'a long name',
      items({ name: 'a'.repeat(255) }),
      'DNS.0304 Invalid record set name. (recordsets[1].name)',
    ],
    ['no type', items({ type: '' }), 'DNS.0307 Invalid record set type. (recordsets[1].type)'],
    ['a line id', items({ line: 'a b' }), 'DNS.1601 Invalid line ID. (recordsets[1].line)'],
    ['a TTL', items({ ttl: 0 }), 'DNS.0319 The TTL parameter has been out of range. (recordsets[1].ttl)'],
    [
      'a weight',
      items({ weight: 1001 }),
      'DNS.0323 The weight must range from 0 to 1000. (recordsets[1].weight)',
    ],
    ['a status', items({ status: '' }), 'DNS.0315 Invalid status. (recordsets[1].status)'],
    [
      'no values',
      items({ records: [] }),
      'DNS.0308 Invalid record set value. recordsets[1].records is null or empty.',
    ],
    [
      '51 values',
      items({ records: Array.from({ length: 51 }, () => '192.0.2.1') }),
      'DNS.0308 Invalid record set value. recordsets[1].records has more than 50 values.',
    ],
  ],
  'batch-create-combined-recordset': [
    ['no zones', combined({ zone_names: null }), INVALID],
    ['too many zones', combined({ zone_names: many(10_001) }), `DNS.0326 ${LIMIT} 10000.`],
    [
      'a short zone',
      combined({ zone_names: ['shop.example', 'ab'] }),
      'DNS.0202 Invalid zone name. (zone_names[1])',
    ],
    ['no prefixes', combined({ recordset_name_prefixes: [] }), INVALID],
    ['51 prefixes', combined({ recordset_name_prefixes: many(51) }), `DNS.0326 ${LIMIT} 50.`],
    [
      'too many record sets',
      combined({ zone_names: many(5_001), recordset_name_prefixes: ['a', 'b'] }),
      `DNS.0326 ${LIMIT} 10000.`,
    ],
    [
      'a prefix that is no text',
      combined({ recordset_name_prefixes: [null] }),
      'DNS.0304 Invalid record set name. (recordset_name_prefixes[0])',
    ],
    ['an unknown type', combined({ type: 'WKS' }), 'DNS.0307 Invalid record set type. (type)'],
    ['URL forwarding', combined({ type: 'REDIRECT_URL' }), 'DNS.0307 Invalid record set type. (type)'],
    ['a TTL', combined({ ttl: '300' }), 'DNS.0303 Invalid record set TTL value. (ttl)'],
    [
      'half a surrogate pair',
      combined({ type: 'TXT', records: ['"\ud800"'] }),
      'DNS.0308 Invalid record set value. records[0] holds U+0000 or half a surrogate pair.',
    ],
  ],
  'batch-update-recordset': [
    ['too many zones', update({}, {}, many(10_001)), `DNS.0329 ${LIMIT} 10000.`],
    ['no filter', { ...update({}, {}), filter: null }, `${INVALID} (filter)`],
    ['no change', { ...update({}, {}), update_info: [] }, `${INVALID} (update_info)`],
    ['another relation', update({ relation: 'XOR' }, {}), `${INVALID} (filter.relation)`],
    ['no conditions', update({ conditions: [] }, {}), `${INVALID} (filter.conditions)`],
    [
      'six conditions',
      update({ conditions: Array.from({ length: 6 }, () => condition) }, {}),
      `${INVALID} (filter.conditions)`,
    ],
    [
      'another condition',
      update({ conditions: [condition, { condition: 'type', value: 'A' }] }, {}),
      `${INVALID} (filter.conditions[1])`,
    ],
    [
      'a long host',
      update({ conditions: [{ condition: 'host_name', value: 'a'.repeat(255) }] }, {}),
      'DNS.0304 Invalid record set name. (filter.conditions[0].value)',
    ],
    ['another key', update({}, { key: 'ttl' }), `${INVALID} (update_info.key)`],
    [
      'no values',
      update({}, { values: [] }),
      'DNS.0308 Invalid record set value. update_info.values must be 1 to 50 strings of at most 4096 characters.',
    ],
  ],
  'batch-delete-recordset': [
    ['too many zones', { ...hosts(['']), zone_names: many(10_001) }, `DNS.0327 ${LIMIT} 10000.`],
    ['no prefixes', hosts(undefined), INVALID],
    ['six prefixes', hosts(['a', 'b', 'c', 'd', 'e', 'f']), `DNS.0327 ${LIMIT} 5.`],
    [
      'a prefix that is no text',
      hosts([1]),
      'DNS.0304 Invalid record set name. (recordset_name_prefixes[0])',
    ],
  ],
  'batch-create-zone': [
    ['no zones', { zone_names: [] }, INVALID],
    ['too many zones', { zone_names: many(10_001) }, `DNS.0326 ${LIMIT} 10000.`],
    ['a zone that is no text', { zone_names: [7] }, 'DNS.0202 Invalid zone name. (zone_names[0])'],
    [
      'an enterprise project',
      { zone_names: many(1), enterprise_project_id: '1' },
      'DNS.1905 Invalid enterprise project ID.',
    ],
  ],
  'batch-transfer': [
    ['too many zones', { zone_names: many(1_001), target_user: 'x' }, `DNS.0329 ${LIMIT} 1000.`],
    ['no zones', { target_user: 'x' }, INVALID],
    ['a long account', { zone_names: many(1), target_user: 'x'.repeat(65) }, 'DNS.0311 Invalid domain ID.'],
  ],
}

for (const [path, cases] of Object.entries(REFUSED)) {
  describe(path, () => {
    test.each(cases)('is refused at once for %s', async (_, body, answer) => {
      expect(await bed.refusal(path, body)).toBe(`400 ${answer}`)
      expect((await bed.store.listTasks(TENANT, {}, { limit: 1, offset: 0 })).total).toBe(0)
    })
  })
}
