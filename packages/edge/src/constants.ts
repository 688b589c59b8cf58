/** RR types that the table or the answer path treats in a way of their own. */
export const TYPE_A = 1
export const TYPE_NS = 2
export const TYPE_CNAME = 5
export const TYPE_SOA = 6
export const TYPE_PTR = 12
export const TYPE_MX = 15
export const TYPE_TXT = 16
export const TYPE_AAAA = 28
export const TYPE_SRV = 33
export const TYPE_DNAME = 39
export const TYPE_OPT = 41
export const TYPE_DS = 43
export const TYPE_SVCB = 64
export const TYPE_HTTPS = 65
export const TYPE_IXFR = 251
export const TYPE_AXFR = 252
export const TYPE_ANY = 255

export const CLASS_IN = 1

export const RCODE_NOERROR = 0
export const RCODE_FORMERR = 1
export const RCODE_SERVFAIL = 2
export const RCODE_NXDOMAIN = 3
export const RCODE_NOTIMP = 4
export const RCODE_REFUSED = 5
export const RCODE_YXDOMAIN = 6
/** Extended, RFC 6891 6.1.3: its upper eight bits travel in the OPT record. */
export const RCODE_BADVERS = 16

/** Info-codes of Extended DNS Errors, RFC 8914. */
export const EDE_NOT_READY = 14
export const EDE_NOT_AUTHORITATIVE = 20
export const EDE_NOT_SUPPORTED = 21
