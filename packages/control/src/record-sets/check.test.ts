import { describe, expect, test } from 'bun:test'
import { checkDraft } from './check.ts'
import type { RecordSetDraft } from './draft.ts'
import { packAddresses, UNRESOLVED } from './published-addresses.ts'
import {
  codeOf,
  codeOfLast,
  type JudgeOptions,
  judgeAll,
  PRIVATE,
  testChecking,
  testDraft,
  testZone,
} from './testing.ts'
import { ZoneState } from './zone-state.ts'

/** Faults in the order in which they are found; each draft below holds one and all that come after it. */
const FAULTS: readonly [code: string, fields: Partial<RecordSetDraft>][] = [
  ['DNS.0307', { type: 'NOPE' }],
  ['DNS.0304', { name: 'www.other.example.' }],
  ['DNS.0305', { description: 'x'.repeat(256) }],
  ['DNS.0319', { ttl: 0 }],
  ['DNS.0806', { line: 'Nowhere' }],
  ['DNS.0315', { status: 'ACTIVE' }],
  ['DNS.0323', { weight: 1001 }],
  ['DNS.0330', { aliasTarget: { resourceType: 'elb', resourceDomainName: 'x.example.net.' } }],
]

test('the first fault in the order of the checks decides the code', () => {
  for (let at = 0; at < FAULTS.length; at++) {
    const fields = Object.assign({}, ...FAULTS.slice(at).map(([, each]) => each))
    expect(codeOf(fields)).toBe(FAULTS[at]![0])
  }
})

test('values come before tags, tags before the quota, the quota before conflicts', () => {
  const standing = { type: 'CNAME', records: ['x.example.net.'] }
  const badTags = { tags: [{ key: '', value: '' }] }
  const options = (): JudgeOptions => ({ quotaLeft: 1 })
  expect(codeOfLast([standing, { ...badTags, records: ['bad'] }], options())).toBe('DNS.0308')
  expect(codeOfLast([standing, badTags], options())).toBe('DNS.1003')
  expect(codeOfLast([standing, {}], options())).toBe('DNS.0403')
  expect(codeOfLast([standing, {}])).toBe('DNS.0312')
})

describe('fields', () => {
  test.each([
    [{ ttl: 1 }, 'ok'],
    [{ ttl: 2147483647 }, 'ok'],
    [{ ttl: 2147483648 }, 'DNS.0319'],
    [{ ttl: -1 }, 'DNS.0319'],
    [{ ttl: 1.5 }, 'DNS.0303'],
    [{ ttl: '300' }, 'DNS.0303'],
    [{ ttl: Number.NaN }, 'DNS.0303'],
    [{ weight: 0 }, 'ok'],
    [{ weight: 1000 }, 'ok'],
    [{ weight: -1 }, 'DNS.0323'],
    [{ weight: 0.5 }, 'DNS.0323'],
    [{ weight: '1' }, 'DNS.0323'],
    [{ line: 'Dianxin_Beijing' }, 'ok'],
    [{ line: 'abroad' }, 'DNS.0806'],
    [{ line: `custom_${'a'.repeat(32)}` }, 'DNS.0806'],
    [{ line: `lgroup_${'a'.repeat(32)}` }, 'DNS.0806'],
    [{ line: 'not a line' }, 'DNS.1601'],
    [{ line: 'a'.repeat(65) }, 'DNS.1601'],
    [{ status: 'DISABLE' }, 'ok'],
    [{ status: 'enable' }, 'DNS.0315'],
    [{ description: 'ü'.repeat(255) }, 'ok'],
    [{ description: '😀'.repeat(255) }, 'ok'],
    [{ description: '😀'.repeat(256) }, 'DNS.0305'],
    [{ description: 5 }, 'DNS.0305'],
    [{ description: 'a\u0000b' }, 'DNS.0305'],
    [{ description: 'half \ud83d' }, 'DNS.0305'],
    [{ line: 5 }, 'DNS.1601'],
    [{ line: ['Abroad'] }, 'DNS.1601'],
    [{ name: 5 }, 'DNS.0304'],
    [{ name: 'shop.example' }, 'ok'],
    [{ name: 'www' }, 'DNS.0304'],
    [{ type: 5 }, 'DNS.0307'],
    [{ records: 'x' }, 'DNS.0308'],
    [{ records: [5] }, 'DNS.0308'],
    [{ tags: 'x' }, 'DNS.1003'],
    [{ tags: '' }, 'DNS.1003'],
    [{ tags: { length: 0 } }, 'DNS.1003'],
    [{ tags: [null] }, 'DNS.1003'],
    [{ tags: Array.from({ length: 20 }, (_, at) => ({ key: `k${at}`, value: '' })) }, 'ok'],
    [{ tags: Array.from({ length: 21 }, (_, at) => ({ key: `k${at}`, value: '' })) }, 'DNS.1001'],
  ])('%p → %s', (fields, code) => {
    expect(codeOf(fields as unknown as Partial<RecordSetDraft>)).toBe(code)
  })

  test('a private zone has only the default line', () => {
    expect(codeOf({ line: 'Abroad' }, { zone: PRIVATE })).toBe('DNS.0325')
    expect(codeOf({ line: 'not a line' }, { zone: PRIVATE })).toBe('DNS.0325')
  })
})

describe('the weight of a set', () => {
  const weightOf = (fields: Partial<RecordSetDraft>, options?: JudgeOptions) => {
    const verdict = judgeAll([fields], options)[0]!
    return verdict.ok ? verdict.row.weight : verdict.failure.code
  }
  const mx = { type: 'MX', records: ['5 mx.example.net.'] }

  test('is 1 in public and none in private zones when it is not sent', () => {
    expect(weightOf({})).toBe(1)
    expect(weightOf({}, { zone: PRIVATE })).toBeNull()
    expect(weightOf({ weight: null })).toBeNull()
    expect(weightOf({ weight: 5 }, { zone: PRIVATE })).toBe(5)
  })

  test('means nothing for MX of a batch, and is kept for MX of a single creation', () => {
    expect(weightOf({ ...mx, weight: 7 }, { door: 'batch' })).toBeNull()
    expect(weightOf({ ...mx, weight: 5000 }, { door: 'batch' })).toBeNull()
    expect(weightOf({ ...mx, weight: 7 })).toBe(7)
  })
})

describe('an alias', () => {
  const alias = { aliasTarget: { resourceType: 'waf', resourceDomainName: 'x.waf.example.net' }, records: [] }
  const verdict = judgeAll([{ ...alias, weight: 5 }])[0]!

  test('has neither values nor weight, and its addresses are still to be found', () => {
    expect(verdict).toMatchObject({ ok: true, row: { records: [], rdatas: UNRESOLVED, weight: null } })
  })

  test('keeps through an update what was found, unless the type changes', () => {
    if (!verdict.ok) throw new Error('refused')
    const found = { ...verdict.row, rdatas: packAddresses(['192.0.2.1']) }
    const checking = testChecking(new ZoneState(testZone(), []))
    const update = (type: string) => {
      const after = checkDraft(testDraft({ ...alias, type, ttl: 60 }), checking, found)
      return after.ok ? after.row.rdatas : after
    }
    expect([update('A'), update('AAAA')]).toEqual([found.rdatas, UNRESOLVED])
  })

  test('of a type that has no addresses publishes nothing', () => {
    expect(judgeAll([{ ...alias, type: 'MX' }])).toMatchObject([{ ok: true, row: { rdatas: null } }])
  })

  test.each([
    [{ type: 'CNAME' }, 'DNS.0333'],
    [{ type: 'NS', name: 'x.shop.example.' }, 'DNS.0333'],
    [{ aliasTarget: { resourceType: 'waf', resourceDomainName: 'a b' } }, 'DNS.0331'],
    [{ aliasTarget: { resourceType: 'waf' } }, 'DNS.0331'],
    [{ aliasTarget: { resourceType: 'waf', resourceDomainName: '192.0.2.1' } }, 'DNS.0331'],
    [{ records: ['192.0.2.1'] }, 'DNS.0308'],
  ])('with %p → %s', (fields, code) => {
    expect(codeOf({ ...alias, ...(fields as Partial<RecordSetDraft>) })).toBe(code)
  })

  test('is for public zones', () => {
    expect(codeOf(alias, { zone: PRIVATE })).toBe('DNS.0333')
  })
})

test('URL forwarding is published with the addresses of the forwarder', () => {
  const url: Partial<RecordSetDraft> = { type: 'REDIRECT_URL', records: ['https://www.example.net/'] }
  const published = (redirectRdatas: Uint8Array | null) => {
    const verdict = judgeAll([url], { door: 'batch', redirectRdatas })[0]!
    return verdict.ok ? verdict.row.rdatas : verdict
  }
  const addresses = packAddresses(['192.0.2.80', '2001:db8::80'])
  expect([published(null), published(addresses)]).toEqual([null, addresses])
})

test('the quota counts what the same call has created', () => {
  const drafts = ['a', 'b', 'c'].map((label) => ({ name: `${label}.shop.example.` }))
  const codes = judgeAll(drafts, { quotaLeft: 2 }).map((verdict) => verdict.ok || verdict.failure.code)
  expect(codes).toEqual([true, true, 'DNS.0403'])
})
