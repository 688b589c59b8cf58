/** Zones for the benches as a control plane would send them: frames of a snapshot. */
import {
  encodeRdatas,
  NO_WEIGHT,
  OctetWriter,
  OP_END,
  writeAccount,
  writeFrame,
  writeGroup,
  writeKeys,
  writeLines,
  writeTransfers,
  writeZone,
  ZONE_KIND_PUBLIC,
} from '@waymark/dns/feed-codec'
import { lowerName, parseName } from '@waymark/dns/name'
import { rrTypeByName } from '@waymark/dns/rr-types/registry'
import { writePolicy } from '@waymark/dns/transfer/policy'
import { testKeys } from '@waymark/edge/testing/keys'
import { addressOf, ownerOf, ZONE } from './zone.ts'

/** A snapshot of one zone with so many names, frame by frame; it is made anew for every edge that asks. */
export type FeedZone = (names: number) => Generator<Uint8Array>

const ZONE_ID = '1'.padStart(32, '0')
const NO_ZONE = '0'.repeat(32)
const ACCOUNT = 'bench'
const FRAME_BYTES = 500_000
const TTL = 300

export function wireName(name: string): Uint8Array {
  const result = parseName(name)
  if (!result.ok) throw new Error(`${name}: ${result.problems[0]?.detail}`)
  return lowerName(result.value)
}

function rdata(type: string, text: string): Uint8Array {
  const result = rrTypeByName(type)!.parse(text)
  if (!result.ok) throw new Error(`${type} ${text}: ${result.problems[0]?.detail}`)
  return result.value
}

/** One value to a variant; with `weights` the variants are weighted, else there is one with all values. */
function group(
  out: OctetWriter,
  owner: string,
  type: string,
  texts: readonly string[],
  line = 'default_view',
  weights?: readonly number[],
): void {
  const rdatas = texts.map((text) => rdata(type, text))
  const variants =
    weights === undefined
      ? [{ weight: NO_WEIGHT, ttl: TTL, rdatas: encodeRdatas(rdatas) }]
      : rdatas.map((each, i) => ({ weight: weights[i]!, ttl: TTL, rdatas: encodeRdatas([each]) }))
  writeGroup(out, wireName(owner), rrTypeByName(type)!.code, line, variants)
}

/** May have the zone by transfer. */
const LOOPBACK = { network: Uint8Array.of(127, 0, 0, 0), bits: 8, keyName: undefined }

interface ZoneParts {
  /** Writes what belongs to the zone as a whole. */
  readonly head?: (out: OctetWriter) => void
  /** Writes the record sets of name number `i`. */
  readonly name: (out: OctetWriter, i: number) => void
}

function* snapshot(names: number, parts: ZoneParts): Generator<Uint8Array> {
  const payload = new OctetWriter(1 << 20)
  const flush = (): Uint8Array => {
    const frame = frameOf(ZONE_ID, payload)
    payload.reset()
    return frame
  }
  const policy = new OctetWriter()
  writePolicy(policy, { keys: [], access: { allow: [LOOPBACK], notify: [] } })
  writeTransfers(payload, policy.finish())
  writeZone(payload, { apex: wireName(ZONE), kind: ZONE_KIND_PUBLIC, isAnswered: true, networks: [] })
  parts.head?.(payload)
  group(payload, ZONE, 'SOA', [`ns1.${ZONE} hostmaster.${ZONE} 1 7200 900 1209600 300`])
  group(payload, ZONE, 'NS', [`ns1.${ZONE}`, `ns2.${ZONE}`])
  group(payload, `ns1.${ZONE}`, 'A', ['192.0.2.1'])
  group(payload, `ns2.${ZONE}`, 'A', ['192.0.2.2'])
  for (let i = 0; i < names; i++) {
    parts.name(payload, i)
    if (payload.length > FRAME_BYTES) yield flush()
  }
  if (payload.length > 0) yield flush()
  payload.u8(OP_END)
  yield flush()
}

function frameOf(zoneId: string, payload: OctetWriter): Uint8Array {
  const frame = new OctetWriter(payload.length + 64)
  writeFrame(frame, { seq: 1, zoneId, serial: 1, payload: payload.finish() })
  return frame.finish()
}

const address = (out: OctetWriter, i: number): void => group(out, ownerOf(i), 'A', [addressOf(i)])

/** One address record a name: the zone of `writeZoneFile`. */
export const plainZone: FeedZone = (names) => snapshot(names, { name: address })

/** The same, signed with a KSK and a ZSK; `algorithm` is a DNSSEC algorithm number. */
export const signedZone =
  (algorithm: number): FeedZone =>
  (names) =>
    snapshot(names, { head: (out) => writeKeys(out, testKeys(algorithm)), name: address })

const CUSTOM_LINES = 50
/** What the line groups of names are meant for, four names in turn. */
const BUILT_IN_LINES = [
  ['Dianxin', 'Liantong', 'Yidong'],
  ['CN', 'Abroad'],
  ['Abroad', 'US', 'DE'],
  ['CN', 'JP', 'Jiaoyuwang'],
]

/**
 * Names with lines: each has a default set of three weighted values, two or three sets for operators, countries or regions, the
 * first of them weighted, and one set for one of 50 custom lines, which together hold a third of the IPv4 addresses in 3,200 ranges.
 */
export function* linedZone(names: number): Generator<Uint8Array> {
  const lines = Array.from({ length: CUSTOM_LINES }, (_, line) => ({
    id: `custom-${line}`,
    segments: Array.from({ length: 64 }, (_, i) => {
      const first = (i * CUSTOM_LINES + line) * 1_342_177
      return [first, first + 447_392] as const
    }),
  }))
  const payload = new OctetWriter(1 << 20)
  writeLines(payload, ACCOUNT, lines, [])
  yield frameOf(NO_ZONE, payload)
  yield* snapshot(names, {
    head: (out) => writeAccount(out, ACCOUNT),
    name: (out, i) => {
      const owner = ownerOf(i)
      group(out, owner, 'A', ['192.0.2.1', '192.0.2.2', addressOf(i)], 'default_view', [1, 3, 6])
      for (const [k, line] of BUILT_IN_LINES[i & 3]!.entries()) {
        if (k === 0) group(out, owner, 'A', ['198.51.100.1', '198.51.100.2'], line, [1, 1])
        else group(out, owner, 'A', [`198.51.100.${k + 2}`], line)
      }
      group(out, owner, 'A', ['203.0.113.1'], `custom-${i % CUSTOM_LINES}`)
    },
  })
}
