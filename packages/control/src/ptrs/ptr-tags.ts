import { apiError } from '../errors.ts'
import type { Ptr } from '../store/network-calls.ts'
import type { Reads, Tenant } from '../store/store.ts'
import type { TaggedKind } from '../tags/tagged-kinds.ts'
import { readAddressRef } from './ptr-input.ts'

type PtrKey = { readonly id: string } | { readonly addressId: string; readonly region: string }

/** A record goes by its own id, or by `<region>:<address id>`. */
const keyOf = (id: string): PtrKey => (id.includes(':') ? readAddressRef(id) : { id: id.toLowerCase() })

const isIn = (ptr: Ptr | undefined, key: PtrKey): ptr is Ptr =>
  ptr !== undefined && ('id' in key || ptr.region === key.region)

/** Tags of PTR records; a search shows the address as their name. Codes: DNS.0501, 0601, 0504, 0507. */
export const TAGGED_PTRS: TaggedKind = {
  async find(store: Reads, tenant: Tenant, id: string) {
    const key = keyOf(id)
    const ptr =
      'id' in key ? await store.findPtr(tenant, key.id) : await store.findPtrOfAddress(tenant, key.addressId)
    if (!isIn(ptr, key)) throw apiError('PTR_NOT_FOUND')
    return ptr.tags
  },

  async change(tx, tenant, id, change) {
    const key = keyOf(id)
    const ptr = await tx.lockPtr(tenant, key)
    if (!isIn(ptr, key)) throw apiError('PTR_NOT_FOUND')
    const tags = change(ptr.tags)
    if (tags !== undefined) await tx.updatePtr({ ...ptr, tags })
  },

  listInUse: (store, tenant) => store.listPtrTagsInUse(tenant),

  async search(store, tenant, { tagSearch, namePart, limit, offset }) {
    const page = { limit, offset, sortKey: 'created_at', sortDir: 'desc' } as const
    const { rows, total } = await store.listPtrs(tenant, { tagSearch, address: namePart }, page)
    return { rows: rows.map(({ id, address, tags }) => ({ id, name: address, tags })), total }
  },
}
