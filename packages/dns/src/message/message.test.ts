import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { parseName, ROOT, type WireName } from '../name.ts'
import { rrTypeByName } from '../rr-types/registry.ts'
import { TYPE_CASES } from '../rr-types/rr-types.cases.ts'
import { decodeName } from './compressed-name.ts'
import { decodeMessage } from './decode.ts'
import {
  decodeClientSubnet,
  decodeCookie,
  decodeExtendedError,
  encodeClientSubnet,
  encodeExtendedError,
  formatClientSubnet,
  parseClientSubnet,
} from './edns.ts'
import { encodeMessage, makeQuery } from './encode.ts'
import type { Message, ResourceRecord } from './message.ts'

const name = (text: string): WireName => {
  const parsed = parseName(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

const record = (owner: string, type: string, text: string): ResourceRecord => {
  const rrType = rrTypeByName(type)!
  const parsed = rrType.parse(text)
  if (!parsed.ok) throw new Error(`${type} ${text}`)
  return { owner: name(owner), type: rrType.code, class: 1, ttl: 300, rdata: parsed.value }
}

const encode = (message: Message): Uint8Array => {
  const encoded = encodeMessage(message)
  if (!encoded.ok) throw new Error(JSON.stringify(encoded.problems))
  return encoded.value
}

const problem = (octets: Uint8Array): string => {
  const decoded = decodeMessage(octets)
  return decoded.ok ? 'ok' : decoded.problems[0]!.id
}

const edns = {
  payloadSize: 1232,
  version: 0,
  isDnssecOk: true,
  options: [{ code: 10, data: Uint8Array.of(1, 2) }],
}

/** One record of every canonical value, which is more than any real answer holds. */
const everyRecord = Object.entries(TYPE_CASES).flatMap(([type, { canonical }]) =>
  canonical.map((text) => record('www.Example.org.', type, text)),
)

const query = makeQuery(4711, name('www.example.org.'), 255, { edns, isRecursionDesired: true })
const answer: Message = {
  ...query,
  header: { ...query.header, isResponse: true, isAuthoritative: true, rcode: 3 },
  answers: everyRecord,
  authorities: [record('example.org.', 'SOA', 'ns.example.org. h.example.org. 1 2 3 4 5')],
  additionals: [record('ns.example.org.', 'A', '192.0.2.1')],
}

describe('encoding and decoding', () => {
  test('give back a message with every type of record', () => {
    expect(decodeMessage(encode(answer))).toEqual({ ok: true, value: answer })
  })

  test('give back any message', () => {
    const flag = fc.boolean()
    const anyRecord = fc.constantFrom(...everyRecord)
    const messages: fc.Arbitrary<Message> = fc.record({
      header: fc.record({
        id: fc.integer({ min: 0, max: 65535 }),
        isResponse: flag,
        opcode: fc.integer({ min: 0, max: 15 }),
        isAuthoritative: flag,
        isTruncated: flag,
        isRecursionDesired: flag,
        isRecursionAvailable: flag,
        isAuthenticData: flag,
        isCheckingDisabled: flag,
        rcode: fc.integer({ min: 0, max: 15 }),
      }),
      questions: fc.array(fc.constant(query.questions[0]!), { maxLength: 2 }),
      answers: fc.array(anyRecord, { maxLength: 6 }),
      authorities: fc.array(anyRecord, { maxLength: 3 }),
      additionals: fc.array(anyRecord, { maxLength: 3 }),
      edns: fc.option(fc.constant(edns)),
    })
    fc.assert(
      fc.property(messages, (message) =>
        expect(decodeMessage(encode(message))).toEqual({ ok: true, value: message }),
      ),
    )
  })

  test('carry response codes above 15 in EDNS, and refuse them without', () => {
    const header = { ...query.header, rcode: 23 }
    const decoded = decodeMessage(encode({ ...query, header }))
    expect(decoded.ok && decoded.value.header.rcode).toBe(23)
    expect(encodeMessage({ ...query, header, edns: null })).toMatchObject({
      problems: [{ id: 'rcode-needs-edns' }],
    })
  })

  test('compress owners and names of RFC 1035 types, and no others', () => {
    const sizeOf = (...answers: ResourceRecord[]) => encode({ ...query, edns: null, answers }).length
    const empty = sizeOf()
    expect(sizeOf(record('www.example.org.', 'MX', '10 mail.example.org.')) - empty).toBe(2 + 10 + 2 + 5 + 2)
    expect(sizeOf(record('www.example.org.', 'SRV', '1 2 3 mail.example.org.')) - empty).toBe(2 + 10 + 6 + 18)
    expect(sizeOf(record('www.example.org.', 'DNAME', 'example.org.')) - empty).toBe(2 + 10 + 13)
    // Another case is another name: a pointer would lose it.
    expect(sizeOf(record('WWW.example.org.', 'A', '192.0.2.1')) - empty).toBe(4 + 2 + 10 + 4)
  })

  test('never point further than fourteen bits reach', () => {
    const answers = Array.from({ length: 900 }, (_, i) =>
      record(`host${i}.zone${i}.example.`, 'CNAME', `target${i}.zone${i}.example.`),
    )
    const message = { ...query, answers }
    expect(encode(message).length).toBeGreaterThan(0x4000)
    expect(decodeMessage(encode(message))).toEqual({ ok: true, value: message })
  })

  test('refuse a message that TCP could not carry', () => {
    const answers = Array.from({ length: 300 }, () => record('a.', 'TXT', `"${'x'.repeat(255)}"`))
    expect(encodeMessage({ ...query, answers })).toMatchObject({ problems: [{ id: 'message-too-long' }] })
  })
})

describe('decoding hostile octets', () => {
  test('is a value, never an exception, for any octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => void decodeMessage(octets)),
      { numRuns: 2000 },
    )
  })

  test('is a value, never an exception, for broken real messages', () => {
    const octets = encode(answer)
    const change = fc.tuple(fc.nat(octets.length - 1), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(octets.length), (changes, cut) => {
        const broken = octets.slice()
        for (const [at, octet] of changes) broken[at] = octet
        decodeMessage(broken)
        decodeMessage(broken.subarray(0, cut))
      }),
      { numRuns: 1000 },
    )
  })

  test('refuses what is too short, cut or too long', () => {
    const octets = encode(query)
    expect(problem(octets.subarray(0, 11))).toBe('message-short')
    expect(problem(octets.subarray(0, 20))).toBe('question-malformed')
    expect(problem(octets.subarray(0, octets.length - 1))).toBe('record-malformed')
    expect(problem(Uint8Array.of(...octets, 0))).toBe('message-trailing')
  })

  test('refuses a second OPT, an OPT with an owner, broken options and an OPT among the answers', () => {
    const opt: ResourceRecord = { owner: ROOT, type: 41, class: 512, ttl: 0, rdata: Uint8Array.of() }
    expect(problem(encode({ ...query, additionals: [opt] }))).toBe('opt-repeated')
    expect(problem(encode({ ...query, edns: null, additionals: [{ ...opt, owner: name('a.') }] }))).toBe(
      'opt-malformed',
    )
    expect(
      problem(encode({ ...query, edns: null, additionals: [{ ...opt, rdata: Uint8Array.of(0, 3, 0, 1) }] })),
    ).toBe('opt-malformed')
    expect(problem(encode({ ...query, edns: null, answers: [opt] }))).toBe('opt-malformed')
  })

  test('refuses rdata that does not fit its type, and passes empty rdata as updates use it', () => {
    const bad = { ...record('a.', 'A', '192.0.2.1'), rdata: Uint8Array.of(1, 2, 3) }
    expect(problem(encode({ ...query, answers: [bad] }))).toBe('rdata-malformed')
    const long = { ...bad, rdata: Uint8Array.of(1, 2, 3, 4, 5) }
    expect(problem(encode({ ...query, answers: [long] }))).toBe('rdata-malformed')
    expect(problem(encode({ ...query, answers: [{ ...bad, class: 255, rdata: Uint8Array.of() }] }))).toBe(
      'ok',
    )
  })
})

describe('compressed names', () => {
  const decode = (octets: number[], at: number) => decodeName(Uint8Array.from(octets), at)

  test('are joined at the pointer', () => {
    expect(decode([1, 0x62, 0, 1, 0x61, 0xc0, 0, 9], 3)).toEqual({ name: name('a.b.'), next: 7 })
  })

  test('are refused when a pointer goes to itself, forward or around', () => {
    expect(decode([0xc0, 0], 0)).toBeNull()
    expect(decode([0xc0, 2, 0], 0)).toBeNull()
    expect(decode([1, 0x61, 0xc0, 0], 0)).toBeNull()
    expect(decode([0xc0, 2, 0xc0, 0], 2)).toBeNull()
  })

  test('are refused when longer than 255 octets or cut off', () => {
    const long = Array.from({ length: 5 }, () => [63, ...Array<number>(63).fill(0x61)]).flat()
    expect(decode([...long, 0], 0)).toBeNull()
    expect(decode([1], 0)).toBeNull()
    expect(decode([0xc0], 0)).toBeNull()
    expect(decode([0x40, 0], 0)).toBeNull()
    expect(decode([], 0)).toBeNull()
  })
})

describe('EDNS options', () => {
  test('client subnets go from text to octets and back', () => {
    for (const text of ['192.0.2.0/24', '192.0.2.128/25', '2001:db8::/32', '0.0.0.0/0', '::/0']) {
      const subnet = parseClientSubnet(text)!
      const decoded = decodeClientSubnet(encodeClientSubnet(subnet).data)
      expect(decoded).toEqual(subnet)
      expect(formatClientSubnet(decoded!)).toBe(`${text}/0`)
    }
    expect(encodeClientSubnet(parseClientSubnet('192.0.2.77/25')!).data).toEqual(
      Uint8Array.of(0, 1, 25, 0, 192, 0, 2, 0),
    )
    expect(parseClientSubnet('192.0.2.0/33')).toBeNull()
    expect(parseClientSubnet('192.0.2.0')).toBeNull()
  })

  test.each([
    ['an unknown family', [0, 3, 0, 0]],
    ['a prefix beyond the address', [0, 1, 33, 0, 1, 2, 3, 4, 5]],
    ['too many octets', [0, 1, 8, 0, 1, 2]],
    ['too few octets', [0, 1, 24, 0, 1, 2]],
    ['bits beyond the prefix', [0, 1, 7, 0, 1]],
    ['a cut option', [0, 1, 0]],
  ])('a client subnet with %s is malformed', (_, octets) => {
    expect(decodeClientSubnet(Uint8Array.from(octets))).toBeNull()
  })

  test('extended errors carry a code and a text', () => {
    expect(encodeExtendedError(18, 'no')).toEqual({ code: 15, data: Uint8Array.of(0, 18, 0x6e, 0x6f) })
    expect(decodeExtendedError(Uint8Array.of(0, 18))).toEqual({ infoCode: 18, extraText: Uint8Array.of() })
    expect(decodeExtendedError(Uint8Array.of(0))).toBeNull()
  })

  test('cookies have eight octets, then none or eight to thirty-two', () => {
    expect(decodeCookie(new Uint8Array(8))).not.toBeNull()
    expect(decodeCookie(new Uint8Array(16))?.server.length).toBe(8)
    expect([7, 9, 15, 41].map((size) => decodeCookie(new Uint8Array(size)))).toEqual([null, null, null, null])
  })
})
