/** Numbers of types and classes (IANA DNS parameters). */

export const CLASS_IN = 1
export const CLASS_CH = 3
export const CLASS_NONE = 254
export const CLASS_ANY = 255

export const TYPE_A = 1
export const TYPE_NS = 2
export const TYPE_CNAME = 5
export const TYPE_SOA = 6
export const TYPE_PTR = 12
export const TYPE_HINFO = 13
export const TYPE_MX = 15
export const TYPE_TXT = 16
export const TYPE_RP = 17
export const TYPE_AAAA = 28
export const TYPE_LOC = 29
export const TYPE_SRV = 33
export const TYPE_NAPTR = 35
export const TYPE_CERT = 37
export const TYPE_DNAME = 39
export const TYPE_OPT = 41
export const TYPE_DS = 43
export const TYPE_SSHFP = 44
export const TYPE_RRSIG = 46
export const TYPE_NSEC = 47
export const TYPE_DNSKEY = 48
export const TYPE_NSEC3 = 50
export const TYPE_NSEC3PARAM = 51
export const TYPE_TLSA = 52
export const TYPE_SMIMEA = 53
export const TYPE_CDS = 59
export const TYPE_CDNSKEY = 60
export const TYPE_OPENPGPKEY = 61
export const TYPE_SVCB = 64
export const TYPE_HTTPS = 65
export const TYPE_SPF = 99
/** Says in a type bitmap that the name does not exist (RFC 9824 2); no record has it. */
export const TYPE_NXNAME = 128
export const TYPE_TSIG = 250
export const TYPE_IXFR = 251
export const TYPE_AXFR = 252
export const TYPE_ANY = 255
export const TYPE_URI = 256
export const TYPE_CAA = 257

// Every type with a name, also those whose data is known only in generic form: type bitmaps name them.
const NAMES: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  MD: 3,
  MF: 4,
  CNAME: 5,
  SOA: 6,
  MB: 7,
  MG: 8,
  MR: 9,
  NULL: 10,
  WKS: 11,
  PTR: 12,
  HINFO: 13,
  MINFO: 14,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  X25: 19,
  ISDN: 20,
  RT: 21,
  NSAP: 22,
  SIG: 24,
  KEY: 25,
  PX: 26,
  AAAA: 28,
  LOC: 29,
  NXT: 30,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  OPT: 41,
  APL: 42,
  DS: 43,
  SSHFP: 44,
  IPSECKEY: 45,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  HIP: 55,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  NID: 104,
  L32: 105,
  L64: 106,
  LP: 107,
  EUI48: 108,
  EUI64: 109,
  NXNAME: 128,
  TKEY: 249,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  MAILB: 253,
  MAILA: 254,
  ANY: 255,
  URI: 256,
  CAA: 257,
}

const codesByName = new Map(Object.entries(NAMES))
const namesByCode = new Map(Object.entries(NAMES).map(([name, code]) => [code, name]))

/** The number of a type name in any case, also `TYPE65280` (RFC 3597 5); undefined for no such name. */
export function typeCode(name: string): number | undefined {
  const known = codesByName.get(name) ?? codesByName.get(name.toUpperCase())
  if (known !== undefined) return known
  const digits = /^TYPE(\d{1,5})$/i.exec(name)
  if (digits === null) return undefined
  const code = Number(digits[1])
  return code <= 0xffff ? code : undefined
}

/** The name of a type; `TYPE65280` where it has none. */
export function typeName(code: number): string {
  return namesByCode.get(code) ?? `TYPE${code}`
}

/** Whether the number is for questions or messages only and no record of a zone can have it (RFC 6895 3.1). */
export function isMetaType(code: number): boolean {
  return code === TYPE_OPT || code === 0 || (code >= 128 && code <= 255)
}
