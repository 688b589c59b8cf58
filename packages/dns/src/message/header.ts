/** The twelve octets in front of every message (RFC 1035 4.1.1, AD and CD of RFC 4035 3.2). */

export const HEADER_SIZE = 12

export const OPCODE_QUERY = 0
export const OPCODE_STATUS = 2
export const OPCODE_NOTIFY = 4
export const OPCODE_UPDATE = 5

export const RCODE_NOERROR = 0
export const RCODE_FORMERR = 1
export const RCODE_SERVFAIL = 2
export const RCODE_NXDOMAIN = 3
export const RCODE_NOTIMP = 4
export const RCODE_REFUSED = 5
export const RCODE_YXDOMAIN = 6
export const RCODE_NOTAUTH = 9
export const RCODE_NOTZONE = 10
export const RCODE_BADVERS = 16
export const RCODE_BADCOOKIE = 23

export const FLAG_QR = 0x8000
export const FLAG_AA = 0x0400
export const FLAG_TC = 0x0200
export const FLAG_RD = 0x0100
export const FLAG_RA = 0x0080
export const FLAG_AD = 0x0020
export const FLAG_CD = 0x0010

const RCODE_NAMES: Readonly<Record<number, string>> = {
  0: 'NOERROR',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
  6: 'YXDOMAIN',
  7: 'YXRRSET',
  8: 'NXRRSET',
  9: 'NOTAUTH',
  10: 'NOTZONE',
  16: 'BADVERS',
  23: 'BADCOOKIE',
}

/** `NXDOMAIN`; `RCODE25` where it has no name here. */
export function rcodeName(rcode: number): string {
  return RCODE_NAMES[rcode] ?? `RCODE${rcode}`
}

export interface Header {
  readonly id: number
  readonly isResponse: boolean
  readonly opcode: number
  readonly isAuthoritative: boolean
  readonly isTruncated: boolean
  readonly isRecursionDesired: boolean
  readonly isRecursionAvailable: boolean
  readonly isAuthenticData: boolean
  readonly isCheckingDisabled: boolean
  /** The whole response code: four bits of the header, eight more of EDNS above them (RFC 6891 6.1.3). */
  readonly rcode: number
}

/** Reads id and flags; `rcode` holds the four bits of the header. The caller makes sure of twelve octets. */
export function decodeHeader(octets: Uint8Array): Header {
  const flags = (octets[2]! << 8) | octets[3]!
  return {
    id: (octets[0]! << 8) | octets[1]!,
    isResponse: (flags & FLAG_QR) !== 0,
    opcode: (flags >> 11) & 15,
    isAuthoritative: (flags & FLAG_AA) !== 0,
    isTruncated: (flags & FLAG_TC) !== 0,
    isRecursionDesired: (flags & FLAG_RD) !== 0,
    isRecursionAvailable: (flags & FLAG_RA) !== 0,
    isAuthenticData: (flags & FLAG_AD) !== 0,
    isCheckingDisabled: (flags & FLAG_CD) !== 0,
    rcode: flags & 15,
  }
}

/** The flags word of a header. */
export function headerFlags(header: Header): number {
  return (
    (header.isResponse ? FLAG_QR : 0) |
    ((header.opcode & 15) << 11) |
    (header.isAuthoritative ? FLAG_AA : 0) |
    (header.isTruncated ? FLAG_TC : 0) |
    (header.isRecursionDesired ? FLAG_RD : 0) |
    (header.isRecursionAvailable ? FLAG_RA : 0) |
    (header.isAuthenticData ? FLAG_AD : 0) |
    (header.isCheckingDisabled ? FLAG_CD : 0) |
    (header.rcode & 15)
  )
}
