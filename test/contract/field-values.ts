import { LINES } from '../../packages/control/src/lines/lines.ts'
import { NO_ID, NO_UUID, segment } from './contract-lab.ts'
import type { Field } from './operations.ts'

/** Values inside and outside what a pattern of the contract allows. Alternatives such as `A|B` need no entry. */
interface PatternValues {
  readonly inside: readonly string[]
  readonly outside: readonly string[]
  /** Ids: what is inside names nothing, so that only filters take it. */
  readonly isId?: boolean
}

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}'
const NOT_UUID = ['7b1f0a52', 'g'.repeat(32), `${NO_UUID}0`]
const OCTET = '(1\\d{2}|2[0-4]\\d|25[0-5]|[1-9]\\d|\\d)'
const NOT_NAME = ['a b', 'a/b', 'ä']

/** Names are new every time, since no two things of an account have the same. */
const named = (shortest: number, longest: number): PatternValues => ({
  get inside() {
    const own = String.fromCharCode(0x4e00 + names++)
    return [`${own}._-`, own, own.padEnd(longest, 'x')]
  },
  outside: [...NOT_NAME, 'x'.repeat(longest + 1), ...(shortest === 0 ? [] : [''])],
})
let names = 0
let segments = 0

export const PATTERNS: Readonly<Record<string, PatternValues>> = {
  '[0-9a-fA-F]{32}': { inside: [NO_ID], outside: [NO_ID.slice(1), `${NO_ID}0`, 'g'.repeat(32)], isId: true },
  '^(|[0-9a-fA-F]{32})$': { inside: ['', NO_ID], outside: [NO_ID.slice(1), `${NO_ID}0`, 'g'.repeat(32)] },
  '[0-9a-zA-Z_]{0,50}': { inside: ['', 'x'.repeat(50)], outside: ['x'.repeat(51), 'a-b'] },
  '[0-9a-zA-Z_]{1,50}': { inside: ['x'.repeat(50)], outside: ['x'.repeat(51), 'a-b'] },
  '[0-9a-zA-Z-]{0,32}': { inside: [''], outside: ['x'.repeat(33), 'a_b'] },
  '[0-9a-zA-Z]{0,32}': { inside: [''], outside: ['x'.repeat(33), 'a_b'] },
  '[0-9a-zA-Z]{1,32}': { inside: [], outside: ['x'.repeat(33), 'a_b'] },
  '[\\w\\u4e00-\\u9fa5\\._-]{0,80}': named(0, 80),
  '[\\w\\u4e00-\\u9fa5\\._-]{1,80}': named(1, 80),
  '[\\w\\u4e00-\\u9fa5\\._-]{0,64}': named(0, 64),
  '[\\w\\u4e00-\\u9fa5\\._-]{1,64}': named(1, 64),
  '[0-9.]{0,15}': { inside: ['', '198.51.100.200'], outside: ['198.51.100.200/32', '::1'] },
  [UUID]: { inside: [NO_UUID], outside: NOT_UUID, isId: true },
  [`^(|${UUID})$`]: { inside: ['', NO_UUID], outside: NOT_UUID },
  [`^[0-9a-zA-Z]{32}$|^${UUID}$`]: { inside: [NO_ID, NO_UUID], outside: NOT_UUID.slice(0, 1) },
  [`^(1\\d{2}|2[0-4]\\d|25[0-5]|[1-9]\\d|[1-9])\\.${OCTET}\\.${OCTET}\\.${OCTET}$`]: {
    inside: ['10.1.0.99'],
    outside: ['10.1.0', '10.1.0.256', '10.1.0.99/32', '010.1.0.99', '::1', 'x'],
  },
  '[A-Za-z0-9-]{1,36}': { inside: ['x', 'x'.repeat(36)], outside: ['', 'x'.repeat(37), 'a_b'] },
  '(?!null)[0-9a-zA-Z-_]{1,64}': { inside: ['Dianxin_Huabei'], outside: ['', 'x'.repeat(65), 'a b', 'null'] },
  '[0-9a-zA-Z-_]{1,64}': { inside: ['x', 'x'.repeat(64)], outside: ['', 'x'.repeat(65), 'a b'] },
  '^(0|[0-9a-zA-Z-]{36})$': { inside: ['0', NO_UUID], outside: ['1', `${NO_UUID}0`, '_'.repeat(36)] },
}

/** The words of a pattern that is a list of them; undefined for others. */
export const wordsOf = (pattern: string): readonly string[] | undefined =>
  /^[\w|-]+$/.test(pattern) ? pattern.split('|') : undefined

/** A text of so many characters that the field could have. */
export function textFor({ name, operation }: Field, length: number, sample: string): string {
  if (/domain_name$/.test(name) && operation === 'CreateResolverRule') return nameOf('example.', length)
  if (/^zone_name$|^name$|ptrdnames?(\[\])?$/.test(name) && sample.includes('.'))
    return nameOf(sample, length)
  if (name === 'email') return `a@${nameOf('', length - 2).replace(/\.$/, 'x')}`
  return 'x'.repeat(length)
}

/** A domain name of so many characters that ends as the sample does. */
function nameOf(sample: string, length: number): string {
  const room = length - sample.length
  if (room < 2) return 'x'.repeat(length)
  const labels: string[] = []
  for (let left = room; left > 0; ) {
    // A label and its dot, and never so much that one dot would be left over.
    const size = Math.min(left === 65 ? 63 : 64, left)
    labels.push(`${'x'.repeat(size - 1)}.`)
    left -= size
  }
  const name = labels.join('') + sample
  return sample === '' ? `${name.slice(0, -1)}x` : name
}

/** So many elements as the field could have at once. */
export function itemsFor({ name, operation }: Field, count: number, sample: readonly unknown[]): unknown[] {
  if (count <= sample.length) return sample.slice(0, count)
  const each = (make: (n: number) => unknown) => Array.from({ length: count }, (_, n) => make(n))
  if (name === 'ip_segments') {
    segments += 2 * count
    return each((n) => segment(1_000_000 + segments + n))
  }
  if (name === 'lines' && operation.includes('LineGroup'))
    return LINES.slice(1, count + 1).map(({ id }) => id)
  if (name === 'lines') return each((n) => ({ ...(sample[0] as object), line: LINES[n + 1]!.id }))
  if (name === 'ipaddresses') return each((n) => ({ ...(sample[0] as object), ip: `10.1.1.${n + 1}` }))
  if (name === 'records' || name.endsWith('.records')) return each((n) => `192.0.2.${n + 1}`)
  if (name === 'ptrdnames') return each((n) => `host${n}.example.`)
  if (name === 'tags' && operation !== 'ListTag') return each((n) => ({ key: `key${n}`, value: '' }))
  if (/tags/.test(name) && name.endsWith('.values')) return each((n) => `value${n}`)
  if (/tags/.test(name)) return each((n) => ({ key: `key${n}`, values: [] }))
  if (name === 'dim_name') return ['dns_public_zone_id', 'dns_public_recordset_id', 'vpc_id'].slice(0, count)
  return each(() => sample[0] ?? 'x')
}
