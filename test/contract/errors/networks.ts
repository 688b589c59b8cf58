import { type ContractLab, NO_ID, NO_UUID } from '../contract-lab.ts'
import { type ErrorCases, refusal } from './error-case.ts'
import { freezePtr } from './forced-state.ts'

const ptr = (status: number, how: string, fields: object) =>
  refusal(status, how, async (lab) => {
    const { id, region } = await lab.newAddress()
    return ['POST', '/v2.1/ptrs', { publicip: { id, region }, ptrdnames: ['mail.example.'], ...fields }]
  })

/** An endpoint with two addresses, the second of which has these members. */
const endpoint = (how: string, fields: object, address: object = {}) =>
  refusal(400, how, async (lab) => {
    const subnet_id = (await lab.newNetwork()).subnets[0].id
    const ipaddresses = [
      { subnet_id, ip: '10.1.0.10' },
      { subnet_id, ...address },
    ]
    const body = { name: lab.word(), direction: 'outbound', region: 'region-a', ipaddresses }
    return ['POST', '/v2.1/endpoints', { ...body, ...fields }]
  })

/** One more endpoint than there may be. */
const overQuota = (direction: string, settings: object) => ({
  ...endpoint(`one ${direction} endpoint more than the quota`, { direction }),
  ...{ status: 403, settings },
})

async function twoNetworks(lab: ContractLab): Promise<object> {
  const subnets = [(await lab.newNetwork()).subnets[0], (await lab.newNetwork()).subnets[0]]
  return { ipaddresses: subnets.map(({ id }) => ({ subnet_id: id })) }
}

export const NETWORK_CASES: ErrorCases = {
  'DNS.0405': { ...ptr(403, 'one PTR record more than the quota', {}), settings: { ptrQuota: 0 } },
  'DNS.0406': overQuota('inbound', { inboundEndpointQuota: 0 }),
  'DNS.0407': overQuota('outbound', { outboundEndpointQuota: 0 }),
  'DNS.0501': refusal(400, 'an id of a wrong form', () => ['GET', '/v2.1/ptrs/x']),
  'DNS.0502': ptr(404, 'an address that nothing has', { publicip: { id: NO_UUID, region: 'region-a' } }),
  'DNS.0503': refusal(409, 'a change of a frozen record', async (lab) => {
    const { id } = await lab.newPtr()
    await freezePtr(lab, id)
    return ['PUT', `/v2.1/ptrs/${id}`, { ptrdnames: ['other.example.'] }]
  }),
  'DNS.0504': ptr(400, 'an address that is no UUID', { publicip: { id: 'x', region: 'region-a' } }),
  'DNS.0505': ptr(400, 'a name with an underscore', { ptrdnames: ['a_b.example.'] }),
  'DNS.0506': ptr(400, 'a TTL of 0', { ttl: 0 }),
  'DNS.0507': refusal(404, 'an id that nothing has', () => ['GET', `/v2.1/ptrs/${NO_ID}`]),
  'DNS.0508': ptr(400, 'a description of 256 characters', { description: 'x'.repeat(256) }),
  'DNS.0601': ptr(400, 'a region that is none', { publicip: { id: NO_UUID, region: 'a_b' } }),
  'DNS.1501': endpoint('a name with a blank', { name: 'a b' }),
  'DNS.1502': endpoint('a subnet that nothing has', {}, { subnet_id: NO_UUID }),
  'DNS.1503': endpoint('a direction that there is not', { direction: 'x' }),
  'DNS.1504': refusal(400, 'the name of another endpoint', async (lab) => {
    const [first, other] = [await lab.newEndpoint(), await lab.newEndpoint()]
    return ['PUT', `/v2.1/endpoints/${first.id}`, { name: other.name }]
  }),
  'DNS.1505': endpoint('an address outside of the subnet', {}, { ip: '192.0.2.1' }),
  'DNS.1506': endpoint('an address twice', {}, { ip: '10.1.0.10' }),
  'DNS.1507': refusal(400, 'an address that another endpoint has', async (lab) => {
    const { id, network } = await lab.newEndpoint()
    const { ipaddresses } = await lab.done('GET', `/v2.1/endpoints/${id}/ipaddresses`)
    const ipaddress = { subnet_id: network.subnets[0].id, ip: ipaddresses[0].ip }
    return ['POST', `/v2.1/endpoints/${id}/ipaddresses`, { ipaddress }]
  }),
  'DNS.1508': refusal(400, 'subnets of two networks', async (lab) => {
    const body = { name: lab.word(), direction: 'outbound', region: 'region-a' }
    return ['POST', '/v2.1/endpoints', { ...body, ...(await twoNetworks(lab)) }]
  }),
  'DNS.1509': refusal(400, 'an id of a wrong form', () => ['GET', '/v2.1/endpoints/x']),
  'DNS.1510': refusal(404, 'an id that nothing has', () => ['GET', `/v2.1/endpoints/${NO_ID}`]),
  'DNS.1511': refusal(404, 'an address that the endpoint does not have', async (lab) => {
    return ['DELETE', `/v2.1/endpoints/${(await lab.newEndpoint()).id}/ipaddresses/${NO_ID}`]
  }),
  'DNS.1514': endpoint('one address only', { ipaddresses: [{ subnet_id: NO_UUID }] }),
  'DNS.1515': endpoint('what is no address', {}, { ip: 'x' }),
  'DNS.1516': endpoint('the broadcast address of the subnet', {}, { ip: '10.1.255.255' }),
  'DNS.2002': refusal(
    403,
    'one resolver rule more than the quota',
    async (lab) => {
      const endpoint_id = (await lab.newEndpoint()).id
      const body = {
        name: lab.word(),
        domain_name: 'hq.example',
        endpoint_id,
        ipaddresses: [{ ip: '192.0.2.53' }],
      }
      return ['POST', '/v2.1/resolverrules', body]
    },
    { resolverRuleQuota: 0 },
  ),
}
