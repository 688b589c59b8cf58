import { RCODE_NOERROR, RCODE_NXDOMAIN } from '@waymark/dns/message/header'
import type { ResourceRecord } from '@waymark/dns/message/message'
import { equalNames, parseName, type WireName } from '@waymark/dns/name'
import { CLASS_IN, TYPE_A, TYPE_AAAA, TYPE_CNAME } from '@waymark/dns/rr-types/type-codes'
import { lookUp } from '../dns-client/look-up.ts'
import type { ServerAddress } from '../dns-client/server-address.ts'
import type { FindAddresses, Finding } from './finding.ts'

/** As many aliases in a row as resolvers follow. */
const MAX_CHAIN = 16
const CODES = { A: TYPE_A, AAAA: TYPE_AAAA }

/** Addresses as recursive servers tell them; without servers nobody can tell. */
export const askResolver =
  (servers: readonly ServerAddress[], timeoutMs?: number): FindAddresses =>
  async (text, type) => {
    const name = parseName(text)
    if (!name.ok) return { kind: 'missing' }
    const answer = await lookUp(servers, name.value, CODES[type], timeoutMs)
    if (answer?.rcode === RCODE_NXDOMAIN) return { kind: 'missing' }
    if (answer?.rcode !== RCODE_NOERROR) return { kind: 'unknown' }
    return addressesIn(answer.records, name.value, CODES[type])
  }

/** The addresses of `name`, or of the name that CNAME records lead to. */
function addressesIn(records: readonly ResourceRecord[], name: WireName, type: number): Finding {
  const own = records.filter((record) => record.class === CLASS_IN)
  let owner = name
  let ttl = Number.POSITIVE_INFINITY
  for (let step = 0; step < MAX_CHAIN; step++) {
    const cname = own.find((record) => record.type === TYPE_CNAME && equalNames(record.owner, owner))
    if (cname === undefined) break
    owner = cname.rdata
    ttl = Math.min(ttl, cname.ttl)
  }
  const size = type === TYPE_A ? 4 : 16
  const found = own.filter(
    (record) => record.type === type && record.rdata.length === size && equalNames(record.owner, owner),
  )
  for (const record of found) ttl = Math.min(ttl, record.ttl)
  return { kind: 'found', rdatas: found.map((record) => record.rdata), ttl }
}
