import type { Reads, Tenant } from '../store/store.ts'
import type { NamedRouter } from './zone-input.ts'

/**
 * The private network that a request names; undefined: there is none. As long as no networks are registered, every well-formed id
 * names one, and where the request does not give its region it is that of the project.
 */
export async function findNetwork(
  store: Reads,
  tenant: Tenant,
  { routerId, routerRegion }: NamedRouter,
): Promise<NamedRouter | undefined> {
  const id = routerId.toLowerCase()
  if (await store.hasNetworks()) {
    const network = await store.findNetwork(tenant, id)
    return network && { routerId: network.id, routerRegion: network.region }
  }
  // A project has the name of its region.
  const region = routerRegion || (await store.findProject(tenant.projectId))?.name
  return { routerId: id, routerRegion: region ?? '' }
}
