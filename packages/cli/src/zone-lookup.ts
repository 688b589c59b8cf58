import type { Client } from './client/client.ts'
import { CommandFailure, EXIT, ServerRefusal } from './failures.ts'
import { networkNames } from './network-lookup.ts'

/** A zone as the API shows it; only what commands use. */
export interface ZoneBody {
  readonly id: string
  readonly name: string
  readonly zone_type: string
  readonly status: string
  readonly ttl: number
  readonly email: string
  readonly description: string
  readonly record_num: number
  readonly serial: number
  readonly created_at: string
  readonly masters?: readonly string[]
  /** Of private zones. */
  readonly proxy_pattern?: string | null
  readonly routers?: readonly { readonly router_id: string }[]
}

const withDot = (name: string): string => (name.endsWith('.') ? name : `${name}.`)

/** The zone with this id or name, public or private; undefined when there is none. Two of the same name need the id. */
export async function findZone(client: Client, nameOrId: string): Promise<ZoneBody | undefined> {
  if (/^[0-9a-f]{32}$/i.test(nameOrId)) {
    try {
      return await client.json<ZoneBody>('GET', `/v2/zones/${nameOrId}`)
    } catch (error) {
      if (error instanceof ServerRefusal && error.status === 404) return undefined
      throw error
    }
  }
  const found: ZoneBody[] = []
  for (const type of ['public', 'private']) {
    const query = { type, name: withDot(nameOrId.toLowerCase()), search_mode: 'equal', limit: 10 }
    found.push(...(await client.json<{ zones: ZoneBody[] }>('GET', '/v2/zones', { query })).zones)
  }
  if (found.length > 1) {
    const ids: string[] = []
    for (const zone of found) {
      const networks = await networkNames(client, zone.routers ?? [])
      ids.push(`${zone.id} (${[zone.zone_type, ...networks].join(' in ')})`)
    }
    throw new CommandFailure(
      EXIT.usage,
      `there are ${found.length} zones named ${nameOrId}`,
      `give the id of one: ${ids.join(', ')}`,
    )
  }
  return found[0]
}

export async function getZone(client: Client, nameOrId: string): Promise<ZoneBody> {
  const zone = await findZone(client, nameOrId)
  if (zone !== undefined) return zone
  throw new CommandFailure(
    EXIT.refused,
    `there is no zone ${nameOrId}`,
    `list the zones with "waymark zones list", or make it with "waymark zones create ${nameOrId}"`,
  )
}

/** Full name of a record set: `@` is the apex, a name with a final dot is full, any other is inside the zone. */
export function ownerName(name: string, zone: ZoneBody): string {
  if (name === '@' || name === '') return zone.name
  return name.endsWith('.') ? name : `${name}.${zone.name}`
}
