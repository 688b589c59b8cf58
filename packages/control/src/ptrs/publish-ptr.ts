import { encodeRdatas } from '@waymark/dns/feed-codec'
import { PTR } from '@waymark/dns/rr-types/host-names'
import type { Context } from '../context.ts'
import { groupPayload, zonePayload, zoneRemovedPayload } from '../feed/publish.ts'
import { readIp } from '../networks/prefix.ts'
import type { Ptr } from '../store/network-calls.ts'
import type { RecordSet, Tx, Zone } from '../store/store.ts'
import { defaultRecordSets } from '../zones/default-record-sets.ts'
import { defaultEmail } from '../zones/email.ts'
import { reverseName } from './reverse-name.ts'

/**
 * What is published for a PTR record: a public zone of its own whose apex is the reverse name, so that it is answered whether
 * or not a zone above is hosted here, and before what such a zone says. Nobody but the feed knows of it.
 */
export function ptrPayload(
  context: Pick<Context, 'settings' | 'newId'>,
  ptr: Omit<Ptr, 'published'>,
): Uint8Array {
  const ip = readIp(ptr.address)
  if (ip === undefined) throw new Error(`stored address ${ptr.address}`)
  const apex = reverseName(ip)
  const zone: Zone = {
    id: ptr.id,
    domainId: ptr.domainId,
    projectId: ptr.projectId,
    zoneType: 'public',
    name: apex,
    apex,
    description: '',
    email: defaultEmail(apex),
    ttl: ptr.ttl,
    status: 'ACTIVE',
    serial: ptr.serial,
    revision: ptr.serial,
    recordCount: 3,
    primaries: [],
    enterpriseProjectId: ptr.enterpriseProjectId,
    proxyPattern: null,
    routers: [],
    tags: [],
    createdAt: ptr.createdAt,
    updatedAt: ptr.updatedAt,
  }
  const [soa, ns] = defaultRecordSets(zone, context.settings.nameServers, context.newId)
  const names: RecordSet = {
    ...{ ...soa, id: ptr.id, type: 'PTR', ttl: ptr.ttl, records: ptr.names, isDefault: false },
    rdatas: encodeRdatas(ptr.names.map(wirePtr)),
  }
  const payload = zonePayload(zone)
  for (const set of [soa, ns, names]) groupPayload(payload, set, [set])
  return payload.finish()
}

function wirePtr(name: string): Uint8Array {
  const parsed = PTR.parse(name)
  if (!parsed.ok) throw new Error(`stored name ${name}: ${parsed.problems[0]!.detail}`)
  return PTR.canonical(parsed.value)
}

/** Announces the record as it now is to the edges. */
export const announcePtr = (tx: Tx, { id, serial, published }: Ptr): Promise<number> =>
  tx.appendFeed({ zoneId: id, serial, payload: published })

/** Removes the record and what the edges answer of it. */
export async function withdrawPtr(tx: Tx, ptr: Ptr): Promise<void> {
  await tx.removePtr(ptr.id)
  await tx.appendFeed({ zoneId: ptr.id, serial: ptr.serial, payload: zoneRemovedPayload() })
}
