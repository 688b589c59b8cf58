import { z } from 'zod'
import { formatTime } from '../http/time.ts'
import type { ZoneClaim } from '../store/claim-calls.ts'
import { registrableName } from '../zones/zone-name.ts'
import { isOver } from './claim.ts'

const TxtRecord = z.strictObject({ host: z.string(), value: z.string() })

export const ClaimBody = z.object({ zone_name: z.string() })
export const AuthorizationRequestBody = z.object({ zone_name: z.string().min(1).max(212) })

export const AuthorizationBody = z.strictObject({
  id: z.string(),
  zone_name: z.string(),
  record: TxtRecord,
  status: z.enum(['CREATED', 'VERIFIED']),
  second_level_zone_name: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
})

const RetrievalStatus = z.enum(['PENDING', 'VERIFIED', 'CREATED', 'EXPIRED'])
export const RetrievalBody = z.strictObject({
  id: z.string(),
  zone_name: z.string(),
  record: TxtRecord,
  status: RetrievalStatus,
  created_at: z.string(),
  updated_at: z.string(),
})
export const RetrievalStateBody = z.strictObject({
  id: z.string(),
  status: RetrievalStatus,
  updated_at: z.string(),
})

const fields = ({ id, name, host, value, createdAt, updatedAt }: ZoneClaim) => ({
  id,
  zone_name: name,
  record: { host, value },
  created_at: formatTime(createdAt),
  updated_at: formatTime(updatedAt),
})

export const authorizationStatus = ({ status }: ZoneClaim) => (status === 'OPEN' ? 'CREATED' : 'VERIFIED')

export const authorizationBody = (claim: ZoneClaim): z.infer<typeof AuthorizationBody> => ({
  ...fields(claim),
  status: authorizationStatus(claim),
  second_level_zone_name: secondLevel(claim),
})

/** The registrable name, in the form in which the name was sent. */
function secondLevel({ name, apex }: ZoneClaim): string {
  const labels = registrableName(apex).split('.').length
  return name.split('.').slice(-labels).join('.')
}

function retrievalStatus(claim: ZoneClaim, now: number): z.infer<typeof RetrievalStatus> {
  if (claim.status === 'DONE') return 'CREATED'
  if (isOver(claim, now)) return 'EXPIRED'
  return claim.status === 'OPEN' ? 'PENDING' : 'VERIFIED'
}

export const retrievalBody = (claim: ZoneClaim, now: number): z.infer<typeof RetrievalBody> => ({
  ...fields(claim),
  status: retrievalStatus(claim, now),
})

export const retrievalStateBody = (claim: ZoneClaim, now: number): z.infer<typeof RetrievalStateBody> => ({
  id: claim.id,
  status: retrievalStatus(claim, now),
  updated_at: formatTime(claim.updatedAt),
})
