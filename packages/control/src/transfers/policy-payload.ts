import { OctetWriter, writeTransfers, writeZoneTransfers } from '@waymark/dns/feed-codec'
import { parseName, type WireName } from '@waymark/dns/name'
import {
  type AllowRule,
  type NotifyTarget,
  type TransferAccess,
  writeAccess,
  writePolicy,
} from '@waymark/dns/transfer/policy'
import type { TsigKey } from '@waymark/dns/tsig/tsig'
import { readIp, readPrefix } from '../networks/prefix.ts'
import type { AllowedClient, NotifiedServer, TransferAccessRow, TsigKeyRow } from '../store/transfer-calls.ts'
import type { SecretBox } from '../tenants/secrets.ts'
import { readServerAddress } from './server-address.ts'

/**
 * Appends the TRANSFERS operation: all keys, and what holds for zones without access of their own. Secrets are in the clear in it: it
 * goes to edges, never into the log. A key that does not open is left out.
 */
export function policyPayload(
  keys: readonly TsigKeyRow[],
  forAll: TransferAccessRow | undefined,
  secrets: SecretBox,
  onFailure: (error: unknown) => void,
  out: OctetWriter = new OctetWriter(512),
): OctetWriter {
  const policy = new OctetWriter(512)
  const opened = keys.flatMap((key): TsigKey[] => {
    try {
      return [openTsigKey(key, secrets)]
    } catch (cause) {
      onFailure(new Error(`The TSIG key ${key.name} does not open.`, { cause }))
      return []
    }
  })
  writePolicy(policy, { keys: opened, access: accessOf(forAll) })
  writeTransfers(out, policy.finish())
  return out
}

/** The key with its secret. Throws when it was sealed under another master key. */
export const openTsigKey = ({ name, algorithm, sealedSecret }: TsigKeyRow, secrets: SecretBox): TsigKey => ({
  name: wireName(name),
  algorithm,
  secret: Buffer.from(secrets.open(sealedSecret, `tsig:${name}`), 'base64'),
})

/** Appends the ZONE_TRANSFERS operation; undefined: the zone has no access of its own any more. */
export function zoneAccessPayload(
  access: TransferAccessRow | undefined,
  out: OctetWriter = new OctetWriter(128),
): OctetWriter {
  const octets = new OctetWriter(128)
  if (access !== undefined) writeAccess(octets, accessOf(access))
  writeZoneTransfers(out, octets.finish())
  return out
}

const accessOf = (row: TransferAccessRow | undefined): TransferAccess => ({
  allow: row?.allow.map(ruleOf) ?? [],
  notify: row?.notify.map(targetOf) ?? [],
})

function ruleOf({ cidr, key }: AllowedClient): AllowRule {
  const prefix = cidr === undefined ? undefined : readPrefix(cidr)
  if (typeof prefix === 'string') throw new Error(`stored prefix cannot be published: ${prefix}`)
  return { network: prefix?.network, bits: prefix?.bits ?? 0, keyName: key && wireName(key) } as AllowRule
}

function targetOf({ address, key }: NotifiedServer): NotifyTarget {
  const server = readServerAddress(address)
  if (server === undefined) throw new Error(`stored address cannot be published: ${address}`)
  return {
    address: readIp(server.host)!,
    port: server.port,
    keyName: key === undefined ? undefined : wireName(key),
  }
}

function wireName(text: string): WireName {
  const name = parseName(text)
  if (!name.ok) throw new Error(`stored name cannot be published: ${name.problems[0]!.detail}`)
  return name.value
}
