import type { Context } from '../context.ts'
import { type Route, route } from '../http/route.ts'
import { removeAddress } from './addresses.ts'
import { removeSubnet } from './networks.ts'

/** What the registry and the services of the VPC kind call the removal of the same thing. */
interface Removal {
  readonly operation: string
  readonly path: string
  readonly summary: string
}

/** Of the subnet `subnet_id` of the network `network_id`. */
export const subnetRemoval = (removal: Removal): Route<Context> =>
  route<Context>({
    ...removal,
    method: 'DELETE',
    permission: 'dns:network:update',
    responses: { 204: null },
    async handler(call, context) {
      await removeSubnet(context, call.tenant, call.params.network_id!, call.params.subnet_id!)
      return { status: 204 }
    },
  })

/** Of the public address `address_id`. */
export const addressRemoval = (removal: Removal): Route<Context> =>
  route<Context>({
    ...removal,
    method: 'DELETE',
    permission: 'dns:address:delete',
    responses: { 204: null },
    async handler(call, context) {
      await removeAddress(context, call.tenant, call.params.address_id!)
      return { status: 204 }
    },
  })
