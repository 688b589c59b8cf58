import { encodeZoneKeys, NEVER, type ZoneKey } from '@waymark/dns/dnssec/zone-keys'
import { OctetWriter, writeKeys } from '@waymark/dns/feed-codec'
import type { ZoneKeyRow } from '../store/zone-key-calls.ts'
import type { SecretBox } from '../tenants/secrets.ts'

/**
 * Appends the KEYS operation for the keys of one zone, none of them for a zone that is not signed. Private keys are in the clear in
 * it: it goes to edges, never into the log.
 */
export function keysPayload(
  keys: readonly ZoneKeyRow[],
  secrets: SecretBox,
  out: OctetWriter = new OctetWriter(512),
): OctetWriter {
  writeKeys(
    out,
    keys.length === 0 ? new Uint8Array() : encodeZoneKeys(keys.map((key) => opened(key, secrets))),
  )
  return out
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
