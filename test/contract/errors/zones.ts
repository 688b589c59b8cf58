import { startNameServer } from '../../../packages/control/src/dns-client/testing.ts'
import { NO_ID, NO_UUID } from '../contract-lab.ts'
import { type ErrorCases, refusal } from './error-case.ts'
import { setZoneStatus } from './forced-state.ts'

/** The creation of a public zone with these members. */
const created = (status: number, how: string, fields: object) =>
  refusal(status, how, (lab) => ['POST', '/v2/zones', { name: `${lab.word()}.example`, ...fields }])

/** A change of the networks of a new private zone. */
const ofRouter = (status: number, how: string, verb: string, router?: object) =>
  refusal(status, how, async (lab) => {
    const zone = await lab.newPrivateZone()
    return ['POST', `/v2/zones/${zone.id}/${verb}`, { router: router ?? { router_id: zone.network.id } }]
  })

export const ZONE_CASES: ErrorCases = {
  'DNS.0030': refusal(403, 'a record set in a zone that is kept as a secondary', async (lab) => {
    const name = `${lab.word()}.example`
    const zone = await lab.done('POST', '/v2/zones', { name, type: 'SECONDARY', masters: ['127.0.0.1:9'] })
    const set = { name: `www.${name}`, type: 'A', records: ['192.0.2.1'] }
    return ['POST', `/v2/zones/${zone.id}/recordsets`, set]
  }),
  'DNS.0201': created(400, 'a mailbox without at sign', { email: 'ops' }),
  'DNS.0202': created(400, 'a name with an empty label', { name: 'a..example' }),
  'DNS.0203': created(400, 'a TTL of 0', { ttl: 0 }),
  'DNS.0204': created(400, 'a kind that there is not', { zone_type: 'x' }),
  'DNS.0206': created(400, 'a description of 256 characters', { description: 'x'.repeat(256) }),
  'DNS.0208': refusal(400, 'a name that the account has', async (lab) => {
    return ['POST', '/v2/zones', { name: (await lab.newZone()).name }]
  }),
  'DNS.0209': refusal(400, 'resuming a zone that runs', async (lab) => {
    return ['PUT', `/v2/zones/${(await lab.newZone()).id}/statuses`, { status: 'ENABLE' }]
  }),
  'DNS.0210': refusal(400, 'the reverse name of an address with a PTR record', async (lab) => {
    const { address } = (await lab.newPtr()).publicip
    return ['POST', '/v2/zones', { name: `${address.split('.').reverse().join('.')}.in-addr.arpa` }]
  }),
  'DNS.0211': refusal(400, 'a name that another account has', async (lab) => {
    const name = `${lab.word()}.example`
    await lab.callAs(lab.operator, 'POST', '/v2/zones', { name })
    return ['POST', '/v2/zones', { name }]
  }),
  'DNS.0212': ofRouter(409, 'a network that sees the zone already', 'associaterouter'),
  'DNS.0213': refusal(400, 'pausing a paused zone', async (lab) => {
    const path = `/v2/zones/${(await lab.newZone()).id}/statuses`
    await lab.done('PUT', path, { status: 'DISABLE' })
    return ['PUT', path, { status: 'DISABLE' }]
  }),
  'DNS.0301': refusal(400, 'an id of a wrong form', () => ['GET', '/v2/zones/x']),
  'DNS.0302': refusal(404, 'an id that nothing has', () => ['GET', `/v2/zones/${NO_ID}`]),
  'DNS.0404': refusal(
    403,
    'one zone more than the quota',
    async (lab) => {
      await lab.newZone()
      return ['POST', '/v2/zones', { name: `${lab.word()}.example` }]
    },
    { zoneQuota: 1 },
  ),
  'DNS.0701': created(400, 'a private zone without network', { zone_type: 'private' }),
  'DNS.0706': ofRouter(403, 'taking away the last network', 'disassociaterouter'),
  'DNS.0707': ofRouter(400, 'taking away a network that is not there', 'disassociaterouter', {
    router_id: NO_UUID,
  }),
  'DNS.0711': ofRouter(404, 'a network that is not registered', 'associaterouter', { router_id: NO_UUID }),
  'DNS.2006': refusal(403, 'a change of a frozen zone', async (lab) => {
    const { id } = await lab.newZone()
    await setZoneStatus(lab, id, 'FREEZE')
    return ['PATCH', `/v2/zones/${id}`, { ttl: 60 }]
  }),
  'DNS.2302': refusal(400, 'signing a signed zone', async (lab) => {
    const path = `/v2/zones/${(await lab.newZone()).id}/enable-dnssec`
    await lab.done('POST', path)
    return ['POST', path]
  }),
  'DNS.2305': {
    ...{ how: 'switching signing off while the parent has a DS record', status: 400 },
    settings: { dnssecKeepWhileDs: true },
    async reach(lab) {
      const parent = await startNameServer()
      try {
        Object.assign(lab.control.context.settings, { resolvers: [parent.address] })
        const { id, name } = await lab.newZone()
        parent.set(name, 'DS', `1 13 2 ${'ab'.repeat(32)}`)
        await lab.done('POST', `/v2/zones/${id}/enable-dnssec`)
        const { status, json } = await lab.call('POST', `/v2/zones/${id}/disable-dnssec`)
        return { status, code: json.code }
      } finally {
        parent.stop()
      }
    },
  },
}
