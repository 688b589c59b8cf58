import { PAGE, type Samples } from './sample.ts'

const inZones = (more: object): Samples[string] => {
  return async (lab) => ({ body: { zone_names: [(await lab.newZone()).name], ...more } })
}

export const OPERATION_TASK_SAMPLES: Samples = {
  BatchCreatePublicRecordsetsTask: async (lab) => {
    const set = { name: 'www', type: 'A', records: ['192.0.2.1'], line: 'Abroad', ttl: 600, weight: 5 }
    return { body: { recordsets: [{ zone_name: (await lab.newZone()).name, ...set, status: 'DISABLE' }] } }
  },
  BatchCreateCombinedPublicRecordsetsTask: inZones({
    ...{ recordset_name_prefixes: ['www'], type: 'A', records: ['192.0.2.1'], line: 'Abroad', ttl: 600 },
  }),
  BatchUpdatePublicRecordsetsTask: inZones({
    filter: { relation: 'OR', conditions: [{ condition: 'host_name', value: 'www' }] },
    update_info: { key: 'rr_value', values: ['192.0.2.2'] },
  }),
  BatchDeletePublicRecordsetsTask: inZones({ recordset_name_prefixes: ['www'] }),
  BatchCreatePublicZonesTask: (lab) => ({
    body: { zone_names: [`${lab.word()}.example.`], enterprise_project_id: '0' },
  }),
  BatchTransferPublicZonesTask: async (lab) => ({
    body: { zone_names: [(await lab.newZone()).name], target_user: lab.operator.domain_id },
  }),
  ListBatchOperationTasks: async (lab) => {
    const zone_names = [`${lab.word()}.example.`]
    await lab.done('POST', '/v2.1/operation-task/batch-create-zone', { zone_names })
    return { query: PAGE }
  },
  ShowBatchOperationTask: async (lab) => {
    const zone_names = [`${lab.word()}.example.`, 'no..name']
    const { task_id } = await lab.done('POST', '/v2.1/operation-task/batch-create-zone', { zone_names })
    return { path: { task_id }, query: { error_item_limit: '10', error_item_offset: '0' } }
  },
}
