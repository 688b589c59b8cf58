import type { ContractLab } from '../contract-lab.ts'
import { PAGE, type Samples, TAG } from './sample.ts'

const record = (lab: ContractLab) => ({ description: 'mail', ttl: 600, ptrdname: `${lab.word()}.example.` })

/** An address as the path of API v2 names it, with a record or without. */
async function pathOf(lab: ContractLab, hasRecord: boolean) {
  const { region, id } = hasRecord ? (await lab.newPtr({ tags: [TAG] })).publicip : await lab.newAddress()
  return { path: { region, floatingip_id: id } }
}

export const PTR_SAMPLES: Samples = {
  ListPtrRecords: async (lab) => ({
    query: {
      ...{ ...PAGE, enterprise_project_id: '0', tags: 'env,test', status: 'ACTIVE' },
      marker: await markerOfV2(lab),
    },
  }),
  ShowPtrRecordSet: (lab) => pathOf(lab, true),
  CreateEipRecordSet: async (lab) => ({
    ...(await pathOf(lab, false)),
    body: { ...record(lab), enterprise_project_id: '0', tags: [TAG] },
  }),
  UpdatePtrRecord: async (lab) => ({ ...(await pathOf(lab, true)), body: { ...record(lab), tags: [TAG] } }),
  RestorePtrRecord: async (lab) => ({ ...(await pathOf(lab, true)), body: { ptrdname: null } }),
  BatchDeletePtrRecords: async (lab) => ({ body: { floatingip_ids: [await markerOfV2(lab)] } }),
  ListPtrs: async (lab) => ({
    query: {
      ...{ ...PAGE, enterprise_project_id: '0', tags: 'env,test', status: 'ACTIVE' },
      ...{ resource_type: 'publicip', marker: (await lab.newPtr({ tags: [TAG] })).id },
    },
  }),
  CreatePtr: async (lab) => {
    const { id, region } = await lab.newAddress()
    const fields = { description: 'mail', ttl: 600, enterprise_project_id: '0', tags: [TAG] }
    return { body: { ...fields, ptrdnames: [`${lab.word()}.example.`], publicip: { id, region } } }
  },
  ShowPtr: async (lab) => ({ path: { ptr_id: (await lab.newPtr()).id } }),
  UpdatePtr: async (lab) => ({
    path: { ptr_id: (await lab.newPtr()).id },
    body: { ptrdnames: [`${lab.word()}.example.`], description: 'mail', ttl: 600 },
  }),
  DeletePtr: async (lab) => ({ path: { ptr_id: (await lab.newPtr()).id } }),
}

async function markerOfV2(lab: ContractLab): Promise<string> {
  const { region, floatingip_id } = (await pathOf(lab, true)).path
  return `${region}:${floatingip_id}`
}
