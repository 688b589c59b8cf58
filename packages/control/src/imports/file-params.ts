import { ApiError, apiError, failure } from '../errors.ts'
import type { Call } from '../http/route.ts'
import type { Reads, Zone, ZoneType } from '../store/store.ts'
import { FILE_FORMATS, type FileFormat, type Language } from './formats/file-item.ts'

/** The zone of the path. Throws ZONE_NOT_FOUND, or ZONE_TYPE_INVALID when it must be of another type. */
export async function findZoneOf(call: Call, reads: Reads, zoneType?: ZoneType): Promise<Zone> {
  const zone = await reads.findZone(call.tenant, call.params.zone_id!)
  if (zone === undefined) throw apiError('ZONE_NOT_FOUND')
  if (zoneType !== undefined && zone.zoneType !== zoneType) throw apiError('ZONE_TYPE_INVALID')
  return zone
}

/** `en-us` when the caller says so, else the API's default. */
export const languageOf = (sent: string | null | undefined): Language =>
  sent?.toLowerCase() === 'en-us' ? 'en-us' : 'zh-cn'

/** The format asked for by `format`, else by the extension of the file name. Throws REQUEST_INVALID. */
export function formatOf(query: Readonly<Record<string, string>>): FileFormat {
  const extension = /\.([a-z]+)$/i.exec(query.name ?? '')?.[1]
  const word = (query.format ?? extension)?.toLowerCase()
  const format = FILE_FORMATS.find((each) => each === word)
  if (format === undefined) throw badRequest(`The format must be one of ${FILE_FORMATS.join(', ')}.`)
  return format
}

/** The general refusal with a sentence that says why. */
export function badRequest(detail: string): ApiError {
  const { message, ...invalid } = failure('REQUEST_INVALID')
  return new ApiError({ ...invalid, message: `${message} ${detail}` })
}
