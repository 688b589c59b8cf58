import { z } from 'zod'
import { formatTime, formatTimeOrNull } from '../http/time.ts'
import type { RecordSet, Zone } from '../store/store.ts'
import type { ApiVersion } from './draft-of-body.ts'

const TagBody = z.strictObject({ key: z.string(), value: z.string() })
const Links = z.object({ self: z.string(), next: z.string().optional() })
const AliasBody = z.strictObject({ resource_type: z.string(), resource_domain_name: z.string() })

const shared = {
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  zone_id: z.string(),
  zone_name: z.string(),
  type: z.string(),
  ttl: z.int(),
  records: z.array(z.string()),
  status: z.string(),
  default: z.boolean(),
  project_id: z.string(),
  links: z.object({ self: z.string() }),
  bundle: z.literal('free').optional(),
  tags: z.array(TagBody).optional(),
}

/** Shape of v2: the spelling of its times is part of the wire format. */
export const RecordSetV2 = z.strictObject({
  ...shared,
  create_at: z.string(),
  update_at: z.string().nullable(),
})

/** Shape of v2.1. */
export const RecordSetV21 = z.strictObject({
  ...shared,
  created_at: z.string(),
  updated_at: z.string().nullable(),
  line: z.string(),
  line_name: z.string().optional(),
  weight: z.int().nullable(),
  health_check_id: z.string().nullable(),
  alias_target: AliasBody.nullable(),
})

const listOf = (item: z.ZodType) =>
  z.strictObject({
    links: Links,
    recordsets: z.array(item),
    metadata: z.strictObject({ total_count: z.int() }),
  })

export const RecordSetListV2 = listOf(RecordSetV2)
export const RecordSetListV21 = listOf(RecordSetV21)

const ttl = z.int().min(1).max(2147483647)
const newV2 = {
  name: z.string(),
  type: z.string(),
  records: z.array(z.string()).min(1).max(50),
  ttl: ttl.optional(),
  description: z.string().max(255).optional(),
  status: z.enum(['ENABLE', 'DISABLE']).optional(),
  tags: z.array(TagBody).max(20).optional(),
}
export const NewRecordSetV2 = z.looseObject(newV2)
export const NewRecordSetV21 = z.looseObject({
  ...newV2,
  records: newV2.records.optional(),
  line: z.string().optional(),
  weight: z.int().min(0).max(1000).nullable().optional(),
  alias_target: AliasBody.optional(),
})

const changeV2 = {
  name: z.string().optional(),
  type: z.string().optional(),
  records: z.array(z.string()).max(50).optional(),
  ttl: ttl.optional(),
  description: z.string().max(255).optional(),
}
export const RecordSetChangeV2 = z.looseObject(changeV2)
export const RecordSetChangeV21 = z.looseObject({
  ...changeV2,
  name: z.string(),
  type: z.string(),
  weight: z.int().min(0).max(1000).optional(),
})

const listQuery = {
  limit: z.int().min(0).max(500).optional(),
  marker: z.string().optional(),
  offset: z.int().min(0).max(2147483647).optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  tags: z.string().optional(),
  sort_key: z.string().optional(),
  sort_dir: z.enum(['asc', 'desc']).optional(),
  search_mode: z.enum(['like', 'equal']).optional(),
}
const allZonesQuery = {
  zone_type: z.enum(['public', 'private']).optional(),
  zone_id: z.string().optional(),
  records: z.string().max(4096).optional(),
}
export const ListQueryV2 = z.object(listQuery)
export const ListQueryV21 = z.object({ ...listQuery, line_id: z.string().optional() })
export const ListAllQueryV2 = z.object({ ...listQuery, ...allZonesQuery })
export const ListAllQueryV21 = z.object({
  ...listQuery,
  ...allZonesQuery,
  line_id: z.string().optional(),
  health_check_id: z.string().optional(),
})

/** What an answer shows of a record set that is not a fact of the set itself. */
export interface RecordSetView {
  readonly version: ApiVersion
  readonly baseUrl: string
  /** The state, or the word that a write answers instead. */
  readonly status: string
  readonly hasBundle?: boolean
  readonly hasTags?: boolean
  /** Gives `line_name`, which only one operation shows. */
  readonly lineName?: (line: string) => string
}

/** A record set as the API shows it, in the shape of the version. */
export function recordSetBody(
  zone: Pick<Zone, 'name' | 'projectId'>,
  row: RecordSet,
  view: RecordSetView,
): object {
  const { version, baseUrl } = view
  const facts = {
    id: row.id,
    name: row.name,
    description: row.description,
    zone_id: row.zoneId,
    zone_name: zone.name,
    type: row.type,
    ttl: row.ttl,
    records: row.records,
    status: view.status,
    default: row.isDefault,
    project_id: zone.projectId,
    links: { self: `${baseUrl}/${version}/zones/${row.zoneId}/recordsets/${row.id}` },
    ...(view.hasBundle ? { bundle: 'free' } : {}),
    ...(view.hasTags ? { tags: row.tags } : {}),
  }
  const createdAt = formatTime(row.createdAt)
  const updatedAt = formatTimeOrNull(row.updatedAt)
  if (version === 'v2') return { ...facts, create_at: createdAt, update_at: updatedAt }
  return {
    ...facts,
    created_at: createdAt,
    updated_at: updatedAt,
    line: row.line,
    ...(view.lineName ? { line_name: view.lineName(row.line) } : {}),
    weight: row.weight,
    health_check_id: null,
    alias_target:
      row.aliasTarget === null
        ? null
        : {
            resource_type: row.aliasTarget.resourceType,
            resource_domain_name: row.aliasTarget.resourceDomainName,
          },
  }
}
