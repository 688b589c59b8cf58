import type { PublicKey } from '@waymark/dns/dnssec/dnskey'
import type { ResourceRecord } from '@waymark/dns/message/message'
import { compareNames, equalNames, formatName, isSubdomain } from '@waymark/dns/name'
import { rrTypeByCode } from '@waymark/dns/rr-types/registry'
import {
  TYPE_DNAME,
  TYPE_DS,
  TYPE_NS,
  TYPE_NSEC,
  TYPE_RRSIG,
  TYPE_SOA,
  typeName,
} from '@waymark/dns/rr-types/type-codes'
import { verifySection } from './verify.ts'

/**
 * Holds all records of a signed zone, the SOA once, against RFC 4035 2: every authoritative set has good signatures and nothing else has
 * any, and the NSEC records are one chain through all names that have authoritative data, in canonical order. Written without the code
 * that signs. Returns what is wrong.
 */
export function checkSignedZone(
  records: readonly ResourceRecord[],
  keys: readonly PublicKey[],
  now: number,
): string[] {
  const soa = records.find(({ type }) => type === TYPE_SOA)!
  const apex = soa.owner
  const owners = records.map(({ owner }) => owner).toSorted(compareNames)
  const names = owners.filter((name, i) => i === 0 || !equalNames(owners[i - 1]!, name))
  const typesAt = (name: Uint8Array): number[] => [
    ...new Set(records.filter(({ owner }) => equalNames(owner, name)).map(({ type }) => type)),
  ]
  const types = new Map(names.map((name) => [name, typesAt(name)]))
  const covers = names.filter(
    (name) =>
      types.get(name)!.includes(TYPE_DNAME) ||
      (types.get(name)!.includes(TYPE_NS) && !equalNames(name, apex)),
  )
  const chain = names.filter(
    (name) => !covers.some((cover) => !equalNames(name, cover) && isSubdomain(name, cover)),
  )
  const problems: string[] = []
  const ttl = Math.min(soa.ttl, new DataView(soa.rdata.slice(-4).buffer).getUint32(0))
  const isCut = (name: Uint8Array): boolean => !equalNames(name, apex) && types.get(name)!.includes(TYPE_NS)
  for (const [i, name] of chain.entries()) {
    const nsec = records.filter(({ owner, type }) => type === TYPE_NSEC && equalNames(owner, name))
    const next = formatName(chain[(i + 1) % chain.length]!)
    const present = types
      .get(name)!
      .filter((type) => !isCut(name) || [TYPE_NS, TYPE_DS, TYPE_RRSIG, TYPE_NSEC].includes(type))
      .toSorted((a, b) => a - b)
    const wanted = `${ttl} ${[next, ...present.map(typeName)].join(' ')}`
    const had = nsec.map((record) => `${record.ttl} ${rrTypeByCode(TYPE_NSEC).format(record.rdata)}`)
    if (had.join() !== wanted) problems.push(`${formatName(name)} NSEC ${had.join()} is not ${wanted}`)
  }
  const expected = chain.flatMap((name) =>
    types
      .get(name)!
      .filter((type) => type !== TYPE_RRSIG && (!isCut(name) || type === TYPE_DS || type === TYPE_NSEC))
      .map((type) => `${formatName(name)} ${typeName(type)}`),
  )
  const signed = verifySection(records, keys, now).filter((set) => !set.endsWith(' unsigned'))
  for (const set of expected) if (!signed.includes(set)) problems.push(`${set} has no signature`)
  for (const set of signed) if (!expected.includes(set)) problems.push(`${set} should have no signature`)
  return problems
}
