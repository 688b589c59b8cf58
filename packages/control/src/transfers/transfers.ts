import { randomBytes } from 'node:crypto'
import { OP_TRANSFERS_CHANGED } from '@waymark/dns/feed-codec'
import { formatName, lowerName, parseName } from '@waymark/dns/name'
import { TSIG_ALGORITHMS, type TsigAlgorithm } from '@waymark/dns/tsig/tsig'
import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { NO_ZONE } from '../feed/follow.ts'
import { formatPrefix, readIp, readPrefix } from '../networks/prefix.ts'
import { type Reads, RowExists, type Tenant, type Tx, type Zone } from '../store/store.ts'
import {
  ALL_ZONES,
  type AllowedClient,
  type NotifiedServer,
  type TransferAccessRow,
  type TsigKeyRow,
} from '../store/transfer-calls.ts'
import { lockZone } from '../zones/zones.ts'
import { zoneAccessPayload } from './policy-payload.ts'
import type { AccessInput, NewTsigKeyInput } from './schemas.ts'
import { formatServerAddress, readServerAddress } from './server-address.ts'

/** Secrets have as many octets as the hash: less is weaker, more gains nothing (RFC 2104 3). */
const MIN_SECRET_BYTES = 16
const MAX_SECRET_BYTES = 255

/** Makes a key. Its secret, in base64, is in the result and can never be read again. Codes: FIELD_INVALID, NAME_TAKEN. */
export async function createTsigKey(
  context: Context,
  wanted: NewTsigKeyInput,
): Promise<{ key: TsigKeyRow; secret: string }> {
  const name = readKeyName(wanted.name, 'name')
  const algorithm: TsigAlgorithm = wanted.algorithm ?? 'hmac-sha256'
  const secret = readSecret(wanted.secret, algorithm)
  const key: TsigKeyRow = {
    name,
    algorithm,
    sealedSecret: context.secrets.seal(secret, `tsig:${name}`),
    createdAt: context.now(),
  }
  try {
    await context.store.transaction(async (tx) => {
      await tx.insertTsigKey(key)
      await announcePolicy(tx)
    })
  } catch (error) {
    if (error instanceof RowExists) throw apiError('NAME_TAKEN', { name })
    throw error
  }
  return { key, secret }
}

/** Codes: TSIG_KEY_NOT_FOUND, TSIG_KEY_IN_USE. */
export const removeTsigKey = ({ store }: Context, name: string): Promise<void> =>
  store.transaction(async (tx) => {
    const key = (await tx.tsigKeys()).find((each) => each.name === fullName(name))
    if (key === undefined) throw apiError('TSIG_KEY_NOT_FOUND', { name })
    const user = (await tx.transferAccess()).find(({ allow, notify }) =>
      [...allow, ...notify].some((entry) => entry.key === key.name),
    )
    const followers = user === undefined ? await tx.zonesFollowingBy(key.name) : []
    if (user !== undefined || followers.length > 0) throw apiError('TSIG_KEY_IN_USE', { name: key.name })
    await tx.removeTsigKey(key.name)
    await announcePolicy(tx)
  })

/** Says what holds for zones without access of their own. Code: FIELD_INVALID. */
export const putDefaultAccess = (
  context: Context,
  input: AccessInput,
): Promise<Omit<TransferAccessRow, 'zoneId'>> =>
  context.store.transaction(async (tx) => {
    const access = await readAccess(tx, ALL_ZONES, input, context.now())
    await tx.putTransferAccess(access)
    await announcePolicy(tx)
    return access
  })

/** Gives a zone, public or private, access of its own, which then holds alone. Codes: FIELD_INVALID, DNS.0302. */
export const putZoneAccess = (
  context: Context,
  zoneId: string,
  input: AccessInput,
): Promise<TransferAccessRow> =>
  context.store.transaction(async (tx) => {
    const zone = await lockAnyZone(tx, zoneId)
    const access = await readAccess(tx, zoneId, input, context.now())
    await tx.putTransferAccess(access)
    await announceZone(tx, zone, access)
    return access
  })

/** From now on what holds for all zones holds for this one. Codes: DNS.0302. */
export const removeZoneAccess = ({ store }: Context, zoneId: string): Promise<void> =>
  store.transaction(async (tx) => {
    const zone = await lockAnyZone(tx, zoneId)
    if ((await tx.findTransferAccess(zoneId)) === undefined) return
    await tx.removeTransferAccess(zoneId)
    await announceZone(tx, zone, undefined)
  })

/** What holds for a zone, and whether it is its own. A private zone without its own has nothing. Code: DNS.0302. */
export async function showZoneAccess({ store }: Context, zoneId: string) {
  const zone = await store.findZone(await ownerOf(store, zoneId), zoneId)
  const own = await store.findTransferAccess(zoneId)
  const forAll = zone?.zoneType === 'public' ? await store.findTransferAccess(ALL_ZONES) : undefined
  return { own: own !== undefined, access: own ?? forAll }
}

async function ownerOf(reads: Reads, zoneId: string): Promise<Tenant> {
  const owner = await reads.ownerOfZone(zoneId)
  if (owner === undefined) throw apiError('ZONE_NOT_FOUND')
  return owner
}

/** Locked, so that the frame about it has the serial that is then the present one. */
const lockAnyZone = async (tx: Tx, zoneId: string): Promise<Zone> =>
  lockZone(tx, await ownerOf(tx, zoneId), zoneId)

async function announcePolicy(tx: Tx): Promise<void> {
  await tx.appendFeed({ zoneId: NO_ZONE, serial: 0, payload: Uint8Array.of(OP_TRANSFERS_CHANGED) })
}

async function announceZone(tx: Tx, zone: Zone, access: TransferAccessRow | undefined): Promise<void> {
  const payload = zoneAccessPayload(access).finish()
  await tx.appendFeed({ zoneId: zone.id, serial: zone.serial, payload })
}

async function readAccess(
  tx: Tx,
  zoneId: string,
  { allow = [], notify = [] }: AccessInput,
  updatedAt: number,
): Promise<TransferAccessRow> {
  const names = new Set((await tx.tsigKeys()).map(({ name }) => name))
  const key = (name: string | undefined, field: string): { key?: string } => {
    if (name === undefined) return {}
    const known = fullName(name)
    if (!names.has(known)) throw invalid(field, `there is no key ${name}`)
    return { key: known }
  }
  return {
    zoneId,
    allow: allow.map((entry, at): AllowedClient => {
      const field = `allow.${at}`
      if (entry.cidr === undefined && entry.key === undefined)
        throw invalid(field, 'needs a cidr, a key, or both')
      return { ...readCidr(entry.cidr, `${field}.cidr`), ...key(entry.key, `${field}.key`) }
    }),
    notify: notify.map((entry, at): NotifiedServer => {
      const server = readServerAddress(entry.address)
      if (server === undefined)
        throw invalid(`notify.${at}.address`, 'must be 192.0.2.1:53 or [2001:db8::1]:53; without a port, 53')
      return { address: formatServerAddress(server), ...key(entry.key, `notify.${at}.key`) }
    }),
    updatedAt,
  }
}

function readCidr(text: string | undefined, field: string): { cidr?: string } {
  if (text === undefined) return {}
  const address = readIp(text)
  if (address !== undefined) return { cidr: formatPrefix({ network: address, bits: address.length * 8 }) }
  const prefix = readPrefix(text)
  if (typeof prefix === 'string') throw invalid(field, prefix)
  return { cidr: formatPrefix(prefix) }
}

function readKeyName(text: string, field: string): string {
  const name = parseName(fullName(text))
  if (!name.ok) throw invalid(field, name.problems[0]!.detail)
  if (name.value.length < 3) throw invalid(field, 'a key has a name like ns1-waymark.example')
  return formatName(lowerName(name.value))
}

const fullName = (text: string): string => text.toLowerCase().replace(/\.?$/, '.')

function readSecret(text: string | undefined, algorithm: TsigAlgorithm): string {
  if (text === undefined) return randomBytes(TSIG_ALGORITHMS[algorithm].macSize).toString('base64')
  const octets = Buffer.from(text, 'base64')
  if (octets.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, ''))
    throw invalid('secret', 'must be base64')
  if (octets.length < MIN_SECRET_BYTES || octets.length > MAX_SECRET_BYTES)
    throw invalid('secret', `must have ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} octets`)
  return octets.toString('base64')
}

const invalid = (field: string, reason: string) => apiError('FIELD_INVALID', { field, reason })
