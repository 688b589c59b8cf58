/** Info-codes of Extended DNS Errors, RFC 8914. */
export const EDE_NOT_READY = 14
export const EDE_NOT_AUTHORITATIVE = 20
export const EDE_NOT_SUPPORTED = 21
export const EDE_NO_REACHABLE_AUTHORITY = 22
export const EDE_NETWORK_ERROR = 23
export const EDE_INVALID_TYPE = 30
