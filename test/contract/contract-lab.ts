import { type Answer, type Lab, openLab, type Signer } from '../../packages/control/src/tenants/testing.ts'

/** Members of answers are looked at as they come. */
// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
type Json = any

/** Without these, the many things that the tests make would run into quotas. */
const WIDE = {
  customLineQuota: 1_000_000,
  lineGroupQuota: 1_000_000,
  exportRows: 1_000_000,
}

/** A control plane, an account in it, and ways to make what requests need to name. Names are new with every call. */
export interface ContractLab extends Pick<Lab, 'control' | 'stop'> {
  readonly owner: Signer & { readonly domain_id: string; readonly project_id: string }
  readonly operator: Lab['operator']
  /** A call of the account. */
  call(method: string, path: string, body?: unknown): Promise<Answer>
  /** A call of anybody else, and without a signer of nobody. */
  callAs: Lab['call']
  /** A call that has to succeed; its body. */
  done(method: string, path: string, body?: unknown): Promise<Json>
  /** A word that was not used before, of letters and digits. */
  word(): string
  /** A number that was not used before, from 1. */
  number(): number
  /** A token of the account, for requests that are not signed. */
  token(): Promise<string>
  newAccount: Lab['makeAccount']
  newUser: Lab['makeUser']
  newZone(fields?: object): Promise<Json>
  newPrivateZone(fields?: object): Promise<Json>
  newRecordSet(zone: Json, fields?: object): Promise<Json>
  /** A private network with one subnet, 10.1.0.0/24 of 10.0.0.0/8. */
  newNetwork(): Promise<Json>
  newAddress(): Promise<Json>
  newPtr(fields?: object): Promise<Json>
  newLine(): Promise<Json>
  newLineGroup(): Promise<Json>
  newEndpoint(direction?: string): Promise<Json>
  newRule(): Promise<Json>
  newQueryLog(): Promise<Json>
  /** Ends when the account has no unfinished task. */
  untilIdle(): Promise<void>
}

export async function openContractLab(
  settings: Parameters<typeof openLab>[0] = {},
  options: Parameters<typeof openLab>[1] = {},
): Promise<ContractLab> {
  const lab = await openLab({ ...WIDE, ...settings }, options)
  const owner = await lab.makeAccount('contract')
  let made = 0
  const number = () => ++made
  const word = () => `n${number()}`
  const call: ContractLab['call'] = (method, path, body) => lab.call(owner, method, path, body)
  const done: ContractLab['done'] = async (method, path, body) => {
    const answer = await call(method, path, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.json
  }
  const newNetwork = () =>
    done('POST', '/waymark/v1/networks', {
      name: word(),
      cidr: '10.0.0.0/8',
      subnets: [{ name: 'desks', cidr: '10.1.0.0/16' }],
    })
  const newAddress = () => {
    const n = number()
    const address = `198.18.${(n >> 8) & 255}.${n & 255}`
    return done('POST', '/waymark/v1/addresses', { name: word(), address })
  }
  const newEndpoint = async (direction = 'outbound') => {
    const network = await newNetwork()
    const subnet = { subnet_id: network.subnets[0].id }
    const body = { name: word(), direction, region: 'region-a', ipaddresses: [subnet, subnet, subnet] }
    return { ...(await done('POST', '/v2.1/endpoints', body)).endpoint, network }
  }
  return {
    ...{ control: lab.control, stop: lab.stop, operator: lab.operator, owner, number, word, call, done },
    ...{ callAs: lab.call, newAccount: lab.makeAccount, newUser: lab.makeUser },
    token: async () => (await done('POST', '/waymark/v1/tokens')).token,
    newZone: (fields = {}) => done('POST', '/v2/zones', { name: `${word()}.example.`, ...fields }),
    async newPrivateZone(fields = {}) {
      const network = await newNetwork()
      const router = { router_id: network.id, router_region: 'region-a' }
      const body = { name: `${word()}.internal.`, zone_type: 'private', router, ...fields }
      return { ...(await done('POST', '/v2/zones', body)), network }
    },
    newRecordSet: (zone, fields = {}) =>
      done('POST', `/v2.1/zones/${zone.id}/recordsets`, {
        ...{ name: `${word()}.${zone.name}`, type: 'A', records: ['192.0.2.1'] },
        ...fields,
      }),
    newNetwork,
    newAddress,
    async newPtr(fields = {}) {
      const address = await newAddress()
      const publicip = { id: address.id, region: address.region }
      return done('POST', '/v2.1/ptrs', { publicip, ptrdnames: [`${word()}.example.`], ...fields })
    },
    newLine: () => done('POST', '/v2.1/customlines', { name: word(), ip_segments: [segment(number())] }),
    newLineGroup: () => done('POST', '/v2.1/linegroups', { name: word(), lines: ['CN', 'JP'] }),
    newEndpoint,
    async newRule() {
      const endpoint = await newEndpoint()
      const body = {
        ...{ name: word(), domain_name: `${word()}.example`, endpoint_id: endpoint.id },
        ipaddresses: [{ ip: '192.0.2.53' }],
      }
      return { ...(await done('POST', '/v2.1/resolverrules', body)).resolver_rule, network: endpoint.network }
    },
    async newQueryLog() {
      const network = await newNetwork()
      const body = {
        ...{ lts_group_id: LOG_ID, lts_topic_id: LOG_ID },
        vpc: { vpc_id: network.id, vpc_region: 'region-a' },
      }
      const made = await done('POST', '/v2/resolver/queryloggingconfig', body)
      return { ...made.resolver_query_log_config, network }
    },
    async untilIdle() {
      for (let i = 0; i < 10_000; i++) {
        const { tasks } = await done('GET', '/waymark/v1/tasks?status=PENDING')
        if (tasks.length === 0) return
        await Bun.sleep(5)
      }
      throw new Error('tasks do not end')
    },
  }
}

/** A group or stream of a log service elsewhere. */
export const LOG_ID = '5e1b3c7a-90d2-4f68-8a1c-2b4d6f8091a3'
/** An id of the service's own form that nothing has. */
export const NO_ID = '0123456789abcdef0123456789abcdef'
/** A UUID that nothing has. */
export const NO_UUID = '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11'

/** The nth address as a range of one, of those that no other call gives. */
export function segment(n: number): string {
  const address = `100.${64 + ((n >> 16) & 63)}.${(n >> 8) & 255}.${n & 255}`
  return `${address}-${address}`
}
