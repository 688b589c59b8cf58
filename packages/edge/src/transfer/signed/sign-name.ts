import { nsecRdata } from '@waymark/dns/dnssec/nsec'
import {
  TYPE_CDNSKEY,
  TYPE_CDS,
  TYPE_DNSKEY,
  TYPE_DS,
  TYPE_NS,
  TYPE_NSEC,
  TYPE_NSEC3,
  TYPE_NSEC3PARAM,
  TYPE_RRSIG,
  TYPE_SOA,
} from '@waymark/dns/rr-types/type-codes'
import { KEY_SETS_TTL, refreshAtOf, rrsigRdata, type ZoneSigner } from '../../dnssec/zone-signer.ts'
import { isSame } from '../../zone-table/written-zone.ts'
import { RecordList } from '../record-list.ts'
import type { Rrset, SignedName } from './chunk.ts'

/** What all names of one signed copy have in common. */
export interface Signing {
  readonly signer: ZoneSigner
  /** Seconds since 1970. */
  readonly now: number
  /** TTL of NSEC records (RFC 9077 3). */
  readonly nsecTtl: number
  /** Whether signatures of the copy before are of the same key. */
  readonly isSameKey: boolean
  /** The SOA record of the copy before. */
  readonly oldSoa: Rrset | undefined
}

/** The records of a name with signatures, as a part of a chunk. */
export interface ComposedName {
  readonly octets: Uint8Array
  readonly isInChain: boolean
  readonly refreshAt: number
}

/** Made by signing: what else the zone has of them would not fit. */
const MADE_EVERYWHERE = new Set([TYPE_RRSIG, TYPE_NSEC, TYPE_NSEC3, TYPE_NSEC3PARAM])
const MADE_AT_APEX = [TYPE_DNSKEY, TYPE_CDS, TYPE_CDNSKEY] as const

/**
 * Signs a name: its authoritative sets, and the NSEC record that leads to the owner `next` (RFC 4034 4, RFC 4035 2.2 and 2.3).
 * Signatures of `old`, what the name was before, are taken over for sets that have not changed while they are good for long enough.
 * `soa` is given for the apex; the SOA record itself has its own places in a transfer.
 */
export function signName(
  signing: Signing,
  owner: Uint8Array,
  sets: readonly Rrset[],
  isOccluded: boolean,
  next: Uint8Array,
  old: SignedName | undefined,
  soa: Rrset | undefined,
): ComposedName {
  const { signer, now } = signing
  const list = new RecordList()
  const types: number[] = []
  const wire = joinedName(owner, signer.apex)
  const isApex = soa !== undefined
  const isCut = !isApex && sets.some(({ type }) => type === TYPE_NS)
  let refreshAt = Number.POSITIVE_INFINITY

  const addSignature = (ttl: number, rdata: Uint8Array): void => {
    list.add(owner, TYPE_RRSIG, ttl, rdata)
    refreshAt = Math.min(refreshAt, refreshAtOf(rdata))
  }
  const addSigned = (set: Rrset): void => {
    const kept = signing.isSameKey ? keptSignature(signing, old, set) : undefined
    const made = kept ?? rrsigRdata(signer.sign(wire, set.type, set.ttl, set.rdatas, now))
    addSignature(set.ttl, made)
    types.push(set.type)
  }

  if (soa !== undefined) addSigned(soa)
  for (const type of isApex ? MADE_AT_APEX : []) {
    const set = signer.keySet(type, now)
    if (set === undefined) continue
    for (const rdata of set.rdatas) list.add(owner, type, KEY_SETS_TTL, rdata)
    for (const signature of set.signatures) addSignature(KEY_SETS_TTL, rrsigRdata(signature))
    types.push(type)
  }
  for (const set of sets) {
    const { type, ttl, rdatas } = set
    if (MADE_EVERYWHERE.has(type) || (isApex && types.includes(type))) continue
    for (const rdata of rdatas) list.add(owner, type, ttl, rdata)
    if (isOccluded) continue
    if (!isCut || type === TYPE_DS) addSigned(set)
    else if (type === TYPE_NS) types.push(type)
  }
  const isInChain = types.length > 0
  if (isInChain) {
    types.push(TYPE_RRSIG, TYPE_NSEC)
    const rdata = nsecRdata(joinedName(next, signer.apex), types)
    list.add(owner, TYPE_NSEC, signing.nsecTtl, rdata)
    addSigned({ type: TYPE_NSEC, ttl: signing.nsecTtl, rdatas: [rdata] })
  }
  return { octets: list.finish(), isInChain, refreshAt }
}

/** The signature of the same set, if it need not be made anew yet. */
function keptSignature(
  { now, oldSoa }: Signing,
  old: SignedName | undefined,
  set: Rrset,
): Uint8Array | undefined {
  if (old === undefined) return undefined
  const before = set.type === TYPE_SOA ? oldSoa : old.sets.get(set.type)
  const [signature] = old.signatures.get(set.type) ?? []
  if (before === undefined || signature === undefined || refreshAtOf(signature) <= now) return undefined
  const isUnchanged =
    before.ttl === set.ttl &&
    before.rdatas.length === set.rdatas.length &&
    before.rdatas.every((rdata, i) => isSame(rdata, set.rdatas[i]!))
  return isUnchanged ? signature : undefined
}

function joinedName(owner: Uint8Array, apex: Uint8Array): Uint8Array {
  const name = new Uint8Array(owner.length + apex.length)
  name.set(owner)
  name.set(apex, owner.length)
  return name
}
