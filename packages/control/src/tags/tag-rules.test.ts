import { expect, test } from 'bun:test'
import type { Tag } from '../store/store.ts'
import { keptTags, MAX_TAGS, tagFault } from './tag-rules.ts'

test.each([
  [[{ key: 'env', value: 'prod' }], undefined],
  [[{ key: 'größe 1_.:=+-@', value: 'a/b' }], undefined],
  [[{ key: '环境', value: '' }], undefined],
  [[{ key: 'k'.repeat(128), value: 'v'.repeat(255) }], undefined],
  [[{ key: 'env' }], undefined],
  [[{ key: 'env', value: null }], undefined],
  [[{ key: '', value: '' }], 'DNS.1003'],
  [[{ key: ' env', value: '' }], 'DNS.1003'],
  [[{ key: 'env ', value: '' }], 'DNS.1003'],
  [[{ key: '_sys_x', value: '' }], 'DNS.1003'],
  [[{ key: 'a/b', value: '' }], 'DNS.1003'],
  [[{ key: 'a,b', value: '' }], 'DNS.1003'],
  [[{ key: 'k'.repeat(129), value: '' }], 'DNS.1003'],
  [[{ key: 'k', value: 'v'.repeat(256) }], 'DNS.1003'],
  [[{ key: 'k', value: 'a|b' }], 'DNS.1003'],
  [[{ key: 'k', value: 5 }], 'DNS.1003'],
  [
    [
      { key: 'k', value: 'a' },
      { key: 'k', value: 'b' },
    ],
    'DNS.1003',
  ],
  [{ key: 'k', value: 'a' }, 'DNS.1003'],
])('%p → %p', (tags, code) => {
  expect(tagFault(tags as unknown as Tag[])?.code).toBe(code as string)
})

test('a resource has at most twenty tags, and a bad one comes before too many', () => {
  const tags = Array.from({ length: MAX_TAGS + 1 }, (_, at) => ({ key: `k${at}`, value: '' }))
  expect(tagFault(tags.slice(1))).toBeUndefined()
  expect(tagFault(tags)?.code).toBe('DNS.1001')
  expect(tagFault([...tags, { key: '', value: '' }])?.code).toBe('DNS.1003')
})

test('an absent value is kept as an empty one, other members are not kept', () => {
  const sent = [{ key: 'k', extra: 1 }] as unknown as Tag[]
  expect(keptTags(sent)).toEqual([{ key: 'k', value: '' }])
})
