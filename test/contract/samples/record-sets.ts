import { LINES } from '../../../packages/control/src/lines/lines.ts'
import type { ContractLab } from '../contract-lab.ts'
import { PAGE, type Sample, type SampleMaker, type Samples, TAG } from './sample.ts'

const ofZone: SampleMaker = async (lab) => ({ path: { zone_id: (await lab.newZone()).id } })

const ofRecordSet = async (lab: ContractLab) => {
  const zone = await lab.newZone()
  const set = await lab.newRecordSet(zone)
  return { zone, set, path: { zone_id: zone.id, recordset_id: set.id } }
}
const one: SampleMaker = async (lab) => ({ path: (await ofRecordSet(lab)).path })

const created = async (lab: ContractLab, more: object = {}): Promise<Sample> => {
  const zone = await lab.newZone()
  const body = {
    ...{ name: `${lab.word()}.${zone.name}`, type: 'A', records: ['192.0.2.1'], ttl: 600 },
    ...{ description: 'shop', status: 'DISABLE', tags: [TAG], ...more },
  }
  return { path: { zone_id: zone.id }, body }
}

/** An alias has no values of its own. */
export const ALIAS_SAMPLE: SampleMaker = (lab) =>
  created(lab, {
    records: undefined,
    alias_target: { resource_type: 'waf', resource_domain_name: 'shop.waf.example' },
  })

const updated = async (lab: ContractLab, more: object = {}): Promise<Sample> => {
  const { set, path } = await ofRecordSet(lab)
  const body = {
    name: set.name,
    type: 'A',
    records: ['192.0.2.2'],
    ttl: 600,
    description: 'changed',
    ...more,
  }
  return { path, body }
}

/** A list of one record set, by every filter. */
const listed = async (lab: ContractLab, more: object, isInZone: boolean): Promise<Sample> => {
  const zone = await lab.newZone()
  const set = await lab.newRecordSet(zone, { tags: [TAG] })
  // The last of the page before: later in a list that shows the newest first.
  const last = await lab.newRecordSet(zone, { tags: [TAG] })
  const query = {
    ...{ ...PAGE, search_mode: 'equal', marker: last.id, tags: 'env,test', status: 'ACTIVE', type: 'A' },
    ...{ name: set.name, id: set.id, sort_key: 'name', sort_dir: 'asc', ...more },
    ...('zone_id' in more ? { zone_id: zone.id } : {}),
  }
  return isInZone ? { path: { zone_id: zone.id }, query } : { query }
}

const LINE = { line_id: 'default_view' }
const OF_ALL = { zone_type: 'public', records: '192.0.2.1' }

const idsOf = async (lab: ContractLab, more: object = {}): Promise<Sample> => {
  const { zone, set } = await ofRecordSet(lab)
  return { path: { zone_id: zone.id }, body: { recordset_ids: [set.id], ...more } }
}

/** A zone with mail and a website. */
const diagnosed: SampleMaker = async (lab) => {
  const zone = await lab.newZone()
  await lab.newRecordSet(zone, { name: zone.name, type: 'MX', records: ['10 mail.example.'] })
  await lab.newRecordSet(zone, { name: zone.name })
  return { path: { zone_id: zone.id }, query: PAGE }
}

export const RECORD_SET_SAMPLES: Samples = {
  CreateRecordSet: (lab) => created(lab),
  CreateRecordSetWithLine: (lab) => created(lab, { line: 'Abroad', weight: 5 }),
  ShowRecordSet: one,
  ShowRecordSetWithLine: one,
  UpdateRecordSet: (lab) => updated(lab),
  UpdateRecordSets: (lab) => updated(lab, { weight: 5 }),
  DeleteRecordSet: one,
  DeleteRecordSets: one,
  ListRecordSetsByZone: (lab) => listed(lab, {}, true),
  ListRecordSets: (lab) => listed(lab, OF_ALL, false),
  ShowRecordSetByZone: (lab) => listed(lab, LINE, true),
  ListRecordSetsWithLine: (lab) =>
    listed(lab, { ...OF_ALL, ...LINE, zone_id: '', health_check_id: 'none' }, false),
  SetRecordSetsStatus: async (lab) => ({
    path: { recordset_id: (await ofRecordSet(lab)).set.id },
    body: { status: 'DISABLE' },
  }),
  BatchSetRecordSetsStatus: (lab) => idsOf(lab, { status: 'DISABLE' }),
  BatchDeleteRecordSets: (lab) => idsOf(lab, { zone_type: 'public' }),
  BatchDeleteRecordSetWithLine: (lab) => idsOf(lab),
  BatchUpdateRecordSetWithLine: async (lab) => {
    const zone = await lab.newZone()
    const lines = LINES.slice(1, 51).map(({ id }) => ({ line: id, records: ['192.0.2.1'] }))
    const body = { name: zone.name, type: 'A', lines }
    const made = await lab.done('POST', `/v2.1/zones/${zone.id}/recordsets/batch/lines`, body)
    const recordsets = made.recordsets.map(({ id }: { id: string }) => ({
      ...{ id, records: ['192.0.2.2'], ttl: 600, weight: 5, description: 'changed' },
    }))
    return { path: { zone_id: zone.id }, body: { recordsets } }
  },
  CreateRecordSetWithBatchLines: async (lab) => {
    const zone = await lab.newZone()
    const lines = [{ line: 'Abroad', records: ['192.0.2.1'], ttl: 600, weight: 5 }]
    const name = `${lab.word()}.${zone.name}`
    return { path: { zone_id: zone.id }, body: { name, type: 'A', description: 'by line', lines } }
  },
  ShowEmailRecordSet: diagnosed,
  ShowWebsiteRecordSet: diagnosed,
  AssociateHealthCheck: async (lab) => ({
    path: { recordset_id: (await ofRecordSet(lab)).set.id },
    body: { health_check_id: 'a-health-check' },
  }),
  DisassociateHealthCheck: async (lab) => ({
    path: { recordset_id: (await ofRecordSet(lab)).set.id },
    body: { health_check_id: 'a-health-check' },
  }),
  BatchCreateRecordSetsTask: async (lab) => ({
    ...(await ofZone(lab)),
    body: {
      recordsets: [
        {
          ...{ name: 'www', type: 'A', records: ['192.0.2.1'], line: 'Abroad', ttl: 600, weight: 5 },
          ...{ status: 'DISABLE', description: 'shop' },
        },
      ],
    },
  }),
  ShowBatchCreateRecordSetsTask: async (lab) => ({
    ...(await ofTask(lab)),
    query: { error_item_limit: '10', error_item_offset: '0' },
  }),
  DeleteBatchCreateRecordSetsTask: (lab) => ofTask(lab),
}

/** A zone with a task that has one good item and a bad one. */
async function ofTask(lab: ContractLab): Promise<Sample> {
  const zone = await lab.newZone()
  const recordsets = ['192.0.2.1', 'no address'].map((value) => ({ type: 'A', records: [value] }))
  await lab.done('POST', `/v2.1/zones/${zone.id}/recordsets/batch-create-task`, { recordsets })
  return { path: { zone_id: zone.id } }
}
