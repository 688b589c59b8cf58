import { NO_ID } from '../contract-lab.ts'
import { type ErrorCases, refusal } from './error-case.ts'

export const GENERAL_CASES: ErrorCases = {
  'DNS.0001': refusal(500, 'a failure inside: here of the store', ({ control }) => {
    const failing = async () => {
      throw new Error('the disk is full')
    }
    Object.assign(control.context.store, { listNetworkEndpoints: failing })
    return ['GET', '/v2.1/vpcs']
  }),
  'DNS.0002': refusal(400, 'a body that is no object', () => ['POST', '/v2/zones', []]),
  'DNS.0004': refusal(404, 'a resolver rule that nothing has', () => ['GET', `/v2.1/resolverrules/${NO_ID}`]),
  'DNS.0005': refusal(401, 'the quotas of another account', ({ operator }) => [
    ...(['GET', `/v2/quotamg/dns/quotas?domain_id=${operator.domain_id}`] as const),
  ]),
  'DNS.0006': refusal(400, 'a limit above 500', () => ['GET', '/v2/zones?limit=501']),
  'DNS.0007': refusal(400, 'a marker that no row has', () => ['GET', `/v2/zones?marker=${NO_ID}`]),
  'DNS.0008': refusal(400, 'the lines of a private zone', async (lab) => [
    ...(['GET', `/v2.1/zones/${(await lab.newPrivateZone()).id}/lines`] as const),
  ]),
  'DNS.0013': refusal(403, 'tags in a project of another account', ({ operator }) => [
    ...(['GET', `/v2/${operator.project_id}/DNS-public_zone/tags`] as const),
  ]),
  'DNS.0016': refusal(400, 'a second PTR record of an address', async (lab) => {
    const { publicip } = await lab.newPtr()
    return ['POST', '/v2.1/ptrs', { publicip, ptrdnames: ['other.example.'] }]
  }),
  'DNS.0017': refusal(400, 'an offset that is no number', () => ['GET', '/v2/zones?offset=x']),
  'DNS.0021': refusal(409, 'a second task of a zone', async (lab) => {
    const path = `/v2.1/zones/${(await lab.newZone()).id}/recordsets/batch-create-task`
    const body = { recordsets: [{ type: 'A', records: ['192.0.2.1'] }] }
    await lab.done('POST', path, body)
    return ['POST', path, body]
  }),
  'DNS.0032': refusal(400, 'a sort key that zones do not have', () => ['GET', '/v2/zones?sort_key=ttl']),
  'DNS.0033': refusal(400, 'a sort direction that there is not', () => ['GET', '/v2/zones?sort_dir=up']),
  'DNS.0038': refusal(400, 'show_detail neither true nor false', () => [
    ...(['GET', '/v2.1/customlines?show_detail=maybe'] as const),
  ]),
  'DNS.0045': refusal(400, 'a list by more lines than one call can create on', () => [
    ...(['GET', `/v2.1/recordsets?line_id=${Array(51).fill('CN').join()}`] as const),
  ]),
  'DNS.0043': refusal(400, 'an update that names another line', async (lab) => {
    const zone = await lab.newZone()
    const set = await lab.newRecordSet(zone)
    const body = { name: set.name, type: 'A', line: 'Abroad' }
    return ['PUT', `/v2.1/zones/${zone.id}/recordsets/${set.id}`, body]
  }),
  'DNS.0310': refusal(400, 'tags in what is no project id', () => ['GET', '/v2/x/DNS-public_zone/tags']),
  'DNS.0311': refusal(400, 'quotas of what is no account id', () => [
    ...(['GET', '/v2/quotamg/dns/quotas?domain_id=-'] as const),
  ]),
  'DNS.1802': {
    how: 'a change by a user who only reads',
    status: 403,
    async reach(lab) {
      const reader = await lab.newUser(lab.owner, { name: lab.word(), role: 'read_only' })
      const { status, json } = await lab.callAs(reader, 'POST', '/v2/zones', { name: 'read.example' })
      return { status, code: json.code }
    },
  },
  'DNS.1905': refusal(400, 'an enterprise project that is no id', (lab) => [
    ...(['POST', '/v2/zones', { name: `${lab.word()}.example`, enterprise_project_id: 'x' }] as const),
  ]),
}
