import { apiError } from '../../errors.ts'
import { readBatch } from '../../http/read-batch.ts'
import type { RecordSetDraft } from '../../record-sets/draft.ts'
import { readName, resolveBatchName } from '../../record-sets/names.ts'
import { isCreatable, recordSetType } from '../../record-sets/types.ts'
import { isStorable } from '../../store/storable-text.ts'
import {
  invalid,
  isObject,
  readLine,
  readRecords,
  readText,
  readTtl,
  readType,
  readWeight,
} from '../body-fields.ts'
import type { CombinedParams } from '../kinds/create-combined.ts'
import { type DraftInZone, namedZone } from '../kinds/create-in-zones.ts'
import type { CreateZonesParams } from '../kinds/create-zones.ts'
import type { DeleteParams } from '../kinds/delete-in-zones.ts'
import type { UpdateParams } from '../kinds/update-in-zones.ts'
import { mergeMx } from '../merge-mx.ts'

// The bodies of the operation tasks. What is refused here is refused at once, before there is a task: the shape of the body,
// numbers of items, JSON types, lengths and ranges. Everything else is judged item by item when its turn comes.

const MOST_RECORDS = 50
const MOST_NEW_PREFIXES = 50
const MOST_OLD_PREFIXES = 5
const MOST_CONDITIONS = 5
const LONGEST_NAME = 254
const LONGEST_VALUE = 4096
const ENTERPRISE_PROJECT = /^(0|[0-9a-zA-Z-]{36})$/

type Members = Readonly<Record<string, unknown>>
type LimitKey = Parameters<typeof readBatch>[2]

/** `batch-create-recordset`; MX items of one zone, name and line are joined. */
export function readCreateInZones(body: unknown, most: number): DraftInZone[] {
  const items = readBatch(membersOf(body).recordsets, most, 'BATCH_CREATE_LIMIT').map(readDraftInZone)
  return mergeMx(
    items,
    ({ zoneName, draft }) => ({ ...draft, name: fullName(draft.name, zoneName) }),
    (item, { records }) => ({ ...item, draft: { ...item.draft, records } }),
  )
}

/** One form for all names that mean the same record set. */
function fullName(name: string, zoneName: string): string {
  const full = resolveBatchName(name, namedZone(zoneName))
  return readName(full)?.owner ?? full
}

function readDraftInZone(sent: unknown, index: number): DraftInZone {
  const place = `recordsets[${index}]`
  if (!isObject(sent)) throw invalid(place, 'REQUEST_INVALID')
  return {
    zoneName: readZoneName(sent.zone_name, `${place}.zone_name`),
    draft: {
      type: readType(sent.type, `${place}.type`),
      name: readText(sent.name, `${place}.name`, 0, LONGEST_NAME, 'NAME_INVALID') ?? '',
      description: null,
      ttl: readTtl(sent.ttl, `${place}.ttl`),
      line: readLine(sent.line, `${place}.line`),
      status: readText(sent.status, `${place}.status`, 1, 10, 'STATUS_INVALID') ?? 'ENABLE',
      weight: readWeight(sent.weight, `${place}.weight`),
      records: readRecords(sent.records, `${place}.records`, MOST_RECORDS),
    },
  }
}

/** `batch-create-combined-recordset`. `most` holds for the zones and for the record sets that they make together. */
export function readCreateCombined(
  body: unknown,
  most: number,
  isStrict: boolean,
): { zoneNames: string[]; params: CombinedParams } {
  const sent = membersOf(body)
  const zoneNames = readZoneNames(sent, most, 'BATCH_CREATE_LIMIT')
  const prefixes = readHosts(sent.recordset_name_prefixes, MOST_NEW_PREFIXES, 'BATCH_CREATE_LIMIT')
  if (zoneNames.length * prefixes.length > most) throw apiError('BATCH_CREATE_LIMIT', { limit: most })
  const draft: RecordSetDraft = {
    type: readCreatableType(sent.type, isStrict),
    name: '',
    description: null,
    ttl: readTtl(sent.ttl, 'ttl'),
    line: readLine(sent.line, 'line'),
    status: 'ENABLE',
    weight: undefined,
    records: storable(readRecords(sent.records, 'records', MOST_RECORDS), 'records'),
  }
  return { zoneNames, params: { prefixes, draft } }
}

/** All the sets have the same type, so one that none could have is refused at once. */
function readCreatableType(sent: unknown, isStrict: boolean): string {
  const name = readType(sent, 'type')
  const type = recordSetType(name)
  if (type === undefined || !isCreatable(type, 'public', false, isStrict))
    throw invalid('type', 'TYPE_INVALID')
  return name
}

/** `batch-update-recordset`. */
export function readUpdateInZones(
  body: unknown,
  most: number,
): { zoneNames: string[]; params: UpdateParams } {
  const sent = membersOf(body)
  const zoneNames = readZoneNames(sent, most, 'BATCH_UPDATE_LIMIT')
  if (!isObject(sent.filter)) throw invalid('filter', 'REQUEST_INVALID')
  if (!isObject(sent.update_info)) throw invalid('update_info', 'REQUEST_INVALID')
  const { relation, conditions } = sent.filter
  const { key, values } = sent.update_info
  if (relation !== 'OR' && relation !== 'AND') throw invalid('filter.relation', 'REQUEST_INVALID')
  if (key !== 'host_name' && key !== 'rr_value') throw invalid('update_info.key', 'REQUEST_INVALID')
  return {
    zoneNames,
    params: { relation, hosts: readConditions(conditions), key, values: readValues(values) },
  }
}

function readConditions(sent: unknown): string[] {
  const place = 'filter.conditions'
  if (!Array.isArray(sent) || sent.length === 0 || sent.length > MOST_CONDITIONS)
    throw invalid(place, 'REQUEST_INVALID')
  return sent.map((each, n) => {
    if (!isObject(each) || each.condition !== 'host_name') throw invalid(`${place}[${n}]`, 'REQUEST_INVALID')
    return readText(each.value, `${place}[${n}].value`, 0, LONGEST_NAME, 'NAME_INVALID') ?? ''
  })
}

function readValues(sent: unknown): string[] {
  const place = 'update_info.values'
  const isList = Array.isArray(sent) && sent.length > 0 && sent.length <= MOST_RECORDS
  if (!isList || !sent.every((value) => typeof value === 'string' && value.length <= LONGEST_VALUE)) {
    const detail = `${place} must be 1 to ${MOST_RECORDS} strings of at most ${LONGEST_VALUE} characters.`
    throw apiError('VALUE_INVALID', { detail })
  }
  return storable(sent, place)
}

/** `batch-delete-recordset`. */
export function readDeleteInZones(
  body: unknown,
  most: number,
): { zoneNames: string[]; params: DeleteParams } {
  const sent = membersOf(body)
  const zoneNames = readZoneNames(sent, most, 'BATCH_DELETE_LIMIT')
  const prefixes = readHosts(sent.recordset_name_prefixes, MOST_OLD_PREFIXES, 'BATCH_DELETE_LIMIT')
  return { zoneNames, params: { prefixes } }
}

/** `batch-create-zone`. */
export function readCreateZones(
  body: unknown,
  most: number,
): { zoneNames: string[]; params: CreateZonesParams } {
  const sent = membersOf(body)
  const zoneNames = readZoneNames(sent, most, 'BATCH_CREATE_LIMIT')
  const enterpriseProjectId = sent.enterprise_project_id ?? '0'
  if (typeof enterpriseProjectId !== 'string' || !ENTERPRISE_PROJECT.test(enterpriseProjectId))
    throw apiError('EPS_INVALID')
  return { zoneNames, params: { enterpriseProjectId } }
}

/** `batch-transfer`; whether there is such an account is not known here. */
export function readTransfer(body: unknown, most: number): { zoneNames: string[]; targetUser: string } {
  const sent = membersOf(body)
  const zoneNames = readZoneNames(sent, most, 'BATCH_UPDATE_LIMIT')
  const targetUser = sent.target_user
  if (typeof targetUser !== 'string' || targetUser.length < 1 || targetUser.length > 64)
    throw apiError('DOMAIN_ID_INVALID')
  return { zoneNames, targetUser }
}

function membersOf(body: unknown): Members {
  if (!isObject(body)) throw apiError('REQUEST_INVALID')
  return body
}

const readZoneNames = (sent: Members, most: number, tooMany: LimitKey): string[] =>
  readBatch(sent.zone_names, most, tooMany).map((name, n) => readZoneName(name, `zone_names[${n}]`))

function readZoneName(sent: unknown, place: string): string {
  if (typeof sent !== 'string' || sent.length < 3 || sent.length > LONGEST_NAME)
    throw invalid(place, 'ZONE_NAME_INVALID')
  return sent
}

/** Host names as they stand before the zone's name. */
const readHosts = (sent: unknown, most: number, tooMany: LimitKey): string[] =>
  readBatch(sent, most, tooMany).map((host, n) => {
    const place = `recordset_name_prefixes[${n}]`
    const text = readText(host, place, 0, LONGEST_NAME, 'NAME_INVALID')
    if (text === undefined) throw invalid(place, 'NAME_INVALID')
    return text
  })

/** These go into the parameters of the task, which cannot hold every character. */
function storable(values: string[], place: string): string[] {
  const at = values.findIndex((value) => !isStorable(value))
  if (at === -1) return values
  throw apiError('VALUE_INVALID', { detail: `${place}[${at}] holds U+0000 or half a surrogate pair.` })
}
