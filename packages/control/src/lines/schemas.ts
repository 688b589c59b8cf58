import { z } from 'zod'
import { formatTime, formatTimeOrNull } from '../http/time.ts'
import type { CustomLine, LineGroup } from '../store/store.ts'

const metadata = z.strictObject({ total_count: z.int() })
const shared = {
  line_id: z.string(),
  name: z.string(),
  status: z.string(),
  description: z.string(),
  created_at: z.string(),
  updated_at: z.string().nullable(),
}

export const CustomLineBody = z.strictObject({ ...shared, ip_segments: z.array(z.string()) })
export const CustomLineList = z.strictObject({
  lines: z.array(z.union([CustomLineBody, z.strictObject({ line_id: z.string(), name: z.string() })])),
  metadata,
})
export const LineGroupBody = z.strictObject({ ...shared, lines: z.array(z.string()) })
export const LineGroupList = z.strictObject({ linegroups: z.array(LineGroupBody), metadata })
export const SystemLineList = z.strictObject({
  lines: z.array(z.strictObject({ id: z.string(), father_id: z.string(), name: z.string() })),
  metadata,
})
export const ZoneLineList = z.strictObject({
  links: z.object({ self: z.string(), next: z.string().optional() }),
  lines: z.array(
    z.strictObject({ line: z.string(), line_name: z.string().nullable(), create_time: z.string() }),
  ),
  metadata,
})

const segments = z.array(z.string()).min(1)
const description = z.string().max(255).optional()
export const NewCustomLineBody = z.looseObject({
  name: z.string().min(1).max(80),
  ip_segments: segments,
  description,
})
export const CustomLineChangeBody = z.looseObject({
  name: z.string().min(1).max(80).optional(),
  ip_segments: segments.optional(),
  description,
})
export const NewLineGroupBody = z.looseObject({
  name: z.string().min(1).max(64),
  lines: z.array(z.string()).min(2).max(500),
  description,
})

const paging = (maxLimit: number) => ({
  limit: z.int().min(0).max(maxLimit).optional(),
  offset: z.int().min(0).optional(),
})
export const SystemLineQuery = z.object({
  locale: z.enum(['zh-cn', 'en-us', 'es-us', 'pt-br']).optional(),
  ...paging(1000),
})
export const ZoneLineQuery = z.object(paging(500))
export const CustomLineQuery = z.object({
  line_id: z.string().max(50).optional(),
  name: z.string().max(80).optional(),
  ip: z.string().max(15).optional(),
  status: z.string().optional(),
  show_detail: z.boolean().optional(),
  ...paging(3000),
})
export const LineGroupQuery = z.object({
  line_id: z.string().max(50).optional(),
  name: z.string().max(64).optional(),
  ...paging(500),
})

/** What is common to both; `status` is the word that a write answers in place of the state. */
const sharedBody = (line: CustomLine | LineGroup, status?: string) => ({
  line_id: line.lineId,
  name: line.name,
  status: status ?? line.status,
  description: line.description,
  created_at: formatTime(line.createdAt),
  updated_at: formatTimeOrNull(line.updatedAt),
})

export const customLineBody = (line: CustomLine, status?: string): z.infer<typeof CustomLineBody> => ({
  ...sharedBody(line, status),
  ip_segments: [...line.ipSegments],
})

export const lineGroupBody = (group: LineGroup, status?: string): z.infer<typeof LineGroupBody> => ({
  ...sharedBody(group, status),
  lines: [...group.members],
})
