import { z } from 'zod'

const ids = (max: number) => z.array(z.string()).min(1).max(max)
const status = z.enum(['ENABLE', 'DISABLE'])
const ttl = z.int().min(1).max(2147483647).optional()
const weight = z.int().min(0).max(1000).nullable().optional()
const records = z.array(z.string()).min(1).max(50)

export const StatusBody = z.looseObject({ status })
export const StatusesBody = z.looseObject({ status, recordset_ids: ids(50) })
export const RemovalBody = z.looseObject({
  zone_type: z.enum(['public', 'private']),
  recordset_ids: ids(100),
})
export const RemovalInZoneBody = z.looseObject({ recordset_ids: ids(100) })
export const UpdatesBody = z.looseObject({
  recordsets: z
    .array(
      z.looseObject({ id: z.string(), records, ttl, weight, description: z.string().max(255).optional() }),
    )
    .min(1)
    .max(50),
})
export const OnLinesBody = z.looseObject({
  name: z.string(),
  type: z.string(),
  description: z.string().max(255).optional(),
  lines: z
    .array(z.looseObject({ line: z.string(), records, ttl, weight }))
    .min(1)
    .max(50),
})
export const HealthCheckBody = z.looseObject({ health_check_id: z.string() })
export const DiagnosableQuery = z.object({
  limit: z.int().min(0).max(500).optional(),
  offset: z.int().min(0).max(2147483647).optional(),
})
