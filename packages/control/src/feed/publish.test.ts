import { expect, test } from 'bun:test'
import { encodeRdatas, OctetWriter, OP_ACCOUNT, writeGroup, writeLines } from '@waymark/dns/feed-codec'
import { parseName } from '@waymark/dns/name'
import { TYPE_A, TYPE_AAAA, TYPE_MX } from '@waymark/dns/rr-types/type-codes'
import { packAddresses, UNRESOLVED } from '../record-sets/published-addresses.ts'
import { zone } from '../store/samples.ts'
import type { CustomLine, LineGroup, RecordSet } from '../store/store.ts'
import { groupPayload, linesPayload, zonePayload } from './publish.ts'

const KEY = { owner: 'www.shop.example.', line: 'Abroad' }
const packed = (...octets: number[]) => encodeRdatas(octets.map((octet) => Uint8Array.of(octet)))
const set = (fields: Partial<RecordSet>) =>
  ({ status: 'ACTIVE', ttl: 300, weight: 1, ...fields }) as RecordSet

function payload(type: string, sets: readonly RecordSet[]): Uint8Array {
  const out = new OctetWriter()
  groupPayload(out, { ...KEY, type }, sets)
  return out.finish()
}

function group(type: number, variants: Parameters<typeof writeGroup>[4]): Uint8Array {
  const out = new OctetWriter()
  const owner = parseName(KEY.owner)
  if (!owner.ok) throw new Error('no name')
  writeGroup(out, owner.value, type, KEY.line, variants)
  return out.finish()
}

test('a group holds the sets that are answered, with their weights', () => {
  const sets = [
    set({ rdatas: packed(1), weight: 3, ttl: 60 }),
    set({ rdatas: packed(2), weight: null }),
    set({ rdatas: packed(3), status: 'DISABLE' }),
    set({ rdatas: null }),
  ]
  const variants = [
    { weight: 3, ttl: 60, rdatas: packed(1) },
    { weight: -1, ttl: 300, rdatas: packed(2) },
  ]
  expect(payload('A', sets)).toEqual(group(TYPE_A, variants))
})

test('a group without such a set is removed', () => {
  expect(payload('A', [])).toEqual(group(TYPE_A, []))
  expect(payload('MX', [set({ rdatas: packed(1), status: 'DISABLE' })])).toEqual(group(TYPE_MX, []))
})

test('MX is the union of its sets, each value once, with the lowest TTL', () => {
  const sets = [set({ rdatas: packed(1, 2), ttl: 60 }), set({ rdatas: packed(2, 3), ttl: 30 })]
  expect(payload('MX', sets)).toEqual(group(TYPE_MX, [{ weight: -1, ttl: 30, rdatas: packed(1, 2, 3) }]))
})

test('URL forwarding is no DNS type and leaves no trace', () => {
  expect(payload('REDIRECT_URL', [set({ rdatas: null })])).toHaveLength(0)
})

test('URL forwarding is answered with the addresses of the forwarder, each in the group of its type', () => {
  const variants = (...addresses: string[]) => [{ weight: 1, ttl: 300, rdatas: packAddresses(addresses)! }]
  const both = set({
    type: 'FORWARD_URL',
    rdatas: packAddresses(['192.0.2.80', '2001:db8::80', '192.0.2.81']),
  })
  expect(payload('A', [both])).toEqual(group(TYPE_A, variants('192.0.2.80', '192.0.2.81')))
  expect(payload('AAAA', [both])).toEqual(group(TYPE_AAAA, variants('2001:db8::80')))
  const one = set({ type: 'REDIRECT_URL', rdatas: packAddresses(['192.0.2.80']) })
  expect(payload('AAAA', [one])).toEqual(group(TYPE_AAAA, []))
})

test('an alias whose addresses cannot be had is published without data', () => {
  const alias = set({ type: 'A', weight: null, rdatas: UNRESOLVED })
  expect(payload('A', [alias])).toEqual(group(TYPE_A, [{ weight: -1, ttl: 300, rdatas: encodeRdatas([]) }]))
})

test('lines that are frozen are not published', () => {
  const line = {
    lineId: 'custom_1',
    ipSegments: ['192.0.2.0-192.0.2.255'],
    status: 'ACTIVE',
  } as unknown as CustomLine
  const group = { lineId: 'lgroup_1', members: ['custom_1', 'CN'], status: 'ACTIVE' } as unknown as LineGroup
  const frozen = { status: 'FREEZE', lineId: 'x' } as const
  const made = linesPayload('d', [line, { ...line, ...frozen }], [{ ...group, ...frozen }, group]).finish()
  const expected = new OctetWriter()
  const segments = [[0xc0000200, 0xc00002ff]] as const
  const members = ['custom_1', 'CN']
  writeLines(expected, 'd', [{ id: 'custom_1', segments }], [{ id: 'lgroup_1', members }])
  expect(made).toEqual(expected.finish())
})

test('a public zone says whose it is, a private one has no lines', () => {
  const home = zone({ id: '1'.repeat(32), apex: 'shop.example.' })
  const account = [OP_ACCOUNT, 32, ...new TextEncoder().encode(home.domainId)]
  expect([...zonePayload(home).finish().slice(-34)]).toEqual(account)
  expect([...zonePayload({ ...home, zoneType: 'private' }).finish()]).not.toContain(OP_ACCOUNT)
})
