import { A, AAAA } from './addresses.ts'
import { CAA } from './caa.ts'
import { CERT, OPENPGPKEY, SMIMEA, SSHFP, TLSA } from './certificates.ts'
import { CDNSKEY, CDS, DNSKEY, DS, NSEC, NSEC3, NSEC3PARAM, RRSIG } from './dnssec.ts'
import { CNAME, DNAME, NS, PTR, RP } from './host-names.ts'
import { LOC } from './loc.ts'
import { MX } from './mx.ts'
import { NAPTR } from './naptr.ts'
import type { RrType } from './rr-type.ts'
import { SOA } from './soa.ts'
import { SRV } from './srv.ts'
import { HTTPS, SVCB } from './svcb.ts'
import { HINFO, SPF, TXT } from './txt.ts'
import { typeCode, typeName } from './type-codes.ts'
import { unknownType } from './unknown.ts'
import { URI } from './uri.ts'

/** Every type whose data is read and written in its own form. A new type is a line here and a file beside. */
export const RR_TYPES: readonly RrType[] = [
  A,
  NS,
  CNAME,
  SOA,
  PTR,
  HINFO,
  MX,
  TXT,
  RP,
  AAAA,
  LOC,
  SRV,
  NAPTR,
  CERT,
  DNAME,
  DS,
  SSHFP,
  RRSIG,
  NSEC,
  DNSKEY,
  NSEC3,
  NSEC3PARAM,
  TLSA,
  SMIMEA,
  CDS,
  CDNSKEY,
  OPENPGPKEY,
  SVCB,
  HTTPS,
  SPF,
  URI,
  CAA,
]

const byCode = new Map(RR_TYPES.map((type) => [type.code, type]))

/** The type of a name in any case, also `TYPE65280` and `TYPE1` (RFC 3597 5); undefined for no such name. */
export function rrTypeByName(name: string): RrType | undefined {
  const code = typeCode(name)
  return code === undefined ? undefined : rrTypeByCode(code)
}

/** The type of a number; one that knows only generic form where the number is not in {@link RR_TYPES}. */
export function rrTypeByCode(code: number): RrType {
  let type = byCode.get(code)
  if (type === undefined) {
    type = unknownType(typeName(code), code)
    byCode.set(code, type)
  }
  return type
}
