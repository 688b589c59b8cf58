import {
  CLASS_IN,
  TYPE_CDNSKEY,
  TYPE_CDS,
  TYPE_DNSKEY,
  TYPE_NSEC,
  TYPE_RRSIG,
  TYPE_SOA,
} from '@waymark/dns/rr-types/type-codes'
import { chooseAny, chooseVariant } from '../answer/choose.ts'
import { negativeTtl } from '../answer/fill.ts'
import type { Query } from '../answer/query.ts'
import { writeOwner, writeRrset, writeSoa } from '../answer/write.ts'
import { GROUP_TYPE, NODE_GROUPS, ZONE_APEX, ZONE_SERIAL } from '../zone-table/layout.ts'
import type { TableView } from '../zone-table/view.ts'
import { writeOwnNsec } from './deny.ts'
import { putU32, writeRrsig } from './sign-rrset.ts'
import { KEY_SETS_TTL } from './zone-signer.ts'

/** The signer has nothing to say to this question. */
export const NOT_MINE = -2

/**
 * Answers questions for types that signing makes: DNSKEY, CDS and CDNSKEY at the apex; RRSIG and NSEC where they are asked for with
 * DO. Node 0 is that of a name that does not exist, for NSEC alone. Returns the number of records written, -1 when they do not fit,
 * {@link NOT_MINE} for all other questions.
 */
export function answerFromSigner(q: Query, view: TableView, node: number): number {
  const { type } = q
  if (type === TYPE_DNSKEY || type === TYPE_CDS || type === TYPE_CDNSKEY)
    return node === view.words[q.zone + ZONE_APEX] ? writeKeySet(q, view, type) : NOT_MINE
  if (!q.isSigning) return NOT_MINE
  if (type === TYPE_RRSIG) return writeSomeSignature(q, view, node)
  if (type === TYPE_NSEC) return writeOwnNsec(q, view, node, negativeTtl(view, q.zone))
  return NOT_MINE
}

function writeKeySet(q: Query, view: TableView, type: number): number {
  const { signer, out } = q
  const zone = signer.zoneSigner(view, q.zone)
  const set = zone?.keySet(type, signer.now)
  if (zone === null || set === undefined) return NOT_MINE
  const mark = q.at
  for (const rdata of set.rdatas) {
    writeOwner(q, q.nameAt)
    const { at } = q
    out[at] = 0
    out[at + 1] = type
    out[at + 2] = 0
    out[at + 3] = CLASS_IN
    putU32(out, at + 4, KEY_SETS_TTL)
    out[at + 8] = rdata.length >> 8
    out[at + 9] = rdata.length
    for (let i = 0; i < rdata.length; i++) out[at + 10 + i] = rdata[i]!
    q.at = at + 10 + rdata.length
  }
  let records = set.rdatas.length
  let hasRoom = q.at <= q.limit
  if (q.isSigning) {
    const labels = view.labelsOf(q.zone)
    for (const { key, inception, expiration, octets } of set.signatures) {
      hasRoom &&= writeRrsig(
        ...([q, zone, key, q.nameAt, type, KEY_SETS_TTL, KEY_SETS_TTL] as const),
        ...([labels, inception, expiration, octets, 0] as const),
      )
      records++
    }
  }
  if (hasRoom) return records
  q.at = mark
  return -1
}

/** RFC 8482 4.1, for RRSIG as for ANY: the signature of one rrset of the name is answer enough. */
function writeSomeSignature(q: Query, view: TableView, node: number): number {
  const { words } = view
  const group = chooseAny(q, view, words[node + NODE_GROUPS]!)
  if (group === 0) return writeSignatureOf(q, () => writeOwnNsec(q, view, node, negativeTtl(view, q.zone)))
  return writeSignatureOf(q, () =>
    words[group + GROUP_TYPE]! >>> 16 === TYPE_SOA
      ? writeSoa(q, view, group, q.nameAt, words[q.zone + ZONE_SERIAL]!, -1)
      : writeRrset(q, view, group, chooseVariant(q, view, group), q.nameAt),
  )
}

/** Keeps the last record that `write` writes, the signature, and takes the others back. */
function writeSignatureOf(q: Query, write: () => number): number {
  const mark = q.at
  const { suffixCount, targetCount } = q
  const records = write()
  if (records <= 0) return records
  q.suffixCount = suffixCount
  q.targetCount = targetCount
  let at = mark
  for (let i = 1; i < records; i++) at = recordEnd(q.out, at)
  q.out.copyWithin(mark, at, q.at)
  q.at -= at - mark
  return 1
}

function recordEnd(out: Uint8Array, start: number): number {
  let at = start
  while (out[at] !== 0 && out[at]! < 192) at += out[at]! + 1
  at += out[at] === 0 ? 1 : 2
  return at + 10 + ((out[at + 8]! << 8) | out[at + 9]!)
}
