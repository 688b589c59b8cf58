import type { ContractLab } from '../contract-lab.ts'
import { type Sample, type SampleMaker, type Samples, TAG } from './sample.ts'

/** A zone with a tag, as the paths of tags name it. */
const tagged = async (lab: ContractLab, more: Sample = {}): Promise<Sample> => ({
  ...more,
  path: {
    ...{ project_id: lab.owner.project_id, resource_type: 'DNS-public_zone' },
    ...{ resource_id: (await lab.newZone({ tags: [TAG] })).id, ...more.path },
  },
})

const CONDITION = [{ key: 'env', values: ['test'] }]
const OTHER = [{ key: 'env', values: ['prod'] }]

/** A domain name that another account has a zone of. */
const foreignZone: SampleMaker = async (lab) => {
  const name = `${lab.word()}.example`
  await lab.callAs(lab.operator, 'POST', '/v2/zones', { name })
  return { body: { zone_name: name } }
}

/** A name below a zone of another account. */
const belowForeignZone = async (lab: ContractLab): Promise<{ zone_name: string }> => {
  const name = `${lab.word()}.example`
  await lab.callAs(lab.operator, 'POST', '/v2/zones', { name })
  return { zone_name: `www.${name}` }
}

export const TAG_AND_OWNERSHIP_SAMPLES: Samples = {
  ListTag: (lab) =>
    tagged(lab, {
      body: {
        ...{ action: 'filter', limit: 10, offset: 0, tags: CONDITION, tags_any: CONDITION },
        ...{ not_tags: OTHER, not_tags_any: OTHER, matches: [{ key: 'resource_name', value: 'n' }] },
      },
    }),
  ListTags: (lab) => tagged(lab),
  ShowResourceTag: (lab) => tagged(lab),
  CreateTag: (lab) => tagged(lab, { body: { tag: TAG } }),
  BatchCreateTag: (lab) => tagged(lab, { body: { action: 'create', tags: [TAG] } }),
  DeleteTag: (lab) => tagged(lab, { path: { key: TAG.key } }),
  ShowDomainQuota: (lab) => ({ query: { domain_id: lab.owner.domain_id } }),
  CreateRetrieval: foreignZone,
  ShowRetrieval: async (lab) => {
    const { body } = await foreignZone(lab)
    const { zone_name } = await lab.done('POST', '/v2/retrieval', body)
    return { query: { name: zone_name } }
  },
  CreateRetrievalVerification: async (lab) => ({
    path: { id: (await lab.done('POST', '/v2/retrieval', (await foreignZone(lab)).body)).id },
  }),
  ShowRetrievalVerification: async (lab) => ({
    path: { id: (await lab.done('POST', '/v2/retrieval', (await foreignZone(lab)).body)).id },
  }),
  CreateAuthorizeTxtRecord: async (lab) => ({ body: await belowForeignZone(lab) }),
  ShowAuthorizeTxtRecord: async (lab) => {
    const body = await belowForeignZone(lab)
    await lab.done('POST', '/v2/authorize-txtrecord', body)
    return { query: body }
  },
  CreateAuthorizeTxtRecordVerification: async (lab) => ({
    path: { id: (await lab.done('POST', '/v2/authorize-txtrecord', await belowForeignZone(lab))).id },
  }),
}
