import { describe, expect, test } from 'bun:test'
import { parseName, type WireName } from '../name.ts'
import { RR_TYPES, rrTypeByCode, rrTypeByName } from './registry.ts'
import { TYPE_CASES } from './rr-types.cases.ts'

const name = (text: string): WireName => {
  const parsed = parseName(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

const rdata = (type: string, text: string, origin?: WireName): Uint8Array => {
  const parsed = rrTypeByName(type)!.parse(text, origin)
  if (!parsed.ok) throw new Error(`${type} ${text}: ${JSON.stringify(parsed.problems)}`)
  return parsed.value
}

test('every type has canonical, rewritten and refused values', () => {
  const covered = Object.entries(TYPE_CASES)
    .filter(
      ([, cases]) => cases.canonical.length > 0 && cases.rewritten.length > 0 && cases.refused.length > 0,
    )
    .map(([type]) => type)
  expect(covered.toSorted()).toEqual([...RR_TYPES.map((type) => type.name), 'TYPE65280'].toSorted())
})

for (const [typeName, { canonical, rewritten, refused }] of Object.entries(TYPE_CASES)) {
  describe(typeName, () => {
    const type = rrTypeByName(typeName)!

    test.each([...canonical])('writes back %s unchanged', (text) => {
      const octets = rdata(typeName, text)
      expect(type.format(octets)).toBe(text)
      expect(type.check(octets)).toEqual([])
    })

    test.each(rewritten.map((pair) => [...pair]))('rewrites %s', (sent, written) => {
      const octets = rdata(typeName, sent)
      expect(type.format(octets)).toBe(written)
      expect(rdata(typeName, written)).toEqual(octets)
    })

    test.each(refused.map((pair) => [...pair]))('refuses %s', (sent, problem) => {
      const parsed = type.parse(sent)
      expect(parsed.ok ? type.format(parsed.value) : parsed.problems.map(({ id }) => id)).toContain(problem)
    })
  })
}

describe('any type', () => {
  test('completes names with the origin', () => {
    const origin = name('example.org.')
    expect(rdata('MX', '10 mail', origin)).toEqual(rdata('MX', '10 mail.example.org.'))
    expect(rdata('CNAME', '@', origin)).toEqual(rdata('CNAME', 'example.org.'))
    expect(rdata('SRV', '1 2 3 a.b', origin)).toEqual(rdata('SRV', '1 2 3 a.b.example.org.'))
    expect(rrTypeByName('CNAME')!.parse('@')).toMatchObject({ ok: false })
  })

  test('tells all faults of a value, each with its column', () => {
    const parsed = rrTypeByName('SRV')!.parse('x  65536 1 host')
    expect(parsed.ok ? [] : parsed.problems.map(({ id, column }) => [id, column])).toEqual([
      ['number-invalid', 1],
      ['number-invalid', 4],
      ['name-not-absolute', 12],
    ])
  })

  test('writes malformed rdata in generic form', () => {
    expect(rrTypeByName('MX')!.format(Uint8Array.of(0, 10, 1))).toBe('\\# 3 000A01')
    expect(rrTypeByName('MX')!.check(Uint8Array.of(0, 10, 1))).toMatchObject([{ id: 'rdata-malformed' }])
  })

  test('finds types by name in any case, by TYPEnnn and by number', () => {
    expect(rrTypeByName('mx')).toBe(rrTypeByCode(15))
    expect(rrTypeByName('TYPE15')).toBe(rrTypeByCode(15))
    expect(rrTypeByName('type65280')!.name).toBe('TYPE65280')
    expect(rrTypeByName('AFSDB')!.code).toBe(18)
    expect(rrTypeByName('TYPE65536')).toBeUndefined()
    expect(rrTypeByName('REDIRECT_URL')).toBeUndefined()
  })

  test('folds names in canonical form where RFC 4034 6.2 says so, and nowhere else', () => {
    const folded = (type: string, text: string) =>
      rrTypeByName(type)!.format(rrTypeByName(type)!.canonical(rdata(type, text)))
    expect(folded('MX', '10 MAIL.Example.')).toBe('10 mail.example.')
    expect(folded('SRV', '1 2 3 SIP.Example.')).toBe('1 2 3 sip.example.')
    expect(folded('NAPTR', '1 1 "U" "S" "" A.Example.')).toBe('1 1 "U" "S" "" a.example.')
    expect(folded('SOA', 'NS.Example. H.Example. 1 2 3 4 5')).toBe('ns.example. h.example. 1 2 3 4 5')
    expect(folded('RRSIG', 'A 5 3 1 1 1 1 Example. AQID')).toContain(' example. ')
    expect(folded('NSEC', 'Host.Example. A')).toBe('Host.Example. A')
    expect(folded('SVCB', '1 Host.Example.')).toBe('1 Host.Example.')
    expect(folded('TXT', '"ABC"')).toBe('"ABC"')
    const small = rdata('MX', '10 mail.example.')
    expect(rrTypeByName('MX')!.canonical(small)).toBe(small)
  })

  test('compares without case wherever case has no meaning', () => {
    const same = (type: string, a: string, b: string) => {
      const { comparable } = rrTypeByName(type)!
      return Bun.deepEquals(comparable(rdata(type, a)), comparable(rdata(type, b)))
    }
    expect(same('CAA', '\\# 8 0005495353554561', '0 issue "a"')).toBe(true)
    expect(same('CAA', '0 issue "A"', '0 issue "a"')).toBe(false)
    expect(same('SVCB', '1 HOST.example.', '1 host.example.')).toBe(true)
    expect(same('TXT', '"A"', '"a"')).toBe(false)
    const tag = 'a'.repeat(70) // its length octet is the letter F
    expect(rrTypeByName('CAA')!.comparable(rdata('CAA', `0 ${tag} ""`))[1]).toBe(70)
  })

  test('tells where names stand and which may be compressed', () => {
    const offsets = (type: string, text: string) => {
      const { nameOffsets, compressibleNameOffsets } = rrTypeByName(type)!
      return [nameOffsets(rdata(type, text)), compressibleNameOffsets(rdata(type, text))]
    }
    expect(offsets('MX', '10 mail.example.')).toEqual([[2], [2]])
    expect(offsets('SOA', 'a. bc. 1 2 3 4 5')).toEqual([
      [0, 3],
      [0, 3],
    ])
    expect(offsets('SRV', '1 2 3 a.')).toEqual([[6], []])
    expect(offsets('RP', 'a. b.')).toEqual([[0, 3], []])
    expect(offsets('A', '192.0.2.1')).toEqual([[], []])
  })

  test('names the host whose addresses go along', () => {
    const additional = (type: string, text: string) => rrTypeByName(type)!.additionalName(rdata(type, text))
    expect(additional('MX', '10 mail.example.')).toEqual(name('mail.example.'))
    expect(additional('SRV', '1 2 3 sip.example.')).toEqual(name('sip.example.'))
    expect(additional('NS', 'ns.example.')).toEqual(name('ns.example.'))
    expect(additional('HTTPS', '1 web.example. port=1')).toEqual(name('web.example.'))
    expect(additional('NAPTR', '1 1 "s" "" "" _sip._udp.example.')).toEqual(name('_sip._udp.example.'))
    expect(additional('CNAME', 'web.example.')).toBeNull()
  })
})
