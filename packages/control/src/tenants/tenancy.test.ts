import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Context } from '../context.ts'
import type { Route } from '../http/route.ts'
import { type Answer, type Lab, openLab, type Signer } from './testing.ts'

/**
 * Walks every route of the server as somebody who has no business there: another account, a user who only reads, a zone
 * administrator of another zone, and nobody at all. A new route is walked without anybody having to think of it.
 */

/** Stands in every name that the owner gives, so that it shows where something of the owner's shows. */
const MARK = 'velvet'
const APEX = `${MARK}.example.`
/** Names of others that the owner has a claim to. */
const CLAIMED = `${MARK}.claimed.example`
const LOST = `${MARK}-lost.example`

/** Group and stream of a log service elsewhere. */
const LOG_ID = '5e1b3c7a-90d2-4f68-8a1c-2b4d6f8091a3'

type Owner = Signer & { readonly domain_id: string; readonly project_id: string }
let lab: Lab
let owner: Owner
/** Values of path parameters that lead to the owner's things. */
let ids: Record<string, string>

beforeAll(async () => {
  lab = await openLab()
  owner = await lab.makeAccount(`${MARK}-account`)
  ids = await furnish(owner)
})
afterAll(() => lab.stop())

/** Gives the account one of everything; returns the ids by the names that path parameters have. */
async function furnish(who: Owner): Promise<Record<string, string>> {
  const make = async (path: string, body: object): Promise<Answer['json']> => {
    const answer = await lab.call(who, 'POST', path, body)
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`)
    return answer.json
  }
  const zone = await make('/v2/zones', { name: APEX, tags: [{ key: MARK, value: MARK }] })
  const set = await make(`/v2/zones/${zone.id}/recordsets`, {
    name: `www.${APEX}`,
    type: 'TXT',
    records: [`"${MARK}"`],
  })
  const recordsets = [{ name: `bad name.${APEX}`, type: 'A', records: ['192.0.2.1'] }]
  await make(`/v2.1/zones/${zone.id}/recordsets/batch-create-task`, { recordsets })
  const tasks = await lab.call(who, 'GET', '/waymark/v1/tasks')
  const line = await make('/v2.1/customlines', { name: MARK, ip_segments: ['192.0.2.0-192.0.2.9'] })
  const group = await make('/v2.1/linegroups', { name: `${MARK}-group`, lines: ['CN', 'JP'] })
  const subnets = [{ name: MARK, cidr: '10.1.2.0/24' }]
  const network = await make('/waymark/v1/networks', { name: MARK, cidr: '10.0.0.0/8', subnets })
  const privateZone = await make('/v2/zones', {
    name: `private.${APEX}`,
    zone_type: 'private',
    router: { router_id: network.id },
  })
  const otherNetwork = await make('/waymark/v1/networks', { name: `${MARK}-other` })
  const address = await make('/waymark/v1/addresses', { name: MARK, address: '198.51.100.7' })
  const ptr = await make('/v2.1/ptrs', {
    publicip: { id: address.id, region: address.region },
    ptrdnames: [`host.${APEX}`],
  })
  const desk = { subnet_id: network.subnets[0].id }
  const { endpoint } = await make('/v2.1/endpoints', {
    ...{ name: MARK, direction: 'outbound', region: 'region-a', ipaddresses: [desk, desk] },
  })
  const endpointAddresses = await lab.call(who, 'GET', `/v2.1/endpoints/${endpoint.id}/ipaddresses`)
  const { resolver_rule: rule } = await make('/v2.1/resolverrules', {
    ...{
      name: MARK,
      domain_name: `hq.${APEX}`,
      endpoint_id: endpoint.id,
      ipaddresses: [{ ip: '192.0.2.53' }],
    },
  })
  const config = await make('/v2/resolver/queryloggingconfig', {
    ...{ lts_group_id: LOG_ID, lts_topic_id: LOG_ID, vpc: { vpc_id: network.id, vpc_region: 'region-a' } },
  })
  const authorization = await make('/v2/authorize-txtrecord', { zone_name: CLAIMED })
  await lab.call(lab.operator, 'POST', '/v2/zones', { name: LOST })
  const retrieval = await make('/v2/retrieval', { zone_name: LOST })
  const keyName = `${MARK.toLowerCase()}-key.`
  await lab.call(lab.operator, 'POST', '/waymark/v1/transfers/keys', { name: keyName })
  const user = await make('/waymark/v1/users', { name: `${MARK}-user` })
  const key = await make('/waymark/v1/keys', { user_id: user.id })
  return {
    zone_id: zone.id,
    key_name: keyName,
    private_zone_id: privateZone.id,
    recordset_id: set.id,
    task_id: tasks.json.tasks[0].id,
    line_id: line.line_id,
    linegroup_id: group.line_id,
    network_id: network.id,
    other_network_id: otherNetwork.id,
    subnet_id: network.subnets[0].id,
    address_id: address.id,
    ptr_id: ptr.id,
    floatingip_id: `${address.region}:${address.id}`,
    endpoint_id: endpoint.id,
    ipaddress_id: endpointAddresses.json.ipaddresses[0].id,
    resolverrule_id: rule.id,
    authorization_id: authorization.id,
    retrieval_id: retrieval.id,
    config_id: config.resolver_query_log_config.id,
    user_id: user.id,
    access_key: key.access_key,
    account_id: who.domain_id,
    id: who.project_id,
    resource_type: 'DNS-public_zone',
    resource_id: zone.id,
    key: MARK,
    domain_name: `${MARK}.example`,
  }
}

/** A body that names the owner's things in all the ways that operations read. */
function bodyOf({ operation }: Route<Context>): object {
  const zone_names = [`${MARK}.example`]
  const set = { name: `www.${APEX}`, type: 'TXT', records: ['"changed"'] }
  const desk = { subnet_id: ids.subnet_id }
  const vpc = { vpc_id: ids.network_id, vpc_region: 'region-a' }
  const own: Readonly<Record<string, object>> = {
    createAccessKey: { user_id: ids.user_id },
    updateAccessKey: { enabled: false },
    updateUser: { role: 'administrator', password: 'taken over' },
    createUser: { name: 'intruder', role: 'administrator' },
    createAccount: { name: 'intruder' },
    createTsigKey: { name: 'intruder' },
    updateTransfers: { allow: [{ cidr: '0.0.0.0/0' }] },
    updateZoneTransfers: { allow: [{ cidr: '0.0.0.0/0' }] },
    updateAccount: { enabled: false },
    updateAccountProject: { enabled: false },
    createAccountProject: { name: 'intruder' },
    createProject: { project: { name: 'region-a_intruder' } },
    createSubnet: { name: 'x', cidr: '10.1.3.0/24' },
    createAddress: { address: '198.51.100.8' },
    createVpc: { vpc: { name: 'x', cidr: '172.16.0.0/16' } },
    updateVpc: { vpc: { name: 'taken' } },
    createVpcSubnet: {
      subnet: { name: 'x', cidr: '10.1.4.0/24', gateway_ip: '10.1.4.1', vpc_id: ids.network_id },
    },
    createPublicIp: { publicip: { type: '5_bgp' }, bandwidth: { name: 'x', size: 1, share_type: 'PER' } },
    associateRouter: { router: { router_id: ids.other_network_id } },
    disassociateRouter: { router: { router_id: ids.other_network_id } },
    rollZoneKey: { role: 'zsk' },
    putPrimaries: { primaries: [{ address: '127.0.0.1', key: 'x.' }] },
    importTransfer: { primary: { address: '127.0.0.1', port: 9 } },
    setPrivateZoneProxyPattern: { proxy_pattern: 'RECURSIVE' },
    createRecordSet: { ...set, name: `v2.${APEX}` },
    createRecordSetWithLine: { ...set, name: `v21.${APEX}` },
    createCustomLine: { name: 'x', ip_segments: ['198.51.100.0-198.51.100.9'] },
    createLineGroup: { name: 'y', lines: ['CN', 'JP'] },
    updateCustomLine: { name: 'taken', ip_segments: ['203.0.113.0-203.0.113.9'] },
    updateLineGroups: { name: 'taken-group', lines: ['CN', 'KR'] },
    batchCreatePublicRecordsetsTask: { recordsets: [{ zone_name: zone_names[0], ...set }] },
    batchCreateCombinedPublicRecordsetsTask: { zone_names, recordset_name_prefixes: ['new'], ...set },
    batchUpdatePublicRecordsetsTask: {
      zone_names,
      filter: { relation: 'OR', conditions: [{ condition: 'host_name', value: 'www' }] },
      update_info: { key: 'rr_value', values: ['"changed"'] },
    },
    batchDeletePublicRecordsetsTask: { zone_names, recordset_name_prefixes: ['www'] },
    batchTransferPublicZonesTask: { zone_names, target_user: lab.operator.domain_id },
    createEndpoint: { name: 'x', direction: 'inbound', region: 'region-a', ipaddresses: [desk, desk] },
    associateEndpointIpaddress: { ipaddress: desk },
    updateEndpoint: { name: 'taken' },
    createResolverRule: {
      name: 'x',
      domain_name: 'x.example',
      endpoint_id: ids.endpoint_id,
      ipaddresses: [{ ip: '192.0.2.54' }],
    },
    updateResolverRule: { name: 'taken' },
    createResolverQueryLogConfig: { lts_group_id: LOG_ID, lts_topic_id: LOG_ID, vpc },
    associateResolverQueryLogConfig: { vpc: { vpc_id: ids.other_network_id } },
    disassociateResolverQueryLogConfig: { vpc },
    createTag: { tag: { key: 'intruder', value: 'x' } },
    batchCreateTag: { action: 'create', tags: [{ key: 'intruder', value: 'x' }] },
    batchUpdateRecordSetWithLine: { recordsets: [{ id: ids.recordset_id, ...set }] },
    createRecordSetWithBatchLines: {
      name: `new.${APEX}`,
      type: 'A',
      lines: [{ line: 'CN', records: ['192.0.2.1'] }],
    },
    createAuthorizeTxtRecord: { zone_name: `www.${APEX}` },
    createRetrieval: { zone_name: APEX },
    createPtr: { publicip: { id: ids.address_id, region: 'region-a' }, ptrdnames: ['intruder.example.'] },
  }
  return (
    own[operation] ?? {
      ...set,
      zone_type: 'public',
      zone_ids: [ids.zone_id],
      recordset_ids: [ids.recordset_id],
      ptr_ids: [ids.ptr_id],
      floatingip_ids: [ids.floatingip_id],
      ptrdname: 'intruder.example.',
      ptrdnames: ['intruder.example.'],
      status: 'DISABLE',
      description: 'changed',
      router: { router_id: ids.network_id, router_region: 'region-a' },
      recordsets: [set],
      zone_names,
    }
  )
}

/** What an operation does not answer without. */
const QUERIES: Readonly<Record<string, (known: Record<string, string>) => string>> = {
  showDomainQuota: ({ account_id }) => `?domain_id=${account_id}`,
  listEndpoints: () => '?direction=outbound',
  showAuthorizeTxtRecord: () => `?zone_name=${CLAIMED}`,
  showRetrieval: () => `?name=${LOST}`,
  explainAnswer: () => `?name=www.${APEX}&type=TXT&client=192.0.2.1`,
  showDomainDetection: ({ domain_name }) => `?domain_name=${domain_name}`,
  exportFile: () => '?format=csv',
  importFile: () => '?format=json',
  showFailedItems: () => '?format=csv',
}

const OF_PRIVATE_ZONE = { zone_id: 'private_zone_id' }
/** What path parameters stand for, where it is not what has their name. */
const MEANT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  createAuthorizeTxtRecordVerification: { id: 'authorization_id' },
  createRetrievalVerification: { id: 'retrieval_id' },
  showRetrievalVerification: { id: 'retrieval_id' },
  associateRouter: OF_PRIVATE_ZONE,
  disassociateRouter: OF_PRIVATE_ZONE,
  setPrivateZoneProxyPattern: OF_PRIVATE_ZONE,
  createPrivateImport: OF_PRIVATE_ZONE,
  showPrivateImport: OF_PRIVATE_ZONE,
  deletePrivateImport: OF_PRIVATE_ZONE,
}

/** The path with the owner's ids in it, but for the project, which is the caller's: another one is refused before all else. */
function pathTo({ path, operation }: Route<Context>, caller: Owner): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
    const value = name === 'project_id' ? caller.project_id : ids[MEANT[operation]?.[name] ?? name]
    if (value === undefined) throw new Error(`${operation}: {${name}} needs an entry in furnish()`)
    return encodeURIComponent(value)
  })
  return filled + (QUERIES[operation]?.(ids) ?? '')
}

/** What a caller gets from each route in turn. */
async function* walk(signer: Signer | undefined, scope: Owner) {
  for (const route of lab.control.routes) {
    if (route.permission === 'none') continue
    const path = pathTo(route, scope)
    const body = route.method === 'GET' || route.input === undefined ? undefined : bodyOf(route)
    yield { route, path, answer: await lab.call(signer, route.method, path, body) }
  }
}

const READS_BY_POST = ['listTag', 'listInstances']
const isRead = ({ method, operation }: Route<Context>) =>
  method === 'GET' || method === 'HEAD' || READS_BY_POST.includes(operation)
/** Answers that time changes, or that are about the caller. */
const VOLATILE =
  /^(listAudit|exportAudit|listEdges|whoAmI|show\w*Import|exportZone|exportFile|showFailedItems)$/

/** Everything that the owner sees of itself. */
async function portrait(): Promise<Record<string, string>> {
  const seen: Record<string, string> = {}
  for (const route of lab.control.routes)
    if (route.method === 'GET' && route.permission !== 'none' && !VOLATILE.test(route.operation))
      seen[route.operation] = (await lab.call(owner, 'GET', pathTo(route, owner))).text.replaceAll(
        /"request_id":"\w+"/g,
        '',
      )
  return seen
}

/** Until no task of anybody is unfinished. */
async function untilIdle(...callers: Signer[]): Promise<void> {
  for (const caller of callers)
    for (let i = 0; i < 10_000; i++) {
      const { json } = await lab.call(caller, 'GET', '/waymark/v1/tasks?status=PENDING')
      if ((json?.tasks ?? []).length === 0) break
      await Bun.sleep(5)
    }
}

test('the owner sees what it has: the walk leads to things that are there', async () => {
  const missing: string[] = []
  for (const route of lab.control.routes.filter(
    (each) => each.method === 'GET' && each.permission !== 'none',
  )) {
    const { status } = await lab.call(owner, 'GET', pathTo(route, owner))
    if (status !== 200) missing.push(`${route.operation} ${status}`)
  }
  // Kinds of tasks and files that the zone has none of, the token that nobody sent, what an edge would tell, and what is the operator's.
  const expected =
    /^((show|list)(Zone)?Transfers |listTsigKeys |show(Public|Private)Import|showToken|explainAnswer 503|showBatchOperationTask|showPrivateImport)/
  expect(missing.filter((line) => !expected.test(line))).toEqual([])
})

describe('another account', () => {
  test('sees nothing of the owner and changes nothing, by any operation', async () => {
    const before = await portrait()
    const stranger = await lab.makeAccount('stranger')
    const faults: string[] = []
    for await (const { route, path, answer } of walk(stranger, stranger)) {
      const named = route.path.match(/\{(\w+)\}/g)?.filter((name) => name !== '{project_id}') ?? []
      const isAboutOwner = named.some((name) => !['{key}', '{domain_name}', '{resource_type}'].includes(name))
      if (isAboutOwner && answer.status < 400) faults.push(`${route.operation} ${answer.status}`)
      if (answer.status >= 500) faults.push(`${route.operation} ${answer.status}`)
      const sent = JSON.stringify(bodyOf(route)) + decodeURIComponent(path)
      for (const [name, value] of Object.entries({ ...ids, MARK }))
        if (answer.text.includes(value) && !sent.includes(value))
          faults.push(`${route.operation} shows ${name}`)
    }
    expect(faults).toEqual([])
    await untilIdle(owner, stranger)
    expect(await portrait()).toEqual(before)
  })
})

describe('a user who only reads', () => {
  test('is told what its policy does not allow, by every operation that changes something', async () => {
    const before = await portrait()
    const reader = await lab.makeUser(owner, { name: 'reader', role: 'read_only' })
    const users = await portrait()
    const faults: string[] = []
    for await (const { route, answer } of walk(reader, owner)) {
      const { permission, operation } = route
      if (permission === null) continue
      const isDenied = answer.status === 403
      const mayRead = permission?.startsWith('dns:') && isRead(route)
      if (isDenied === mayRead) faults.push(`${operation} ${answer.status} ${answer.text.slice(0, 80)}`)
      if (isDenied && !answer.text.includes(permission!))
        faults.push(`${operation} does not name ${permission}`)
      if (isDenied && !route.path.startsWith('/v3/') && answer.json.code !== 'DNS.1802')
        faults.push(`${operation} ${answer.json.code}`)
    }
    expect(faults).toEqual([])
    const after = await portrait()
    expect(after).toEqual(users)
    expect(after.listZones).toBe(before.listZones!)
  })
})

describe('a zone administrator of another zone', () => {
  test('sees nothing of the zone and changes nothing in it', async () => {
    const other = await lab.call(owner, 'POST', '/v2/zones', { name: 'other.example' })
    const role = { role: 'zone_administrator', zones: [other.json.id] }
    const limited = await lab.makeUser(owner, { name: 'limited', ...role })
    const before = await portrait()
    const faults: string[] = []
    for await (const { route, path, answer } of walk(limited, owner)) {
      const sent = JSON.stringify(bodyOf(route)) + decodeURIComponent(path)
      const isAboutZone = /\{(zone_id|recordset_id|task_id|resource_id)\}/.test(route.path)
      if (isAboutZone && answer.status < 400) faults.push(`${route.operation} ${answer.status}`)
      for (const value of [APEX, ids.zone_id!, ids.recordset_id!, ids.task_id!])
        if (route.permission?.startsWith('dns:') && answer.text.includes(value) && !sent.includes(value))
          faults.push(`${route.operation} shows ${value}`)
    }
    expect(faults).toEqual([])
    await untilIdle(owner)
    expect(await portrait()).toEqual(before)
  })
})

describe('nobody', () => {
  test('is let in anywhere but where no authentication is asked for', async () => {
    const faults: string[] = []
    for await (const { route, answer } of walk(undefined, owner))
      if (route.method !== 'HEAD' && (answer.status !== 401 || answer.json.error_code !== 'APIGW.0301'))
        faults.push(`${route.operation} ${answer.status}`)
    expect(faults).toEqual([])
  })

  test('gets nothing of anybody where none is asked for', async () => {
    for (const route of lab.control.routes.filter(({ permission }) => permission === 'none')) {
      const { text } = await lab.call(undefined, route.method, pathTo(route, owner))
      expect(text).not.toContain(MARK)
    }
  })
})

test('every operation that changes something asks for a permission', () => {
  const open = lab.control.routes
    .filter(({ permission, method }) => (permission === null || permission === 'none') && method !== 'GET')
    .map(({ operation }) => operation)
  // Who asks for a token proves who it is; who ends one shows it.
  expect(open.sort()).toEqual(['checkToken', 'createToken', 'deleteToken', 'issueToken'])
})

/**
 * What the owner is refused of the walk's requests. The others it may send, so that it means something when nobody else may: a new
 * route needs a body above with which it does something, or a line here.
 */
const REFUSED_TO_OWNER: Readonly<Record<string, string>> = {
  // Not for any account, or for the operator alone.
  ...{ associateHealthCheck: 'DNS.1101', disassociateHealthCheck: 'DNS.1105' },
  ...{ createAccount: 'DNS.1802', updateAccount: 'DNS.1802', updateTransfers: 'DNS.1802' },
  ...{ createTsigKey: 'DNS.1802', deleteTsigKey: 'DNS.1802' },
  ...{ updateZoneTransfers: 'DNS.1802', deleteZoneTransfers: 'DNS.1802' },
  // Asked of what the walk cannot send: a file, the name of a region without project, a token beside the signature.
  ...{ createPublicImport: 'DNS.0002', createPrivateImport: 'DNS.0002' },
  ...{ deletePublicImport: 'DNS.1304', deletePrivateImport: 'DNS.1304' },
  ...{ createProject: 'A project must bear the name of a region.' },
  ...{ deleteToken: 'The token does not exist or has expired.' },
  createPublicIp: 'WAYMARK.0211',
  // There is one already, here or at the stranger, or it is the owner's own zone.
  ...{ batchCreateRecordSetsTask: 'DNS.0021', createPtr: 'DNS.0016', createAddress: 'WAYMARK.0213' },
  ...{ createResolverQueryLogConfig: 'DNS.0212', createRetrieval: 'DNS.0002' },
  // TSIG keys are the operator's; nobody listens there; the zone follows no other server.
  ...{ putPrimaries: 'DNS.1802', importTransfer: 'WAYMARK.0801' },
  ...{ deletePrimaries: 'DNS.0008', transferZone: 'DNS.0008' },
  // Not signed any more when its turn comes.
  ...{ rollZoneKey: 'WAYMARK.0601', confirmZoneDs: 'WAYMARK.0601' },
  // Something else still uses it.
  ...{ deleteEndpoint: 'DNS.0608', deleteNetwork: 'WAYMARK.0204', deleteSubnet: 'WAYMARK.0204' },
  ...{ deleteVpc: 'WAYMARK.0204', deleteVpcSubnet: 'WAYMARK.0204' },
  // Another operation has removed it just before.
  ...{ batchDeletePtrRecords: 'DNS.0507', deletePtr: 'DNS.0507', batchDeleteZones: 'DNS.0302' },
  ...{ deleteAddress: 'WAYMARK.0212', deleteRecordSet: 'DNS.0313', deleteTask: 'DNS.1304' },
}

test('what the walk sends does something when the owner sends it', async () => {
  // What takes something away goes last, the smallest things before what holds them.
  const rank = ({ method, path, operation }: Route<Context>) => {
    if (operation === 'batchTransferPublicZonesTask' || operation === 'updateAccountProject') return 2000
    if (operation === 'batchDeletePublicRecordsetsTask') return 1500
    if (method === 'DELETE') return 1000 - path.length
    return path.includes('/statuses') ? 1 : 0
  }
  const routes = lab.control.routes
    .filter((route) => route.permission !== 'none' && !isRead(route))
    .toSorted((a, b) => rank(a) - rank(b))
  const refusals: Record<string, string> = {}
  for (const route of routes) {
    const body = route.input === undefined ? undefined : bodyOf(route)
    const { status, json } = await lab.call(owner, route.method, pathTo(route, owner), body)
    if (status >= 400) refusals[route.operation] = json.code ?? json.error?.message ?? String(status)
  }
  expect(refusals).toEqual(REFUSED_TO_OWNER)
})
