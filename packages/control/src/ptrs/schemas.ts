import { z } from 'zod'
import type { Ptr } from '../store/network-calls.ts'

const Links = z.strictObject({ self: z.string(), next: z.string().optional() })
const TagBody = z.strictObject({ key: z.string(), value: z.string() })
const Metadata = z.strictObject({ total_count: z.int() })

/** A record of API v2: one name. */
export const FloatingIpBody = z.strictObject({
  id: z.string(),
  ptrdname: z.string(),
  description: z.string(),
  ttl: z.int(),
  address: z.string(),
  status: z.string(),
  action: z.enum(['NONE', 'CREATE', 'UPDATE', 'DELETE']),
  links: Links,
  enterprise_project_id: z.string().optional(),
  tags: z.array(TagBody).optional(),
})
export const FloatingIpList = z.strictObject({
  links: Links,
  floatingips: z.array(FloatingIpBody),
  metadata: Metadata,
})

/** A record of API v2.1: several names. */
export const PtrBody = z.strictObject({
  id: z.string(),
  publicip: z.strictObject({ region: z.string(), id: z.string(), address: z.string() }),
  ptrdnames: z.array(z.string()),
  description: z.string(),
  ttl: z.int(),
  status: z.string(),
  links: Links,
  enterprise_project_id: z.string().optional(),
  tags: z.array(TagBody).optional(),
})
export const PtrList = z.strictObject({ floatingips: z.array(PtrBody), links: Links, metadata: Metadata })

const tags = z.array(z.object({ key: z.string(), value: z.string().optional() })).optional()
const ttl = z.int().min(1).max(2147483647).optional()
const description = z.string().max(255).optional()

export const FloatingIpChangeBody = z.looseObject({
  ptrdname: z.string().nullable().optional(),
  description,
  ttl,
  enterprise_project_id: z.string().optional(),
  tags,
})
export const NewPtrBody = z.looseObject({
  publicip: z.object({ region: z.string(), id: z.string() }),
  ptrdnames: z.array(z.string()).min(1).max(10),
  description,
  ttl,
  enterprise_project_id: z.string().optional(),
  tags,
})
export const PtrChangeBody = z.looseObject({
  ptrdnames: z.array(z.string()).min(1).max(10),
  description,
  ttl,
})
export const PtrBatchBody = z.looseObject({ floatingip_ids: z.array(z.string()).min(1).max(50) })

export const PtrQuery = z.object({
  marker: z.string().optional(),
  limit: z.int().min(0).max(500).optional(),
  offset: z.int().min(0).max(2147483647).optional(),
  enterprise_project_id: z.string().optional(),
  tags: z.string().optional(),
  status: z.string().optional(),
})

/** The id of a record in API v2. */
export const floatingIpId = ({ region, addressId }: Pick<Ptr, 'region' | 'addressId'>): string =>
  `${region}:${addressId}`

/** What an answer shows of a record that is not a fact of the record itself. */
export interface PtrView {
  /** What a write has set going; the state itself when absent. */
  readonly action?: 'CREATE' | 'UPDATE'
  readonly hasEnterpriseProject?: boolean
  readonly hasTags?: boolean
}

const statusOf = (ptr: Ptr, { action }: PtrView): string =>
  action === undefined ? ptr.status : `PENDING_${action}`

const extras = (ptr: Ptr, view: PtrView) => ({
  ...(view.hasEnterpriseProject ? { enterprise_project_id: ptr.enterpriseProjectId } : {}),
  ...(view.hasTags ? { tags: [...ptr.tags] } : {}),
})

export function floatingIpBody(ptr: Ptr, baseUrl: string, view: PtrView): z.infer<typeof FloatingIpBody> {
  const id = floatingIpId(ptr)
  return {
    id,
    ptrdname: ptr.names[0]!,
    description: ptr.description,
    ttl: ptr.ttl,
    address: ptr.address,
    status: statusOf(ptr, view),
    action: view.action ?? 'NONE',
    links: { self: `${baseUrl}/v2/reverse/floatingips/${id}` },
    ...extras(ptr, view),
  }
}

export const ptrBody = (ptr: Ptr, baseUrl: string, view: PtrView): z.infer<typeof PtrBody> => ({
  id: ptr.id,
  publicip: { region: ptr.region, id: ptr.addressId, address: ptr.address },
  ptrdnames: [...ptr.names],
  description: ptr.description,
  ttl: ptr.ttl,
  status: statusOf(ptr, view),
  links: { self: `${baseUrl}/v2.1/ptrs/${ptr.id}` },
  ...extras(ptr, view),
})
