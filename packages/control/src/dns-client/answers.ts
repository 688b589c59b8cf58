import { equalNames, formatName, lowerName, type WireName } from '@waymark/dns/name'
import { CLASS_IN, TYPE_CNAME, TYPE_NS, TYPE_TXT } from '@waymark/dns/rr-types/type-codes'
import type { Answer } from './look-up.ts'

/** As many aliases in a row as resolvers follow. */
const MAX_CHAIN = 16

/** The name servers of `name` itself, lower case, final dot, in order. */
export function nameServersIn({ records }: Answer, name: WireName): string[] {
  return records
    .filter(
      (record) => record.type === TYPE_NS && record.class === CLASS_IN && equalNames(record.owner, name),
    )
    .map(({ rdata }) => formatName(lowerName(rdata)))
    .sort()
}

/** The texts of the TXT records of `name`, or of the name that it is an alias of, the strings of each joined. */
export function textsIn({ records }: Answer, name: WireName): string[] {
  let owner = name
  for (let step = 0; step < MAX_CHAIN; step++) {
    const alias = records.find((record) => record.type === TYPE_CNAME && equalNames(record.owner, owner))
    if (alias === undefined) break
    owner = alias.rdata
  }
  return records
    .filter(
      (record) => record.type === TYPE_TXT && record.class === CLASS_IN && equalNames(record.owner, owner),
    )
    .map(({ rdata }) => textOf(rdata))
}

/** The strings of TXT rdata (RFC 1035 3.3.14), joined; octets beyond ASCII are taken for Latin-1. */
export function textOf(rdata: Uint8Array): string {
  let text = ''
  for (let at = 0; at < rdata.length; at += 1 + rdata[at]!)
    text += String.fromCharCode(...rdata.subarray(at + 1, at + 1 + rdata[at]!))
  return text
}
