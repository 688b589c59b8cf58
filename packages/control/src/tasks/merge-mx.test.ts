import { expect, test } from 'bun:test'
import type { RecordSetDraft } from '../record-sets/draft.ts'
import { mergeMx } from './merge-mx.ts'

const draft = (
  name: string,
  type: string,
  records: string[],
  more: Partial<RecordSetDraft> = {},
): RecordSetDraft => ({
  name,
  type,
  line: 'default_view',
  ttl: 300,
  weight: undefined,
  records,
  status: 'ENABLE',
  description: null,
  ...more,
})
const merge = (drafts: RecordSetDraft[]): RecordSetDraft[] =>
  mergeMx(
    drafts,
    (item) => item,
    (_, joined) => joined,
  )

test('MX items of one name and line become one set at the place of the first, with its fields', () => {
  const merged = merge([
    draft('a.example.', 'A', ['192.0.2.1']),
    draft('m.example.', 'MX', ['5 mx1.example.'], { ttl: 60, description: 'first' }),
    draft('a.example.', 'A', ['192.0.2.1']),
    draft('M.example.', 'MX', ['10 mx2.example.'], { ttl: 900 }),
  ])
  expect(merged).toEqual([
    draft('a.example.', 'A', ['192.0.2.1']),
    draft('m.example.', 'MX', ['5 mx1.example.', '10 mx2.example.'], { ttl: 60, description: 'first' }),
    draft('a.example.', 'A', ['192.0.2.1']),
  ])
})

test('equal MX values of different items are kept once, whatever their case, blanks and final dot', () => {
  const [set] = merge([
    draft('m.example.', 'MX', ['5 mx1.example.']),
    draft('m.example.', 'MX', ['5  MX1.example', '6 mx1.example.']),
  ])
  expect(set?.records).toEqual(['5 mx1.example.', '6 mx1.example.'])
})

test('MX items of different lines stay apart', () => {
  const drafts = [
    draft('m.example.', 'MX', ['5 mx1.example.']),
    draft('m.example.', 'MX', ['5 mx2.example.'], { line: 'Abroad' }),
  ]
  expect(merge(drafts)).toEqual(drafts)
})
