import { encodeZoneKeys, NEVER, type ZoneKey } from '@waymark/dns/dnssec/zone-keys'
import { OctetWriter, writeKeys } from '@waymark/dns/feed-codec'
import type { ZoneKeyRow } from '../store/zone-key-calls.ts'
import type { SecretBox } from '../tenants/secrets.ts'

type OnFailure = (error: unknown) => void

/**
 * Appends the KEYS operation for the keys of one zone, none of them for a zone that is not signed. Private keys are in the clear in
 * it: it goes to edges, never into the log. Keys that do not open leave their zone unsigned, and the feed of all others going.
 */
export function keysPayload(
  keys: readonly ZoneKeyRow[],
  secrets: SecretBox,
  onFailure: OnFailure,
  out: OctetWriter = new OctetWriter(512),
): OctetWriter {
  writeKeys(out, encodedKeys(keys, secrets, onFailure))
  return out
}

function encodedKeys(keys: readonly ZoneKeyRow[], secrets: SecretBox, onFailure: OnFailure): Uint8Array {
  if (keys.length === 0) return new Uint8Array()
  try {
    return encodeZoneKeys(keys.map((key) => opened(key, secrets)))
  } catch (cause) {
    onFailure(new Error(`The keys of zone ${keys[0]!.zoneId} do not open.`, { cause }))
    return new Uint8Array()
  }
}

const opened = (key: ZoneKeyRow, secrets: SecretBox): ZoneKey => ({
  flags: key.flags,
  algorithm: key.algorithm,
  publicKey: key.publicKey,
  privateKey: Buffer.from(secrets.open(key.sealedSecret, key.id), 'base64'),
  times: {
    published: seconds(key.publishedAt),
    active: seconds(key.activeAt),
    retired: seconds(key.retiredAt),
    removed: seconds(key.removedAt),
  },
})

const seconds = (time: number | null): number => (time === null ? NEVER : Math.floor(time / 1000))
