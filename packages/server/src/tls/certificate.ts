import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { isIP } from 'node:net'
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectId,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts'

/** A certificate and its private key. */
export interface Certified {
  /** PEM. */
  readonly certificate: string
  readonly key: KeyObject
}

const COMMON_NAME = '2.5.4.3'
const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'))
const EXTENSION = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1'
/** RFC 5280 4.2.1.3: first octet of the bits, and how many at its end are unused. */
const SIGN_CERTIFICATES = bitString(Uint8Array.of(0b0000_0110), 1)
const SIGN_HANDSHAKES = bitString(Uint8Array.of(0b1000_0000), 7)
/** Clocks of clients are late now and then. */
const EARLIER_MS = 60 * 60_000
const DAY_MS = 24 * 60 * 60_000

/** Makes an authority that clients can be told to trust: it signs server certificates and no further authorities. */
export function makeAuthority(name: string, days: number, now: Date): Certified {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const noFurther = sequence(boolean(true), integer(Uint8Array.of(0)))
  return issue({
    subject: name,
    issuer: name,
    days,
    now,
    key: privateKey,
    publicKey,
    issuerKey: privateKey,
    extensions: [
      extension(EXTENSION.basicConstraints, noFurther, true),
      extension(EXTENSION.keyUsage, SIGN_CERTIFICATES, true),
    ],
  })
}

/** Makes a certificate for a server that is reached under `names`, host names and IP addresses. */
export function makeServerCertificate(
  authority: Certified & { readonly name: string },
  names: readonly string[],
  days: number,
  now: Date,
): Certified {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return issue({
    subject: names[0]!.slice(0, 64),
    issuer: authority.name,
    days,
    now,
    key: privateKey,
    publicKey,
    issuerKey: authority.key,
    extensions: [
      extension(EXTENSION.basicConstraints, sequence(), true),
      extension(EXTENSION.keyUsage, SIGN_HANDSHAKES, true),
      extension(EXTENSION.extendedKeyUsage, sequence(objectId(SERVER_AUTHENTICATION))),
      extension(EXTENSION.subjectAltName, sequence(...names.map(generalName))),
    ],
  })
}

interface Wanted {
  readonly subject: string
  readonly issuer: string
  readonly days: number
  readonly now: Date
  readonly key: KeyObject
  readonly publicKey: KeyObject
  readonly issuerKey: KeyObject
  readonly extensions: readonly Uint8Array[]
}

/** RFC 5280 4.1 */
function issue(wanted: Wanted): Certified {
  const { now, days, publicKey, issuerKey } = wanted
  // A random number of 127 bits, never 0.
  const serial = randomBytes(16)
  serial[0] = (serial[0]! & 0x7f) | 0x40
  const signed = sequence(
    explicit(0, integer(Uint8Array.of(2))),
    integer(serial),
    ECDSA_WITH_SHA256,
    nameOf(wanted.issuer),
    sequence(time(new Date(now.getTime() - EARLIER_MS)), time(new Date(now.getTime() + days * DAY_MS))),
    nameOf(wanted.subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(
      3,
      sequence(
        ...wanted.extensions,
        extension(EXTENSION.subjectKeyId, octetString(keyId(publicKey))),
        extension(EXTENSION.authorityKeyId, sequence(implicit(0, keyId(createPublicKey(issuerKey))))),
      ),
    ),
  )
  const octets = sequence(signed, ECDSA_WITH_SHA256, bitString(sign('sha256', signed, issuerKey)))
  return { certificate: pem('CERTIFICATE', octets), key: wanted.key }
}

const nameOf = (commonName: string): Uint8Array =>
  sequence(set(sequence(objectId(COMMON_NAME), utf8String(commonName))))

const extension = (id: string, value: Uint8Array, isCritical = false): Uint8Array =>
  sequence(objectId(id), ...(isCritical ? [boolean(true)] : []), octetString(value))

/** RFC 7093 2: 160 bits of the SHA-256 of the key. */
const keyId = (key: KeyObject): Uint8Array =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20)

/** RFC 5280 4.2.1.6: a host name or the octets of an address. */
const generalName = (name: string): Uint8Array =>
  isIP(name) === 0 ? implicit(2, Buffer.from(name)) : implicit(7, addressOctets(name))

function addressOctets(address: string): Uint8Array {
  if (isIP(address) === 4) return Uint8Array.from(address.split('.').map(Number))
  // The URL parser writes an IPv6 address in its one shortest form, IPv4 tails as hexadecimal too.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (text: string | undefined) =>
    text ? text.split(':').map((part) => Number.parseInt(part, 16)) : []
  const [before, after] = [groups(head), groups(tail)]
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}

const pem = (label: string, octets: Uint8Array): string =>
  [
    `-----BEGIN ${label}-----`,
    ...(Buffer.from(octets)
      .toString('base64')
      .match(/.{1,64}/g) ?? []),
    `-----END ${label}-----`,
    '',
  ].join('\n')
