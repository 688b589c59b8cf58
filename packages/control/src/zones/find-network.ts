import type { Reads, Tenant } from '../store/store.ts'
import type { NamedRouter } from './zone-input.ts'

/**
 * The private network that a request names; undefined: there is none. There is no registry of networks, so every well-formed id names
 * one; where the request does not give its region it is that of the project.
 */
export async function findNetwork(
  store: Reads,
  tenant: Tenant,
  { routerId, routerRegion }: NamedRouter,
): Promise<NamedRouter | undefined> {
  // A project has the name of its region.
  const region = routerRegion || (await store.findProject(tenant.projectId))?.name
  return { routerId: routerId.toLowerCase(), routerRegion: region ?? '' }
}
