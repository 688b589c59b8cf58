import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { withdrawPtr } from '../ptrs/publish-ptr.ts'
import type { Bandwidth, PublicAddress } from '../store/network-calls.ts'
import { RowExists, type Tenant } from '../store/store.ts'
import { readMembers } from '../zones/zone-input.ts'
import { formatIp, readIp } from './prefix.ts'
import { readId, readName, readPlace, refuseAddress } from './registry-input.ts'

/** Registers a public address in the project of its region. Codes: WAYMARK.0211, 0213. */
export async function createAddress(
  context: Context,
  tenant: Tenant,
  body: unknown,
  bandwidth?: Bandwidth,
): Promise<PublicAddress> {
  const sent = readMembers(body)
  const ip = readIp(sent.address)
  if (ip === undefined) {
    throw refuseAddress(
      sent.address === undefined
        ? 'address is missing'
        : `${JSON.stringify(sent.address)} is no IPv4 or IPv6 address`,
    )
  }
  try {
    return await context.store.transaction(async (tx) => {
      const address: PublicAddress = {
        domainId: tenant.domainId,
        ...(await readPlace(tx, tenant, sent.region, refuseAddress)),
        id: readId(sent.id, refuseAddress),
        address: formatIp(ip),
        name: readName(sent.name, refuseAddress) ?? '',
        ...(bandwidth === undefined ? {} : { bandwidth }),
        createdAt: context.now(),
      }
      const owner = await tx.findAddressOwner(address.address)
      if (owner !== undefined) {
        const whose = owner.domainId === tenant.domainId ? `as ${owner.id}` : 'by another account'
        throw apiError('ADDRESS_EXISTS', { detail: `${address.address} is registered ${whose}` })
      }
      await tx.insertAddress(address)
      return address
    })
  } catch (error) {
    if (error instanceof RowExists) {
      throw apiError('ADDRESS_EXISTS', { detail: `the id ${sent.id ?? ''} or the address is taken` })
    }
    throw error
  }
}

/** Changes the name: everything else of an address is what it is. Codes: WAYMARK.0211, 0212. */
export async function updateAddress(
  context: Context,
  tenant: Tenant,
  addressId: string,
  body: unknown,
): Promise<PublicAddress> {
  const sent = readMembers(body)
  return context.store.transaction(async (tx) => {
    const before = await tx.findAddress(tenant, addressId.toLowerCase())
    if (before === undefined) throw apiError('ADDRESS_NOT_FOUND', { id: addressId })
    const address = { ...before, name: readName(sent.name, refuseAddress) ?? before.name }
    await tx.updateAddress(address)
    return address
  })
}

/** Code: WAYMARK.0212. */
export async function showAddress(
  context: Context,
  tenant: Tenant,
  addressId: string,
): Promise<PublicAddress> {
  const address = await context.store.findAddress(tenant, addressId.toLowerCase())
  if (address === undefined) throw apiError('ADDRESS_NOT_FOUND', { id: addressId })
  return address
}

/** Removes an address with its PTR record. Code: WAYMARK.0212. */
export async function removeAddress(context: Context, tenant: Tenant, addressId: string): Promise<void> {
  await context.store.transaction(async (tx) => {
    const address = await tx.findAddress(tenant, addressId.toLowerCase())
    if (address === undefined) throw apiError('ADDRESS_NOT_FOUND', { id: addressId })
    // The caller may work in another project of the account than the address is in.
    const ptr = await tx.lockPtr(address, { addressId: address.id })
    if (ptr !== undefined) await withdrawPtr(tx, ptr)
    await tx.removeAddress(address.id)
  })
}
