import { generateKeyPairSync } from 'node:crypto'
import { FLAGS_KSK, FLAGS_ZSK } from '@waymark/dns/dnssec/dnskey'
import { encodeZoneKeys, type KeyTimes, NEVER, type ZoneKey } from '@waymark/dns/dnssec/zone-keys'
import { ALGORITHMS } from '@waymark/dns/rr-types/algorithms'

const FROM_THE_START: KeyTimes = { published: 0, active: 0, retired: NEVER, removed: NEVER }

/** A new key. */
export function testKey(
  flags: number,
  times: Partial<KeyTimes> = {},
  algorithm: number = ALGORITHMS.ECDSAP256SHA256,
): ZoneKey {
  const { privateKey } =
    algorithm === ALGORITHMS.ED25519
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y = '', d } = privateKey.export({ format: 'jwk' })
  return {
    flags,
    algorithm,
    publicKey: Uint8Array.of(...Buffer.from(x!, 'base64url'), ...Buffer.from(y, 'base64url')),
    privateKey: new Uint8Array(Buffer.from(d!, 'base64url')),
    times: { ...FROM_THE_START, ...times },
  }
}

/** A KSK and a ZSK, as the feed carries them. */
export const testKeys = (algorithm?: number): Uint8Array =>
  encodeZoneKeys([testKey(FLAGS_KSK, {}, algorithm), testKey(FLAGS_ZSK, {}, algorithm)])
