import { z } from 'zod'
import { formatTime } from '../http/time.ts'
import type { TransferAccessRow, TsigKeyRow } from '../store/transfer-calls.ts'

/** Bodies and answers of transfers to other servers. */

const Algorithm = z.enum(['hmac-sha256', 'hmac-sha384', 'hmac-sha512'])

export const NewTsigKeyBody = z.strictObject({
  name: z.string().min(1).max(255),
  algorithm: Algorithm.optional(),
  /** In base64; made up when left out. */
  secret: z.string().max(512).optional(),
})
export type NewTsigKeyInput = z.infer<typeof NewTsigKeyBody>

export const TsigKeyBody = z.object({ name: z.string(), algorithm: Algorithm, created_at: z.string() })
/** Shown once: the secret cannot be read back. */
export const MadeTsigKeyBody = TsigKeyBody.extend({ secret: z.string() })
export const TsigKeyList = z.object({ keys: z.array(TsigKeyBody) })

const Allowed = z.strictObject({ cidr: z.string().optional(), key: z.string().optional() })
const Notified = z.strictObject({ address: z.string(), key: z.string().optional() })
const MAX_ENTRIES = 100

export const AccessInputBody = z.strictObject({
  allow: z.array(Allowed).max(MAX_ENTRIES, `at most ${MAX_ENTRIES} entries`).optional(),
  notify: z.array(Notified).max(MAX_ENTRIES, `at most ${MAX_ENTRIES} entries`).optional(),
})
export type AccessInput = z.infer<typeof AccessInputBody>

export const AccessBody = z.object({ allow: z.array(Allowed), notify: z.array(Notified) })
export const TransfersBody = AccessBody.extend({ keys: z.array(TsigKeyBody) })
/** `own`: false when it is what holds for all zones. */
export const ZoneAccessBody = AccessBody.extend({ zone_id: z.string(), own: z.boolean() })
export const ZoneAccessList = z.object({ zones: z.array(ZoneAccessBody) })

export const tsigKeyBody = ({ name, algorithm, createdAt }: TsigKeyRow) => ({
  name,
  algorithm,
  created_at: formatTime(createdAt),
})

type Access = Pick<TransferAccessRow, 'allow' | 'notify'>

export const accessBody = (access: Access | undefined) => ({
  allow: access?.allow ?? [],
  notify: access?.notify ?? [],
})

export const zoneAccessBody = (zoneId: string, own: boolean, access: Access | undefined) => ({
  zone_id: zoneId,
  own,
  ...accessBody(access),
})
