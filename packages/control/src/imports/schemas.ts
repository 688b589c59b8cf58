import { z } from 'zod'

const id = z.string().length(32)
const count = z.number().int().min(0)
/** `yyyy-MM-dd'T'HH:mm:ss.SSS`, UTC. */
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/)

export const Submitted = z.object({ task_id: id })
export const Deleted = z.strictObject({ code: z.literal('DNS.0000'), message: z.literal('ok') })

/** The v2 query of an import. The integer `code` of the envelope is not the string `code` of errors. */
export const ImportEnvelope = z.strictObject({
  code: z.literal(200),
  data: z.strictObject({
    task_id: id,
    status: z.enum(['PENDING', 'DONE']),
    created_at: time,
    updated_at: time,
    zone_id: id,
    zone_type: z.enum(['public', 'private']),
    language: z.enum(['zh-cn', 'en-us']),
    total_count: count,
    success_count: count,
    error_count: count,
    error_items: z.array(
      z.strictObject({
        name: z.string(),
        type: z.string(),
        line: z.string(),
        ttl: z.string(),
        weight: z.string().optional(),
        value: z.array(z.string()),
        error_code: z.string(),
        error_message: z.string(),
      }),
    ),
  }),
})

/** `language` decides headers and line names of sheets; `name` may give the format by its extension. */
export const FileQuery = z.object({
  format: z.enum(['xlsx', 'csv', 'json', 'zone']).optional(),
  language: z.enum(['zh-cn', 'en-us']).optional(),
  name: z.string().optional(),
})

export const TaskListQuery = z.object({
  zone_id: z.string().optional(),
  status: z.enum(['PENDING', 'DONE']).optional(),
  limit: z.coerce.number().int().min(0).max(500).optional(),
  offset: z.coerce.number().int().min(0).optional(),
})

const notes = z.array(z.object({ row: z.number().int(), text: z.string() }))

export const FileAccepted = z.strictObject({ task_id: id, total_count: count, notes })

const taskFields = {
  id,
  kind: z.enum([
    'create_record_sets',
    'import_workbook',
    'import_file',
    'create_in_zones',
    'create_combined',
    'update_in_zones',
    'delete_in_zones',
    'create_zones',
    'transfer_zones',
  ]),
  status: z.enum(['PENDING', 'DONE']),
  /** null: a task over many zones. */
  zone_id: id.nullable(),
  zone_name: z.string().nullable(),
  total_count: count,
  success_count: count,
  error_count: count,
  created_at: time,
  updated_at: time,
  answered: z.boolean(),
}

export const TaskList = z.strictObject({
  tasks: z.array(z.strictObject(taskFields)),
  metadata: z.strictObject({ total_count: count }),
})

/** Fields of a row that could not be read are shown as they stood in the file. */
const numberOrText = z.union([z.number(), z.string()])

export const AnyTask = z.strictObject({
  ...taskFields,
  notes,
  error_items: z.array(
    z.strictObject({
      index: count,
      row: z.number().int().nullable(),
      name: z.string(),
      error_code: z.string(),
      error_message: z.string(),
      // Absent in a task over many zones, which names the record set or zone and no more.
      type: z.string().optional(),
      line: z.string().optional(),
      ttl: numberOrText.optional(),
      weight: numberOrText.nullable().optional(),
      records: z.array(z.string()).optional(),
      status: z.string().optional(),
      description: z.string().nullable().optional(),
    }),
  ),
  metadata: z.strictObject({ total_count: count }),
})
