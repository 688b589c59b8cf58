import { z } from 'zod'

/** Shapes of the operation tasks for OpenAPI; `bodies.ts` owns the error code of each fault. */

const id = z.string().length(32)
const count = z.number().int().min(0)
/** `yyyy-MM-dd'T'HH:mm:ss.SSS`, UTC. */
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/)

const zoneNames = z.array(z.string().min(3).max(254)).min(1)
const host = z.string().max(254)
const records = z.array(z.string().min(1).max(4096)).min(1).max(50)
const line = z.string().regex(/^[0-9a-zA-Z_-]{1,64}$/)
const ttl = z.number().int().min(1).max(2_147_483_647)

export const CreateInZonesBody = z.object({
  recordsets: z
    .array(
      z.object({
        zone_name: z.string().min(3).max(254),
        name: host.optional(),
        type: z.string().min(1).max(20),
        line: line.optional(),
        ttl: ttl.optional(),
        weight: z.number().int().min(0).max(1000).optional(),
        records,
        status: z.string().min(1).max(10).optional(),
      }),
    )
    .min(1),
})

export const CreateCombinedBody = z.object({
  zone_names: zoneNames,
  recordset_name_prefixes: z.array(host).min(1).max(50),
  records,
  type: z.string().min(1).max(20),
  line: line.optional(),
  ttl: ttl.optional(),
})

export const UpdateInZonesBody = z.object({
  zone_names: zoneNames,
  filter: z.object({
    relation: z.enum(['OR', 'AND']),
    conditions: z
      .array(z.object({ condition: z.literal('host_name'), value: host.optional() }))
      .min(1)
      .max(5),
  }),
  update_info: z.object({
    key: z.enum(['host_name', 'rr_value']),
    values: z.array(z.string().max(4096)).min(1).max(50),
  }),
})

export const DeleteInZonesBody = z.object({
  zone_names: zoneNames,
  recordset_name_prefixes: z.array(host).min(1).max(5),
})

export const CreateZonesBody = z.object({
  zone_names: zoneNames,
  enterprise_project_id: z
    .string()
    .regex(/^(0|[0-9a-zA-Z-]{36})$/)
    .optional(),
})

export const TransferBody = z.object({
  zone_names: zoneNames,
  target_user: z.string().min(1).max(64),
})

export const OperationCreated = z.strictObject({ task_id: id })

export const OperationListQuery = z.object({
  limit: z.coerce.number().int().min(0).max(500).optional(),
  offset: z.coerce.number().int().min(0).optional(),
})

const taskFields = {
  id,
  type: z.enum(['batch_create_zone', 'create', 'import_recordset', 'delete', 'batch_update_rs', 'transfer']),
  status: z.enum(['PENDING', 'DONE']),
  created_at: time,
  success_count: count,
  error_count: count,
}

export const OperationList = z.strictObject({
  tasks: z.array(z.strictObject(taskFields)),
  metadata: z.strictObject({ total_count: count }),
})

/** Unlike those of the batch-create task, error items have no code. */
export const OperationTask = z.strictObject({
  ...taskFields,
  error_items: z.array(z.strictObject({ item: z.string(), error_message: z.string() })),
})
