import type { Client } from './client/client.ts'
import { CommandFailure, EXIT, ServerRefusal } from './failures.ts'
import { listAll } from './list-all.ts'

export interface SubnetBody {
  readonly id: string
  readonly name: string
  readonly cidr: string
  readonly gateway: string
}

/** A private network as the API shows it. */
export interface NetworkBody {
  readonly id: string
  readonly name: string
  readonly region: string
  readonly description: string
  readonly cidr: string
  readonly client_cidrs: readonly string[]
  readonly listener_addresses: readonly string[]
  readonly subnets?: readonly SubnetBody[]
}

export const PATH = '/waymark/v1/networks'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The id of the network with this id or name. */
export async function networkId(client: Client, nameOrId: string): Promise<string> {
  if (UUID.test(nameOrId)) return nameOrId
  const { rows } = await listAll<NetworkBody>(client, PATH, 'networks', { name: nameOrId }, 10_000)
  const found = rows.filter(({ name }) => name === nameOrId)
  if (found.length === 1) return found[0]!.id
  if (found.length === 0) {
    throw new CommandFailure(
      EXIT.refused,
      `there is no network ${nameOrId}`,
      'list the networks with: waymark networks list',
    )
  }
  throw new CommandFailure(
    EXIT.usage,
    `there are ${found.length} networks named ${nameOrId}`,
    `give the id of one: ${found.map(({ id }) => id).join(', ')}`,
  )
}

/** What people are shown of networks: their names; the ids of those that are not registered, or not to be listed by this user. */
export async function networkNames(
  client: Client,
  routers: readonly { readonly router_id: string }[],
): Promise<string[]> {
  if (routers.length === 0) return []
  const { rows } = await listAll<NetworkBody>(client, PATH, 'networks', {}, 10_000).catch((error) => {
    if (error instanceof ServerRefusal) return { rows: [] }
    throw error
  })
  return routers.map(({ router_id }) => rows.find(({ id }) => id === router_id)?.name ?? router_id)
}
