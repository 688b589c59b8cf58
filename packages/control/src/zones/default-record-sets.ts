import { encodeRdatas } from '@waymark/dns/feed-codec'
import { NS } from '@waymark/dns/rr-types/host-names'
import type { RrType } from '@waymark/dns/rr-types/rr-type'
import { SOA } from '@waymark/dns/rr-types/soa'
import { DEFAULT_LINE } from '../lines/lines.ts'
import type { RecordSet, Zone } from '../store/store.ts'
import { mailboxName } from './email.ts'

const REFRESH = 7200
const RETRY = 900
const EXPIRE = 1209600
/** Seconds that resolvers may keep the NS set of a public zone. */
const PUBLIC_NS_TTL = 172800

/** The SOA and NS sets that a zone is made with, in the order in which lists show them. */
export function defaultRecordSets(
  zone: Zone,
  nameServers: readonly string[],
  newId: () => string,
): [soa: RecordSet, ns: RecordSet] {
  const shared = {
    zoneId: zone.id,
    name: zone.name,
    owner: zone.apex,
    line: DEFAULT_LINE,
    weight: zone.zoneType === 'public' ? 1 : null,
    status: 'ACTIVE',
    isDefault: true,
    description: null,
    aliasTarget: null,
    tags: [],
    createdAt: zone.createdAt,
    updatedAt: null,
  } as const
  const soa = soaValue(zone, nameServers[0]!)
  return [
    { ...shared, id: newId(), type: 'SOA', ttl: zone.ttl, records: [soa], rdatas: packedSoa(soa) },
    {
      ...shared,
      id: newId(),
      type: 'NS',
      ttl: zone.zoneType === 'public' ? PUBLIC_NS_TTL : zone.ttl,
      records: [...nameServers],
      rdatas: packed(NS, nameServers),
    },
  ]
}

/** The SOA set as it follows from the mailbox and TTL that `zone` now has. */
export function regeneratedSoa(soa: RecordSet, zone: Zone, now: number): RecordSet {
  // The first field stays: a change of name servers is no business of the zone's mailbox.
  const value = soaValue(zone, soa.records[0]!.split(' ', 1)[0]!)
  return { ...soa, ttl: zone.ttl, records: [value], rdatas: packedSoa(value), updatedAt: now }
}

/** The serial is always 1 here; what is published carries that of the zone. */
function soaValue(zone: Zone, primary: string): string {
  // Only the default mailbox of a very long zone name makes no name; the apex itself then stands for it.
  const mailbox = mailboxName(zone.email) ?? zone.apex
  return `${primary} ${mailbox} (1 ${REFRESH} ${RETRY} ${EXPIRE} ${zone.ttl})`
}

/** Clients expect the parentheses; within one line they mean nothing (RFC 1035 5.1). */
const packedSoa = (value: string): Uint8Array => packed(SOA, [value.replace(/[()]/g, '')])

function packed(type: RrType, values: readonly string[]): Uint8Array {
  return encodeRdatas(
    values.map((value) => {
      const parsed = type.parse(value)
      if (!parsed.ok) throw new Error(`${type.name} value '${value}': ${parsed.problems[0]!.detail}`)
      return type.canonical(parsed.value)
    }),
  )
}
