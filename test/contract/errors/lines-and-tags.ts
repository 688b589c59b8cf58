import { type ContractLab, NO_ID, segment } from '../contract-lab.ts'
import { type ErrorCases, refusal } from './error-case.ts'
import { freezeLine } from './forced-state.ts'

const LINES = '/v2.1/customlines'
const GROUPS = '/v2.1/linegroups'

const line = (how: string, fields: (lab: ContractLab) => object | Promise<object>) =>
  refusal(400, how, async (lab) => {
    const body = { name: lab.word(), ip_segments: [segment(lab.number())] }
    return ['POST', LINES, { ...body, ...(await fields(lab)) }]
  })
const group = (how: string, fields: (lab: ContractLab) => object | Promise<object>) =>
  refusal(400, how, async (lab) => {
    return ['POST', GROUPS, { name: lab.word(), lines: ['CN', 'JP'], ...(await fields(lab)) }]
  })
const tagged = (status: number, how: string, body: object, kind = 'DNS-public_zone') =>
  refusal(status, how, async (lab) => {
    const { id } = await lab.newZone()
    return ['POST', `/v2/${lab.owner.project_id}/${kind}/${id}/tags/action`, { action: 'create', ...body }]
  })
const tags = (count: number) => Array.from({ length: count }, (_, n) => ({ key: `k${n}`, value: '' }))

export const LINE_AND_TAG_CASES: ErrorCases = {
  'DNS.0408': {
    ...line('one custom line more than the quota', () => ({})),
    status: 403,
    settings: { customLineQuota: 0 },
  },
  'DNS.0409': {
    ...group('one line group more than the quota', () => ({})),
    status: 403,
    settings: { lineGroupQuota: 0 },
  },
  'DNS.0608': refusal(400, 'deleting a line that a record set is on', async (lab) => {
    const { line_id } = await lab.newLine()
    await lab.newRecordSet(await lab.newZone(), { line: line_id })
    return ['DELETE', `${LINES}/${line_id}`]
  }),
  'DNS.0807': refusal(409, 'deleting a built-in line', () => ['DELETE', `${LINES}/Abroad`]),
  'DNS.1601': refusal(400, 'a line id with a hyphen', () => ['DELETE', `${LINES}/a-b`]),
  'DNS.1602': line('a name with a blank', () => ({ name: 'a b' })),
  'DNS.1603': line('a name that another line has', async (lab) => ({ name: (await lab.newLine()).name })),
  'DNS.1604': refusal(404, 'a line that nothing has', () => ['DELETE', `${LINES}/custom_${NO_ID}`]),
  'DNS.1605': line('a range in CIDR', () => ({ ip_segments: ['192.0.2.0/24'] })),
  'DNS.1606': line('a range of another line', async (lab) => ({
    ip_segments: (await lab.newLine()).ip_segments,
  })),
  'DNS.1607': refusal(409, 'a change of a frozen line', async (lab) => {
    const { line_id } = await lab.newLine()
    await freezeLine(lab, line_id)
    return ['PUT', `${LINES}/${line_id}`, { description: 'changed' }]
  }),
  'DNS.1608': line('1501 ranges', () => ({
    ip_segments: Array.from({ length: 1501 }, (_, n) => segment(2_000_000 + 2 * n)),
  })),
  'DNS.1702': group('a member that is no line', () => ({ lines: ['CN', 'Mars'] })),
  'DNS.1704': group('a name that another group has', async (lab) => ({
    name: (await lab.newLineGroup()).name,
  })),
  'DNS.1706': group('a member twice', () => ({ lines: ['CN', 'CN'] })),
  'DNS.1707': refusal(404, 'a group that nothing has', () => ['GET', `${GROUPS}/lgroup_${NO_ID}`]),
  'DNS.1001': tagged(400, '21 tags', { tags: tags(21) }),
  'DNS.1002': tagged(400, 'a kind of resource that there is not', { tags: tags(1) }, 'DNS-x'),
  'DNS.1003': tagged(400, 'a key with a comma', { tags: [{ key: 'a,b', value: '' }] }),
}
