import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { Call, Reply } from '../http/route.ts'
import type { Zone } from '../store/store.ts'
import { badRequest, findZoneOf, formatOf, languageOf } from './file-params.ts'
import { exportRecordSets } from './formats/export-record-sets.ts'
import type { FileFormat, Language } from './formats/file-item.ts'
import { streamOf } from './stream.ts'

export const MEDIA_TYPES: Readonly<Record<FileFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  zone: 'text/dns; charset=utf-8', // RFC 4027
}

/** The v2 export: a workbook of every record set but the default SOA and NS. Throws EXPORT_TOO_LARGE. */
export async function exportWorkbook(call: Call, context: Context): Promise<Reply> {
  const { store, settings } = context
  const zone = await findZoneOf(call, store)
  if (zone.recordCount > settings.exportRows) {
    const atApex = await store.recordSetsAt(zone.id, [zone.apex])
    const defaults = atApex.filter((row) => row.isDefault).length
    if (zone.recordCount - defaults > settings.exportRows) throw apiError('EXPORT_TOO_LARGE')
  }
  const language = languageOf(call.query.locale ?? call.headers.get('x-language'))
  return fileReply('xlsx', attachment(zone.name, 'xlsx'), exportRecordSets('xlsx', zone, store, language))
}

/** Our own export, in any format and of any size. */
export async function exportFile(call: Call, context: Context): Promise<Reply> {
  const format = formatOf(call.query)
  const zone = await findZoneOf(call, context.store)
  const pieces = exportRecordSets(format, zone, context.store, fileLanguage(call))
  return fileReply(format, attachment(zone.name, format), pieces)
}

const LANGUAGES: readonly Language[] = ['en-us', 'zh-cn']

/** Language of our own files: English unless asked otherwise. Code: DNS.0002. */
export function fileLanguage({ query }: Call): Language {
  const language = LANGUAGES.find((each) => each === (query.language ?? 'en-us'))
  if (language === undefined) throw badRequest(`The language must be one of ${LANGUAGES.join(', ')}.`)
  return language
}

export const fileReply = (
  format: FileFormat,
  disposition: string,
  pieces: AsyncGenerator<Uint8Array, void>,
): Reply => ({
  status: 200,
  bytes: streamOf(pieces),
  headers: { 'Content-Type': MEDIA_TYPES[format], 'Content-Disposition': disposition },
})

/** Names the file after the zone, without its final dot; a name beyond ASCII is given in the form of RFC 8187 as well. */
export function attachment(zoneName: Zone['name'], extension: string): string {
  const shown = `${zoneName.replace(/\.$/, '') || 'root'}.${extension}`
  const plain = shown.replace(/[^\w.-]/g, '_')
  if (plain === shown) return `attachment; filename="${plain}"`
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(shown)}`
}
