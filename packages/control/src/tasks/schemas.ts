import { z } from 'zod'

/** 32 lower-case hexadecimal digits. */
const id = z.string().length(32)
const count = z.number().int().min(0)
/** `yyyy-MM-dd'T'HH:mm:ss.SSS`, UTC. */
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/)

/** Body of the batch-create task; `batch-body.ts` owns the error code of each fault. */
export const BatchBody = z.object({
  recordsets: z
    .array(
      z.object({
        name: z.string().max(254).optional(),
        type: z.string().min(1).max(20),
        line: z
          .string()
          .regex(/^[0-9a-zA-Z_-]{1,64}$/)
          .optional(),
        ttl: z.number().int().min(1).max(2_147_483_647).optional(),
        weight: z.number().int().min(0).max(1000).optional(),
        records: z.array(z.string().min(1).max(4096)).min(1).max(100),
        status: z.string().min(1).max(10).optional(),
        description: z.string().max(255).optional(),
      }),
    )
    .min(1),
})

export const BatchCreated = z.object({ task_id: id })

const BatchErrorItem = z.strictObject({
  name: z.string(),
  type: z.string(),
  line: z.string(),
  ttl: z.number().int(),
  weight: z.number().int().nullable(),
  records: z.array(z.string()),
  status: z.literal('ERROR'),
  error_code: z.string(),
  error_message: z.string(),
})

/** Query of a task: a page of its failed items. */
export const ErrorPageQuery = z.object({
  error_item_limit: z.coerce.number().int().min(0).optional(),
  error_item_offset: z.coerce.number().int().min(0).optional(),
})

export const BatchTask = z.strictObject({
  task_id: id,
  status: z.enum(['PENDING', 'DONE']),
  created_at: time,
  updated_at: time,
  total_count: count,
  success_count: count,
  error_count: count,
  error_items: z.array(BatchErrorItem),
})
