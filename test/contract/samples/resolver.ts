import { type ContractLab, LOG_ID } from '../contract-lab.ts'
import { PAGE, type SampleMaker, type Samples } from './sample.ts'

const ofEndpoint: SampleMaker = async (lab) => ({ path: { endpoint_id: (await lab.newEndpoint()).id } })
const ofRule: SampleMaker = async (lab) => ({ path: { resolverrule_id: (await lab.newRule()).id } })
const ofLog: SampleMaker = async (lab) => ({ path: { id: (await lab.newQueryLog()).id } })
const vpcOf = (network: { readonly id: string }) => ({ vpc: { vpc_id: network.id, vpc_region: 'region-a' } })

const wanted = async (lab: ContractLab) => {
  const subnet_id = (await lab.newNetwork()).subnets[0].id
  return [1, 2].map((n) => ({ subnet_id, ip: `10.1.0.${10 + n}` }))
}

export const RESOLVER_SAMPLES: Samples = {
  ListEndpoints: async (lab) => {
    const { name, direction, network } = await lab.newEndpoint()
    return { query: { ...PAGE, name, direction, vpc_id: network.id } }
  },
  CreateEndpoint: async (lab) => ({
    body: { name: lab.word(), direction: 'inbound', region: 'region-a', ipaddresses: await wanted(lab) },
  }),
  ShowEndpoint: ofEndpoint,
  UpdateEndpoint: async (lab) => ({ ...(await ofEndpoint(lab)), body: { name: lab.word() } }),
  DeleteEndpoint: ofEndpoint,
  ListEndpointIpaddresses: ofEndpoint,
  AssociateEndpointIpaddress: async (lab) => {
    const { id, network } = await lab.newEndpoint()
    const ipaddress = { subnet_id: network.subnets[0].id, ip: '10.1.0.200' }
    return { path: { endpoint_id: id }, body: { ipaddress } }
  },
  DisassociateEndpointIpaddress: async (lab) => {
    const { id } = await lab.newEndpoint()
    const { ipaddresses } = await lab.done('GET', `/v2.1/endpoints/${id}/ipaddresses`)
    return { path: { endpoint_id: id, ipaddress_id: ipaddresses[0].id } }
  },
  ListEndpointVpcs: async (lab) => ({ query: { ...PAGE, vpc_id: (await lab.newEndpoint()).network.id } }),
  ListResolverRules: async (lab) => {
    const { id, name, domain_name, endpoint_id } = await lab.newRule()
    return { query: { ...PAGE, id, name, domain_name, endpoint_id, marker: (await lab.newRule()).id } }
  },
  CreateResolverRule: async (lab) => ({
    body: {
      ...{
        name: lab.word(),
        domain_name: `${lab.word()}.example`,
        endpoint_id: (await lab.newEndpoint()).id,
      },
      ipaddresses: [{ ip: '192.0.2.53' }],
    },
  }),
  ShowResolverRule: ofRule,
  UpdateResolverRule: async (lab) => ({
    ...(await ofRule(lab)),
    body: { name: lab.word(), ipaddresses: [{ ip: '192.0.2.54' }] },
  }),
  DeleteResolverRule: ofRule,
  AssociateResolverRuleRouter: async (lab) => ({
    ...(await ofRule(lab)),
    body: { router: { router_id: (await lab.newNetwork()).id } },
  }),
  DisassociateResolverRuleRouter: async (lab) => {
    const rule = await lab.newRule()
    const body = { router: { router_id: (await lab.newNetwork()).id } }
    await lab.done('POST', `/v2.1/resolverrules/${rule.id}/associaterouter`, body)
    return { path: { resolverrule_id: rule.id }, body }
  },
  ListResolverQueryLogConfigs: async (lab) => {
    const before = await lab.newQueryLog()
    const { network } = await lab.newQueryLog()
    return { query: { limit: '500', marker: before.id, vpc_id: network.id } }
  },
  CreateResolverQueryLogConfig: async (lab) => ({
    body: { lts_group_id: LOG_ID, lts_topic_id: LOG_ID, ...vpcOf(await lab.newNetwork()) },
  }),
  ShowResolverQueryLogConfig: ofLog,
  DeleteResolverQueryLogConfig: ofLog,
  AssociateResolverQueryLogConfig: async (lab) => ({
    ...(await ofLog(lab)),
    body: vpcOf(await lab.newNetwork()),
  }),
  DisassociateResolverQueryLogConfig: async (lab) => {
    const log = await lab.newQueryLog()
    const body = vpcOf(await lab.newNetwork())
    await lab.done('POST', `/v2/resolver/queryloggingconfig/${log.id}/associatevpc`, body)
    return { path: { id: log.id }, body }
  },
}
