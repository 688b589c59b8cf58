import { nextSerial } from '@waymark/dns/zone/serial'
import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { readIp } from '../networks/prefix.ts'
import type { Ptr, PublicAddress } from '../store/network-calls.ts'
import { RowExists, RowMissing, type Tenant, type Tx } from '../store/store.ts'
import { type AddressRef, DEFAULT_TTL, type PtrInput, readAddressRef } from './ptr-input.ts'
import { announcePtr, ptrPayload, withdrawPtr } from './publish-ptr.ts'
import { reverseName } from './reverse-name.ts'

const UNLIMITED = 2147483647
/** Records of one batch restore. */
const MAX_BATCH = 50

/** The record of an address. Codes: DNS.0502, 0507. */
export async function showPtrOfAddress(context: Context, tenant: Tenant, ref: AddressRef): Promise<Ptr> {
  await requireAddress(context.store, tenant, ref)
  const ptr = await context.store.findPtrOfAddress(tenant, ref.addressId)
  if (ptr === undefined) throw apiError('PTR_NOT_FOUND')
  return ptr
}

/** Code: DNS.0507. */
export async function showPtr(context: Context, tenant: Tenant, ptrId: string): Promise<Ptr> {
  const ptr = await context.store.findPtr(tenant, ptrId)
  if (ptr === undefined) throw apiError('PTR_NOT_FOUND')
  return ptr
}

/** Makes the record of an address that has none. Codes: DNS.0502, 0016 (has one; or its reverse name is a zone here), 0405. */
export const createPtr = (context: Context, tenant: Tenant, ref: AddressRef, input: PtrInput): Promise<Ptr> =>
  change(context, async (tx) => {
    const address = await requireAddress(tx, tenant, ref)
    if ((await tx.findPtrOfAddress(tenant, address.id)) !== undefined) throw apiError('PTR_EXISTS')
    return insertPtr(tx, context, tenant, address, input)
  })

/** API v2: makes or replaces the record of an address. `isNew` tells which. Codes: DNS.0502, 0503, 0016, 0405. */
export const setPtr = (
  context: Context,
  tenant: Tenant,
  ref: AddressRef,
  input: PtrInput,
): Promise<{ ptr: Ptr; isNew: boolean }> =>
  change(context, async (tx) => {
    const address = await requireAddress(tx, tenant, ref)
    const before = await tx.lockPtr(tenant, { addressId: address.id })
    return before === undefined
      ? { ptr: await insertPtr(tx, context, tenant, address, input), isNew: true }
      : { ptr: await replacePtr(tx, context, before, input), isNew: false }
  })

/** Codes: DNS.0507, 0503. */
export const updatePtr = (context: Context, tenant: Tenant, ptrId: string, input: PtrInput): Promise<Ptr> =>
  change(context, async (tx) => {
    const before = await tx.lockPtr(tenant, { id: ptrId })
    if (before === undefined) throw apiError('PTR_NOT_FOUND')
    return replacePtr(tx, context, before, input)
  })

/** Codes: DNS.0507, 0503. */
export const removePtr = (context: Context, tenant: Tenant, ptrId: string): Promise<void> =>
  context.store.transaction(async (tx) => {
    const ptr = await tx.lockPtr(tenant, { id: ptrId })
    if (ptr === undefined) throw apiError('PTR_NOT_FOUND')
    refuseFrozen(ptr)
    await withdrawPtr(tx, ptr)
  })

/** Removes the record of an address. Codes: DNS.0502, 0507, 0503. */
export const restoreAddress = (context: Context, tenant: Tenant, ref: AddressRef): Promise<void> =>
  context.store.transaction(async (tx) => {
    await requireAddress(tx, tenant, ref)
    await withdrawPtr(tx, await requirePtrOf(tx, tenant, ref))
  })

/** Removes the records of all these addresses or, where one has none, of none. Codes: DNS.0002, 0326, 0501, 0601, 0504, 0507, 0503. */
export async function restoreAddresses(context: Context, tenant: Tenant, ids: unknown): Promise<void> {
  if (!Array.isArray(ids) || ids.length === 0) throw apiError('REQUEST_INVALID')
  if (ids.length > MAX_BATCH) throw apiError('BATCH_CREATE_LIMIT', { limit: MAX_BATCH })
  const refs = new Map<string, AddressRef>()
  for (const id of ids) {
    const ref = readAddressRef(id)
    refs.set(ref.addressId, ref)
  }
  await context.store.transaction(async (tx) => {
    for (const ref of refs.values()) await withdrawPtr(tx, await requirePtrOf(tx, tenant, ref))
  })
}

async function requirePtrOf(tx: Tx, tenant: Tenant, ref: AddressRef): Promise<Ptr> {
  const ptr = await tx.lockPtr(tenant, { addressId: ref.addressId })
  if (ptr === undefined || ptr.region !== ref.region) throw apiError('PTR_NOT_FOUND')
  refuseFrozen(ptr)
  return ptr
}

/** An address that is in the region and the project of the caller. */
async function requireAddress(
  reads: Pick<Tx, 'findAddress'>,
  tenant: Tenant,
  { region, addressId }: AddressRef,
): Promise<PublicAddress> {
  const address = await reads.findAddress(tenant, addressId)
  if (address === undefined || address.region !== region || address.projectId !== tenant.projectId) {
    throw apiError('EIP_NOT_FOUND')
  }
  return address
}

async function insertPtr(
  tx: Tx,
  context: Context,
  tenant: Tenant,
  address: PublicAddress,
  input: PtrInput,
): Promise<Ptr> {
  const { ptrQuota } = context.settings
  if (ptrQuota < UNLIMITED && (await tx.countPtrs(tenant)) >= ptrQuota) throw apiError('PTR_QUOTA')
  // A zone of just this name is somebody's, who says himself what it answers.
  const apex = reverseName(readIp(address.address)!)
  if ((await tx.zonesByApex(apex, 'public')).length > 0) throw apiError('PTR_EXISTS')
  const record: Omit<Ptr, 'published'> = {
    id: context.newId(),
    domainId: address.domainId,
    projectId: address.projectId,
    region: address.region,
    addressId: address.id,
    address: address.address,
    names: input.names,
    ttl: input.ttl ?? DEFAULT_TTL,
    description: input.description ?? '',
    status: 'ACTIVE',
    enterpriseProjectId: input.enterpriseProjectId ?? '0',
    tags: input.tags ?? [],
    serial: 1,
    createdAt: context.now(),
    updatedAt: null,
  }
  const ptr = { ...record, published: ptrPayload(context, record) }
  await tx.insertPtr(ptr)
  await announcePtr(tx, ptr)
  return ptr
}

/** Names are replaced; what was not sent stays. The enterprise project is only for a new record. */
async function replacePtr(tx: Tx, context: Context, before: Ptr, input: PtrInput): Promise<Ptr> {
  refuseFrozen(before)
  const record = {
    ...before,
    names: input.names,
    ttl: input.ttl ?? before.ttl,
    description: input.description ?? before.description,
    tags: input.tags ?? before.tags,
    serial: nextSerial(before.serial),
    updatedAt: context.now(),
  }
  const ptr = { ...record, published: ptrPayload(context, record) }
  await tx.updatePtr(ptr)
  await announcePtr(tx, ptr)
  return ptr
}

/** Frozen by the operator. */
function refuseFrozen(ptr: Ptr): void {
  if (ptr.status !== 'ACTIVE') throw apiError('PTR_NOT_STEADY')
}

/** Somebody else may have made the record, or removed it or its address, between the look and the write. */
async function change<T>(context: Context, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await context.store.transaction(work)
  } catch (error) {
    if (error instanceof RowExists) throw apiError('PTR_EXISTS')
    if (error instanceof RowMissing) throw apiError('PTR_NOT_FOUND')
    throw error
  }
}
