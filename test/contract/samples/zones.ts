import { PAGE, type SampleMaker, type Samples, TAG } from './sample.ts'

const ofPublic: SampleMaker = async (lab) => ({ path: { zone_id: (await lab.newZone()).id } })
const ofPrivate: SampleMaker = async (lab) => ({ path: { zone_id: (await lab.newPrivateZone()).id } })

const withBody =
  (maker: SampleMaker, body: object): SampleMaker =>
  async (lab) => ({ ...(await maker(lab)), body })

const CHANGE = { description: 'changed', email: 'ops@example.org', ttl: 600 }
const DISABLE = { status: 'DISABLE' }

const list =
  (type: 'public' | 'private'): SampleMaker =>
  async (lab) => {
    const tags = [TAG]
    const zone = type === 'public' ? await lab.newZone({ tags }) : await lab.newPrivateZone({ tags })
    const later = type === 'public' ? await lab.newZone() : await lab.newPrivateZone()
    return {
      query: {
        ...{ ...PAGE, type, marker: later.id, tags: 'env,test', name: zone.name, id: zone.id },
        ...{ status: 'ACTIVE', search_mode: 'equal', sort_key: 'created_at', sort_dir: 'desc' },
        enterprise_project_id: '0',
        ...(type === 'private' ? { router_id: zone.network.id } : {}),
      },
    }
  }

/** A zone that two networks see, and the body that names the second. */
const ofSecondNetwork = async (lab: Parameters<SampleMaker>[0], isSeen: boolean) => {
  const zone = await lab.newPrivateZone()
  const router = { router_id: (await lab.newNetwork()).id, router_region: 'region-a', status: 'ACTIVE' }
  const sample = { path: { zone_id: zone.id }, body: { router } }
  if (isSeen) await lab.done('POST', `/v2/zones/${zone.id}/associaterouter`, sample.body)
  return sample
}

export const ZONE_SAMPLES: Samples = {
  ListApiVersions: () => ({}),
  ShowApiInfo: () => ({ path: { version: 'v2' } }),
  ListPublicZones: list('public'),
  ListPrivateZones: list('private'),
  CreatePublicZone: (lab) => ({
    body: {
      ...{ name: `${lab.word()}.example.`, zone_type: 'public', ttl: 600, tags: [TAG] },
      ...{ description: 'shop', email: 'ops@example.org', enterprise_project_id: '0' },
    },
  }),
  CreatePrivateZone: async (lab) => ({
    body: {
      ...{ name: `${lab.word()}.internal.`, zone_type: 'private', ttl: 600, tags: [TAG] },
      ...{ description: 'desks', email: 'ops@example.org', enterprise_project_id: '0' },
      proxy_pattern: 'RECURSIVE',
      router: { router_id: (await lab.newNetwork()).id, router_region: 'region-a', status: 'ACTIVE' },
    },
  }),
  ShowPublicZone: ofPublic,
  ShowPrivateZone: ofPrivate,
  UpdatePublicZone: withBody(ofPublic, CHANGE),
  UpdatePrivateZone: withBody(ofPrivate, CHANGE),
  DeletePublicZone: ofPublic,
  DeletePrivateZone: ofPrivate,
  UpdatePublicZoneStatus: withBody(ofPublic, DISABLE),
  UpdatePrivateZoneStatus: withBody(ofPrivate, DISABLE),
  SetPrivateZoneProxyPattern: withBody(ofPrivate, { proxy_pattern: 'RECURSIVE' }),
  AssociateRouter: (lab) => ofSecondNetwork(lab, false),
  DisassociateRouter: (lab) => ofSecondNetwork(lab, true),
  ShowPublicZoneNameServer: ofPublic,
  ShowPrivateZoneNameServer: ofPrivate,
  ShowZoneNameServer: () => ({ path: { domain_name: 'example.org' } }),
  ListNameServers: () => ({ query: { type: 'private', region: 'region-a' } }),
  ShowDnssecConfig: ofPublic,
  EnableDnssecConfig: ofPublic,
  DisableDnssecConfig: ofPublic,
  BatchDeleteZones: async (lab) => ({ body: { zone_type: 'public', zone_ids: [(await lab.newZone()).id] } }),
  BatchSetZonesStatus: async (lab) => ({ body: { status: 'DISABLE', zone_ids: [(await lab.newZone()).id] } }),
  ShowDomainDetection: async (lab) => {
    const zone = await lab.newZone()
    return { path: { zone_id: zone.id }, query: { type: 'MX', domain_name: zone.name } }
  },
  ListInstances: async (lab) => ({
    body: { dim_name: ['dns_public_zone_id'], ids: [[(await lab.newZone()).id]] },
  }),
}
