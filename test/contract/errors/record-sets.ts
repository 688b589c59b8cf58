import { LINES } from '../../../packages/control/src/lines/lines.ts'
import { type ContractLab, NO_ID } from '../contract-lab.ts'
import { type ErrorCases, refusal } from './error-case.ts'
import { freezeRecordSet } from './forced-state.ts'

/** The creation of a record set with these members. */
const created = (how: string, fields: object | ((zone: { name: string }) => object), code = 400) =>
  refusal(code, how, async (lab) => {
    const zone = await lab.newZone()
    const body = { name: `www.${zone.name}`, type: 'A', records: ['192.0.2.1'] }
    const own = typeof fields === 'function' ? fields(zone) : fields
    return ['POST', `/v2.1/zones/${zone.id}/recordsets`, { ...body, ...own }]
  })

/** A second record set at the place of a first. */
const second = (how: string, first: object, then: object, version = 'v2.1') =>
  refusal(400, how, async (lab) => {
    const zone = await lab.newZone()
    const body = { name: `www.${zone.name}`, type: 'A', records: ['192.0.2.1'] }
    await lab.newRecordSet(zone, { ...body, ...first })
    return ['POST', `/${version}/zones/${zone.id}/recordsets`, { ...body, ...then }]
  })

/** The SOA that came with a new zone. */
async function soaOf(lab: ContractLab): Promise<{ readonly id: string; readonly path: string }> {
  const zone = await lab.newZone()
  const { recordsets } = await lab.done('GET', `/v2/zones/${zone.id}/recordsets?type=SOA`)
  return { id: recordsets[0].id, path: `/v2/zones/${zone.id}/recordsets/${recordsets[0].id}` }
}

const ids = (count: number): string[] => Array.from({ length: count }, () => NO_ID)
const WEIGHTED = LINES.slice(0, 1).flatMap(({ id }) =>
  Array.from({ length: 21 }, (_, n) => ({ line: id, weight: 1, records: [`192.0.2.${n + 1}`] })),
)

export const RECORD_SET_CASES: ErrorCases = {
  'DNS.0303': created('a TTL that is no whole number', { ttl: 1.5 }),
  'DNS.0304': created('a name outside of the zone', { name: 'www.elsewhere.test.' }),
  'DNS.0305': created('a description of 256 characters', { description: 'x'.repeat(256) }),
  'DNS.0307': created('a type that nobody creates', { type: 'SOA' }),
  'DNS.0308': created('a value that is no address', { records: ['x'] }),
  'DNS.0309': refusal(400, 'an id of a wrong form', async (lab) => {
    return ['GET', `/v2/zones/${(await lab.newZone()).id}/recordsets/x`]
  }),
  'DNS.0312': second('a name and type that are there, by v2', {}, { records: ['192.0.2.2'] }, 'v2'),
  'DNS.0313': refusal(404, 'an id that nothing has', async (lab) => {
    return ['GET', `/v2/zones/${(await lab.newZone()).id}/recordsets/${NO_ID}`]
  }),
  'DNS.0314': refusal(409, 'a change of a frozen record set', async (lab) => {
    const zone = await lab.newZone()
    const { id } = await lab.newRecordSet(zone)
    await freezeRecordSet(lab, zone.id, id)
    return ['PUT', `/v2/zones/${zone.id}/recordsets/${id}`, { ttl: 60 }]
  }),
  'DNS.0315': created('a status that is no word for it', { status: 'ACTIVE' }),
  'DNS.0317': refusal(400, 'deleting the SOA', async (lab) => ['DELETE', (await soaOf(lab)).path]),
  'DNS.0318': refusal(400, 'changing the SOA', async (lab) => ['PUT', (await soaOf(lab)).path, { ttl: 60 }]),
  'DNS.0319': created('a TTL of 0', { ttl: 0 }),
  'DNS.0322': refusal(400, 'the 21st of a weighted group', async (lab) => {
    const zone = await lab.newZone()
    const body = { name: `www.${zone.name}`, type: 'A', lines: WEIGHTED }
    return ['POST', `/v2.1/zones/${zone.id}/recordsets/batch/lines`, body]
  }),
  'DNS.0323': created('a weight of 1001', { weight: 1001 }),
  'DNS.0324': refusal(400, 'pausing the SOA', async (lab) => {
    return ['PUT', `/v2.1/recordsets/${(await soaOf(lab)).id}/statuses/set`, { status: 'DISABLE' }]
  }),
  'DNS.0325': refusal(400, 'a line in a private zone', async (lab) => {
    const zone = await lab.newPrivateZone()
    const body = { name: zone.name, type: 'A', records: ['192.0.2.1'], line: 'Abroad' }
    return ['POST', `/v2.1/zones/${zone.id}/recordsets`, body]
  }),
  'DNS.0326': refusal(400, '51 lines in one call', async (lab) => {
    const zone = await lab.newZone()
    const lines = LINES.slice(0, 51).map(({ id }) => ({ line: id, records: ['192.0.2.1'] }))
    return ['POST', `/v2.1/zones/${zone.id}/recordsets/batch/lines`, { name: zone.name, type: 'A', lines }]
  }),
  'DNS.0327': refusal(400, '101 ids to delete in one call', () => [
    ...(['DELETE', '/v2.1/recordsets', { zone_type: 'public', recordset_ids: ids(101) }] as const),
  ]),
  'DNS.0328': second('another beside one without weight', { weight: null }, { records: ['192.0.2.2'] }),
  'DNS.0329': refusal(400, '51 ids to pause in one call', () => [
    ...(['PUT', '/v2.1/recordsets/statuses', { status: 'DISABLE', recordset_ids: ids(51) }] as const),
  ]),
  'DNS.0330': created('an alias of a kind that there is not', {
    records: undefined,
    alias_target: { resource_type: 'x', resource_domain_name: 'shop.example' },
  }),
  'DNS.0331': created('an alias of what is no name', {
    records: undefined,
    alias_target: { resource_type: 'waf', resource_domain_name: 'a..b' },
  }),
  'DNS.0333': created('an alias of type NS', {
    ...{ type: 'NS', records: undefined },
    alias_target: { resource_type: 'waf', resource_domain_name: 'shop.example' },
  }),
  'DNS.0335': second('the very same once more', {}, {}),
  'DNS.0403': { ...created('one record set more than the quota', {}, 403), settings: { recordSetQuota: 0 } },
  'DNS.0806': created('a line that there is not', { line: 'Mars' }),
  'DNS.1101': refusal(400, 'attaching a health check', async (lab) => {
    const { id } = await lab.newRecordSet(await lab.newZone())
    return ['POST', `/v2.1/recordsets/${id}/associatehealthcheck`, { health_check_id: 'x' }]
  }),
  'DNS.1105': refusal(404, 'taking away a health check that is not there', async (lab) => {
    const { id } = await lab.newRecordSet(await lab.newZone())
    return ['DELETE', `/v2.1/recordsets/${id}/disassociatehealthcheck`, { health_check_id: 'x' }]
  }),
}
