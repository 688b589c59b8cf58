import { describe, expect, test } from 'bun:test'
import { decodeMessage } from '../message/decode.ts'
import { encodeMessage, makeQuery } from '../message/encode.ts'
import type { ResourceRecord } from '../message/message.ts'
import { parseName } from '../name.ts'
import { rrTypeByName } from '../rr-types/registry.ts'
import { CLASS_IN, TYPE_AXFR } from '../rr-types/type-codes.ts'
import { type ReadTransfer, soaNumbers, TransferReader } from './read-transfer.ts'

const name = (text: string) => {
  const parsed = parseName(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}
const APEX = name('zone.example.')

/** `owner type data`, owners relative to the zone, `@` for its apex. */
function record(text: string, special: Partial<ResourceRecord> = {}): ResourceRecord {
  const [owner = '', type = '', ...data] = text.split(' ')
  const rr = rrTypeByName(type)!
  const rdata = rr.parse(data.join(' '), APEX)
  if (!rdata.ok) throw new Error(`${text}: ${rdata.problems[0]!.detail}`)
  const full = owner === '@' ? APEX : owner.endsWith('.') ? name(owner) : name(`${owner}.zone.example.`)
  return { owner: full, type: rr.code, class: CLASS_IN, ttl: 300, rdata: rdata.value, ...special }
}
const soa = (serial: number): ResourceRecord => record(`@ SOA ns1 desk ${serial} 3600 600 86400 60`)
const a = (owner: string, last: number): ResourceRecord => record(`${owner} A 192.0.2.${last}`)

/** Sends records over the wire, a message for each list; what the reader says, or the id of its problem. */
function read(
  messages: readonly (readonly ResourceRecord[])[],
  have?: number,
  maxRecords = 100,
): ReadTransfer | string | undefined {
  const reader = new TransferReader(APEX, have, { maxRecords })
  let last: ReadTransfer | undefined
  for (const answers of messages) {
    const query = makeQuery(1, APEX, TYPE_AXFR)
    const octets = encodeMessage({ ...query, header: { ...query.header, isResponse: true }, answers })
    if (!octets.ok) throw new Error(octets.problems[0]!.detail)
    const message = decodeMessage(octets.value)
    if (!message.ok) throw new Error(message.problems[0]!.detail)
    const result = reader.push(message.value)
    if (!result.ok) return result.problems[0]!.id
    last = result.value
  }
  return last
}

describe('a whole zone', () => {
  const records = [soa(5), record('@ NS ns1'), a('www', 1), a('www', 2)]

  test('is what lies between two equal SOA records, in as many messages as it takes', () => {
    const whole: ReadTransfer = { kind: 'whole', serial: 5, records }
    expect(read([[...records, soa(5)]])).toEqual(whole)
    expect(read([...records, soa(5)].map((each) => [each]))).toEqual(whole)
    expect(read([records])).toBeUndefined()
  })

  test.each<[string, ResourceRecord[][], string]>([
    ['begins with another record', [[a('www', 1), soa(5)]], 'transfer-no-soa'],
    ['has a record outside of it', [[soa(5), record('www.other.example. A 192.0.2.1')]], 'transfer-outside'],
    ['has a record above it', [[soa(5), record('example. NS ns1')]], 'transfer-outside'],
    ['has a record of another class', [[soa(5), record('www A 192.0.2.1', { class: 3 })]], 'transfer-class'],
    ['has a record of a type for questions', [[soa(5), record('@ TYPE252 \\# 1 00')]], 'transfer-type'],
    [
      'has a record without data',
      [[soa(5), a('www', 1), { ...a('x', 1), rdata: new Uint8Array() }]],
      'transfer-rdata',
    ],
    ['ends with another SOA', [[...records, soa(6)]], 'transfer-soa'],
    ['has an SOA below its apex', [[soa(5), { ...soa(5), owner: a('www', 1).owner }]], 'transfer-soa'],
    ['is one of another name', [[{ ...soa(5), owner: name('other.example.') }]], 'transfer-outside'],
    ['is its SOA alone', [[soa(5), soa(5)]], 'transfer-soa'],
    ['goes on behind its end', [[...records, soa(5), a('more', 1)]], 'transfer-trailing'],
    ['has a message of nothing', [[soa(5)], []], 'transfer-empty'],
  ])('that %s is refused', (_, messages, problem) => {
    expect(read(messages)).toBe(problem)
  })

  test('has no more records than it may have', () => {
    expect(read([[...records, soa(5)]], undefined, 4)).toBe('transfer-too-many')
  })
})

describe('the differences of a zone', () => {
  test('come as steps from serial to serial, the last of which leads to the new SOA', () => {
    const answer = [
      ...[soa(7), soa(5), a('old', 1), soa(6), a('new', 1), a('new', 2)],
      ...[soa(6), soa(7), a('newer', 1), soa(7)],
    ]
    const steps = [
      { from: 5, to: 6, removed: [a('old', 1)], added: [a('new', 1), a('new', 2)] },
      { from: 6, to: 7, removed: [], added: [a('newer', 1)] },
    ]
    expect(read([answer], 5)).toEqual({ kind: 'steps', serial: 7, soa: soa(7), steps })
    expect(
      read(
        answer.map((each) => [each]),
        5,
      ),
    ).toEqual({ kind: 'steps', serial: 7, soa: soa(7), steps })
  })

  test('wrap with the serial', () => {
    const answer = [soa(1), soa(4294967295), soa(1), a('new', 1), soa(1)]
    expect(read([answer], 4294967295)).toMatchObject({ kind: 'steps', serial: 1 })
  })

  test('may come as the whole zone, or be none', () => {
    expect(read([[soa(9), record('@ NS ns1'), soa(9)]], 5)).toMatchObject({ kind: 'whole', serial: 9 })
    expect(read([[soa(5)]], 5)).toEqual({ kind: 'current', serial: 5 })
    expect(read([[soa(4)]], 5)).toEqual({ kind: 'current', serial: 4 })
    expect(read([[soa(9)]], 5)).toBeUndefined()
  })

  test.each<[string, ResourceRecord[], string]>([
    ['begin at another serial', [soa(7), soa(4), soa(7), soa(7)], 'transfer-order'],
    ['leave a gap', [soa(7), soa(5), soa(6), soa(4)], 'transfer-order'],
    ['lead back', [soa(7), soa(5), soa(3)], 'transfer-order'],
    ['end at another serial', [soa(7), soa(5), soa(7), a('new', 1), soa(8)], 'transfer-soa'],
  ])('that %s are refused', (_, answer, problem) => {
    expect(read([answer], 5)).toBe(problem)
  })
})

test('the numbers of an SOA record are read from its end', () => {
  expect(soaNumbers(soa(4294967295).rdata)).toEqual({
    ...{ serial: 4294967295, refresh: 3600, retry: 600, expire: 86400, minimum: 60 },
  })
})
