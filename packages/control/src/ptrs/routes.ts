import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { pageLinks } from '../http/paging.ts'
import { type Route, route } from '../http/route.ts'
import { readMembers } from '../zones/zone-input.ts'
import { listPtrs } from './list-ptrs.ts'
import { readAddressRef, readPtr, readPtrs, readPublicIp } from './ptr-input.ts'
import {
  createPtr,
  removePtr,
  restoreAddress,
  restoreAddresses,
  setPtr,
  showPtr,
  showPtrOfAddress,
  updatePtr,
} from './ptrs.ts'
import {
  FloatingIpBody,
  FloatingIpChangeBody,
  FloatingIpList,
  floatingIpBody,
  floatingIpId,
  NewPtrBody,
  PtrBatchBody,
  PtrBody,
  PtrChangeBody,
  PtrList,
  PtrQuery,
  ptrBody,
} from './schemas.ts'

const FLOATING_IPS = '/v2/reverse/floatingips'
/** The id is `<region>:<address id>`: one segment. */
const FLOATING_IP = `${FLOATING_IPS}/{floatingip_id}`
const PTRS = '/v2.1/ptrs'
const ONE = `${PTRS}/{ptr_id}`

/** PTR records of public addresses, in both generations of the API: they work on the same records. */
export const ptrRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'setPtrRecord',
    method: 'PATCH',
    path: FLOATING_IP,
    summary: 'Set, change or remove the PTR record of an address',
    permission: 'dns:ptr:set',
    input: 'json',
    bodySchema: FloatingIpChangeBody,
    responses: { 202: FloatingIpBody },
    async handler(call, context) {
      const ref = readAddressRef(call.params.floatingip_id)
      const sent = readMembers(call.body ?? {})
      const { ptrdname } = sent
      // Terraform misspells the member when it removes the record; the API's own description has an object there.
      if (ptrdname === undefined || typeof ptrdname === 'object') {
        await restoreAddress(context, call.tenant, ref)
        return { status: 202, bytes: new Uint8Array(), headers: {} }
      }
      const { ptr, isNew } = await setPtr(context, call.tenant, ref, readPtr(sent))
      const view = { action: isNew ? 'CREATE' : 'UPDATE', hasEnterpriseProject: true } as const
      return { status: 202, json: floatingIpBody(ptr, call.baseUrl, view) }
    },
  }),
  route<Context>({
    operation: 'showPtrRecordSet',
    method: 'GET',
    path: FLOATING_IP,
    summary: 'Show the PTR record of an address',
    permission: 'dns:ptr:get',
    responses: { 200: FloatingIpBody },
    async handler(call, context) {
      const ptr = await showPtrOfAddress(context, call.tenant, readAddressRef(call.params.floatingip_id))
      return { status: 200, json: floatingIpBody(ptr, call.baseUrl, {}) }
    },
  }),
  route<Context>({
    operation: 'listPtrRecords',
    method: 'GET',
    path: FLOATING_IPS,
    summary: 'List PTR records, one name each',
    permission: 'dns:ptr:list',
    query: PtrQuery,
    responses: { 200: FloatingIpList },
    async handler(call, context) {
      const { rows, ...rest } = await listPtrs(context, call)
      const view = { hasEnterpriseProject: true, hasTags: true }
      return {
        status: 200,
        json: {
          links: pageLinks(call, { ...rest, rows: rows.map((ptr) => ({ id: floatingIpId(ptr) })) }),
          floatingips: rows.map((ptr) => floatingIpBody(ptr, call.baseUrl, view)),
          metadata: { total_count: rest.total },
        },
      }
    },
  }),
  route<Context>({
    operation: 'batchDeletePtrRecords',
    method: 'DELETE',
    path: '/v2.1/reverse/floatingips',
    summary: 'Remove the PTR records of several addresses, all or none',
    permission: 'dns:ptr:delete',
    input: 'json',
    bodySchema: PtrBatchBody,
    responses: { 202: null },
    async handler(call, context) {
      await restoreAddresses(context, call.tenant, readMembers(call.body).floatingip_ids)
      return { status: 202, bytes: new Uint8Array(), headers: {} }
    },
  }),
  route<Context>({
    operation: 'createPtr',
    method: 'POST',
    path: PTRS,
    summary: 'Create the PTR record of an address, with up to ten names',
    permission: 'dns:ptr:create',
    input: 'json',
    bodySchema: NewPtrBody,
    responses: { 202: PtrBody },
    async handler(call, context) {
      const sent = readMembers(call.body)
      const ref = readPublicIp(sent.publicip)
      const ptr = await createPtr(context, call.tenant, ref, readPtrs(sent))
      const view = { action: 'CREATE', hasEnterpriseProject: true } as const
      return { status: 202, json: ptrBody(ptr, call.baseUrl, view) }
    },
  }),
  route<Context>({
    operation: 'listPtrs',
    method: 'GET',
    path: PTRS,
    summary: 'List PTR records with all their names',
    permission: 'dns:ptr:list',
    query: PtrQuery.extend({ resource_type: PtrQuery.shape.status }),
    responses: { 200: PtrList },
    async handler(call, context) {
      const { resource_type: kind } = call.query
      if (kind !== undefined && kind !== 'publicip') throw apiError('REQUEST_INVALID')
      const ptrs = await listPtrs(context, call)
      const view = { hasEnterpriseProject: true, hasTags: true }
      return {
        status: 200,
        json: {
          floatingips: ptrs.rows.map((ptr) => ptrBody(ptr, call.baseUrl, view)),
          links: pageLinks(call, ptrs),
          metadata: { total_count: ptrs.total },
        },
      }
    },
  }),
  route<Context>({
    operation: 'showPtr',
    method: 'GET',
    path: ONE,
    summary: 'Show a PTR record',
    permission: 'dns:ptr:get',
    responses: { 200: PtrBody },
    async handler(call, context) {
      const ptr = await showPtr(context, call.tenant, call.params.ptr_id!.toLowerCase())
      return { status: 200, json: ptrBody(ptr, call.baseUrl, { hasEnterpriseProject: true }) }
    },
  }),
  route<Context>({
    operation: 'updatePtr',
    method: 'PUT',
    path: ONE,
    summary: 'Change the names, TTL or description of a PTR record',
    permission: 'dns:ptr:update',
    input: 'json',
    bodySchema: PtrChangeBody,
    responses: { 202: PtrBody },
    async handler(call, context) {
      const input = readPtrs(readMembers(call.body))
      const ptr = await updatePtr(context, call.tenant, call.params.ptr_id!.toLowerCase(), input)
      const view = { action: 'UPDATE', hasEnterpriseProject: true } as const
      return { status: 202, json: ptrBody(ptr, call.baseUrl, view) }
    },
  }),
  route<Context>({
    operation: 'deletePtr',
    method: 'DELETE',
    path: ONE,
    summary: 'Remove a PTR record',
    permission: 'dns:ptr:delete',
    responses: { 202: null },
    async handler(call, context) {
      await removePtr(context, call.tenant, call.params.ptr_id!.toLowerCase())
      // No body: some clients fail on the JSON value null, which is what the API would show.
      return { status: 202, bytes: new Uint8Array(), headers: {} }
    },
  }),
]
