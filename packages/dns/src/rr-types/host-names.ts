import { parseName, type WireName } from '../name.ts'
import { compressibleName, foldedName } from './name-fields.ts'
import { rrType } from './rr-type.ts'
import { TYPE_CNAME, TYPE_DNAME, TYPE_NS, TYPE_PTR, TYPE_RP } from './type-codes.ts'

// The types whose data is nothing but names.

function fast(text: string, origin: WireName | undefined): WireName | null {
  const parsed = parseName(text, origin)
  return parsed.ok ? parsed.value : null
}

/** RFC 1035 3.3.1 */
export const CNAME = rrType('CNAME', TYPE_CNAME, [compressibleName('target')], { fast })

/** RFC 1035 3.3.11; the addresses of the server go along as glue. */
export const NS = rrType('NS', TYPE_NS, [compressibleName('server')], { fast, additional: 'server' })

/** RFC 1035 3.3.12 */
export const PTR = rrType('PTR', TYPE_PTR, [compressibleName('host')], { fast })

/** RFC 6672 2.5: not compressed. */
export const DNAME = rrType('DNAME', TYPE_DNAME, [foldedName('target')], { fast })

/** RFC 1183 2.2: a mailbox as a name, and where TXT records tell more. */
export const RP = rrType('RP', TYPE_RP, [foldedName('mailbox'), foldedName('text')])
