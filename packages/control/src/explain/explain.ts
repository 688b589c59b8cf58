import { typeCode } from '@waymark/dns/rr-types/type-codes'
import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { EdgeQuestions } from '../feed/edge-questions.ts'
import { formatIp, formatPrefix, readIp, readPrefix } from '../networks/prefix.ts'
import { isInZone, readName } from '../record-sets/names.ts'
import type { Tenant, Zone } from '../store/store.ts'
import { namesAbove } from '../zones/zone-name.ts'
import { explainRecordSets } from './explain-record-sets.ts'
import {
  EdgeExplanation,
  type EdgeStep,
  type ExplanationBody,
  type PassedOver,
  type Step,
} from './explanation.ts'

export interface ExplainQuery {
  readonly name?: string | undefined
  readonly type?: string | undefined
  readonly client?: string | undefined
  readonly subnet?: string | undefined
  readonly listener?: string | undefined
}

/**
 * What somebody is answered, and why: an edge tells its way to the answer, and the record sets of the caller's own zones are put beside
 * it. Of zones of other accounts nothing is told but what anybody can ask. Codes: WAYMARK.0001, 0901, 0902; DNS.0302 where the caller
 * has no zone that the name lies in.
 */
export async function explainAnswer(
  context: Context,
  tenant: Tenant,
  questions: EdgeQuestions,
  sent: ExplainQuery,
): Promise<ExplanationBody> {
  const asked = readQuestion(sent)
  const own = await zonesAround(context, tenant, asked.name)
  if (own.length === 0) throw apiError('ZONE_NOT_FOUND')
  const answer = EdgeExplanation.nullish().parse(await questions.ask(asked))
  if (answer === undefined) throw apiError('EDGE_SILENT')
  if (answer === null)
    throw apiError('FIELD_INVALID', { field: 'name', reason: 'no edge takes it for a name' })
  const network = await networkOf(context, tenant, answer.network)
  const steps: Step[] = []
  for (const step of answer.steps) steps.push(await tellStep(context, tenant, asked.type, step))
  return {
    ...asked,
    subnet: asked.subnet || null,
    listener: asked.listener || null,
    edge: answer.edge,
    position: answer.position,
    network,
    client_lines: answer.client_lines,
    rule: steps.at(-1)?.outcome ?? 'refused',
    steps,
    passed_over: own.flatMap((zone) => passedOver(zone, answer.steps, answer.network)),
    is_from_upstream: answer.is_from_upstream,
    answer: answer.answer,
  }
}

function readQuestion(sent: ExplainQuery) {
  const name = readName(sent.name ?? '')
  if (name === undefined) throw invalid('name', 'it is no domain name')
  const type = (sent.type ?? '').toUpperCase()
  if (typeCode(type) === undefined) throw invalid('type', `"${type}" is no record type`)
  return {
    name: name.owner,
    type,
    client: readAddress('client', sent.client ?? ''),
    subnet: sent.subnet ? readSubnet(sent.subnet) : '',
    listener: sent.listener ? readAddress('listener', sent.listener) : '',
  }
}

function readAddress(field: string, text: string): string {
  const ip = readIp(text)
  if (ip === undefined) throw invalid(field, `"${text}" is no IPv4 or IPv6 address`)
  return formatIp(ip)
}

function readSubnet(text: string): string {
  const prefix = readPrefix(text)
  if (typeof prefix === 'string') throw invalid('subnet', prefix)
  return formatPrefix(prefix)
}

const invalid = (field: string, reason: string): Error => apiError('FIELD_INVALID', { field, reason })

/** The caller's zones that the name lies in, the longest first. */
async function zonesAround({ store }: Context, tenant: Tenant, name: string): Promise<Zone[]> {
  const found: Zone[] = []
  for (const apex of [name, ...namesAbove(name)]) {
    for (const zoneType of ['private', 'public'] as const) {
      for (const { id } of await store.zonesByApex(apex, zoneType)) {
        const zone = await store.findZone(tenant, id)
        if (zone !== undefined) found.push(zone)
      }
    }
  }
  return found
}

/** The network as its owner knows it. Whose addresses they are is nobody else's business. */
async function networkOf(
  { store }: Context,
  tenant: Tenant,
  key: string,
): Promise<ExplanationBody['network']> {
  if (key === '') return null
  const [account, id = ''] = key.split(':')
  if (account !== tenant.domainId) throw apiError('CLIENT_FOREIGN')
  return { id, name: (await store.findNetwork(tenant, id))?.name ?? '' }
}

async function tellStep(context: Context, tenant: Tenant, type: string, step: EdgeStep): Promise<Step> {
  const zone = await context.store.findZone(tenant, step.zone_id)
  if (zone === undefined) {
    const nothing = { zone_id: '', owner: '', lines: [], sets: [], variants: [], record_sets: [] }
    return { ...step, ...nothing, is_own: false }
  }
  return { ...step, is_own: true, record_sets: await explainRecordSets(context.store, zone, type, step) }
}

/** Why a zone around the name has no part in the answer; nothing where it has one. */
function passedOver(zone: Zone, steps: readonly EdgeStep[], network: string): PassedOver[] {
  if (steps.some((step) => step.zone_id === zone.id)) return []
  const isPrivate = zone.zoneType === 'private'
  const told = { zone_id: zone.id, zone: zone.apex, is_private: isPrivate }
  if (zone.status === 'DISABLE') return [{ ...told, reason: 'paused' }]
  if (zone.status !== 'ACTIVE' && zone.status !== 'ERROR') return [{ ...told, reason: 'not-active' }]
  const isSeen = zone.routers.some(({ routerId }) => network === `${zone.domainId}:${routerId.toLowerCase()}`)
  if (isPrivate && !isSeen) return [{ ...told, reason: 'other-network' }]
  const first = steps[0]
  if (first === undefined) return [{ ...told, reason: 'not-active' }]
  return [
    {
      ...told,
      reason: !isPrivate && first.is_private && isInZone(zone.apex, first.zone) ? 'public' : 'shorter',
    },
  ]
}
