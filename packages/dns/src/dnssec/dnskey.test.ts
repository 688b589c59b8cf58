import { describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { parseName } from '../name.ts'
import { DNSKEY, DS } from '../rr-types/dnssec.ts'
import { digestInput, dnskeyRdata, dsRdata, FLAGS_KSK, keyTag } from './dnskey.ts'
import {
  decodeZoneKeys,
  encodeZoneKeys,
  isActive,
  isPublished,
  NEVER,
  nextMoment,
  wantsDs,
  type ZoneKey,
} from './zone-keys.ts'

const name = (text: string) => {
  const parsed = parseName(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}
const rdata = (type: typeof DNSKEY, text: string) => {
  const parsed = type.parse(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}
const sha256 = (octets: Uint8Array) => new Uint8Array(createHash('sha256').update(octets).digest())

describe('a key and its DS', () => {
  test('are those of the examples of RFC 6605 6.1 and RFC 8080 6.1', () => {
    const examples = [
      [
        'example.net.',
        '257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==',
        '55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17',
      ],
      [
        'example.com.',
        '257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=',
        '3613 15 2 3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b',
      ],
    ] as const
    for (const [owner, key, ds] of examples) {
      const dnskey = rdata(DNSKEY, key)
      const made = dsRdata(dnskey, sha256(digestInput(name(owner.toUpperCase()), dnskey)))
      expect(DS.format(made).toLowerCase()).toBe(ds)
      expect(keyTag(dnskey)).toBe(Number(ds.split(' ')[0]))
      expect(dnskeyRdata({ flags: FLAGS_KSK, algorithm: dnskey[3]!, publicKey: dnskey.subarray(4) })).toEqual(
        dnskey,
      )
    }
  })
})

describe('the keys of a zone', () => {
  const key: ZoneKey = {
    flags: FLAGS_KSK,
    algorithm: 13,
    publicKey: new Uint8Array(64).fill(7),
    privateKey: new Uint8Array(32).fill(9),
    times: { published: 100, active: 200, retired: 0xfffffffe, removed: NEVER },
  }

  test('come back from their octets as they went in', () => {
    const keys = [key, { ...key, flags: 256, algorithm: 15, publicKey: new Uint8Array(32).fill(1) }]
    expect(decodeZoneKeys(encodeZoneKeys(keys))).toEqual(keys)
    expect(decodeZoneKeys(encodeZoneKeys([]))).toEqual([])
  })

  test('are none when octets are missing or left over', () => {
    const octets = encodeZoneKeys([key])
    for (let end = 1; end < octets.length; end++) expect(decodeZoneKeys(octets.subarray(0, end))).toBeNull()
    expect(decodeZoneKeys(Uint8Array.of(...octets, 0))).toBeNull()
  })

  test('do what their times say', () => {
    const { times } = key
    expect([99, 100, 199].map((now) => isPublished(times, now))).toEqual([false, true, true])
    expect([199, 200, 0xfffffffd, 0xfffffffe].map((now) => isActive(times, now))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(nextMoment([key], 150)).toBe(200)
    expect(nextMoment([{ ...key, times: { ...times, retired: NEVER } }], 200)).toBe(NEVER)
  })

  test('a key that is to leave wants no DS any more, while it still signs', () => {
    expect(wantsDs(key, 300)).toBe(false)
    const staying = { ...key, times: { ...key.times, retired: NEVER } }
    expect([99, 100, 300].map((now) => wantsDs(staying, now))).toEqual([false, true, true])
  })
})
