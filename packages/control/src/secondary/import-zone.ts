import { parseName } from '@waymark/dns/name'
import { formatZoneFile } from '@waymark/dns/zone-file/format'
import type { Context } from '../context.ts'
import { ApiError, failure } from '../errors.ts'
import type { Call, Reply } from '../http/route.ts'
import { findZoneOf } from '../imports/file-params.ts'
import { readItems } from '../imports/formats/read-items.ts'
import { readRepeat } from '../tasks/repeat.ts'
import { readMembers } from '../zones/zone-input.ts'
import { ASK_LIMITS, askZone, TransferError } from './ask-primary.ts'
import { findTsigKey } from './find-key.ts'
import { formatPrimary, readPrimary } from './primaries.ts'

/** Remarks of the reader that a task keeps. */
const NOTES_KEPT = 100

/**
 * Takes over the records of a zone from another server, once: what AXFR gives goes the way of a zone file, with a verdict for each
 * record set. Codes: those of a file import; WAYMARK.0801 where the server does not give the zone.
 */
export async function importTransfer(call: Call, context: Context): Promise<Reply> {
  const { settings, store, tasks } = context
  const primary = readPrimary(readMembers(call.body).primary)
  const zone = await findZoneOf(call, store)
  const apex = parseName(zone.apex)
  if (!apex.ok) throw new Error(`The stored name ${zone.apex} cannot be read.`)
  const key = primary.key === null ? undefined : await findTsigKey(context, primary.key)
  const give = (reason: string) =>
    new ApiError(failure('TRANSFER_FAILED', { primary: formatPrimary(primary), reason }))
  if (primary.key !== null && key === undefined) throw give(`There is no TSIG key ${primary.key} here.`)
  const { host, port } = primary
  const transfer = await askZone({ host, port, key }, apex.value, undefined, ASK_LIMITS).catch((error) => {
    throw error instanceof TransferError ? give(error.message) : error
  })
  if (transfer.kind !== 'whole') throw new Error('A request for the whole zone was answered otherwise.')
  const text = new TextEncoder().encode(formatZoneFile(transfer.records, { origin: apex.value }))
  const read = await readItems('zone', text, zone, { maxItems: settings.fileItems, overLimit: 'refuse' })
  if (!read.ok) throw new ApiError(read.failure)
  const notes = read.notes.slice(0, NOTES_KEPT)
  const task = await tasks.submit(call.tenant, {
    kind: 'import_file',
    zoneId: zone.id,
    items: read.items,
    params: { format: 'zone', fileName: `AXFR ${formatPrimary(primary)} serial ${transfer.serial}`, notes },
    createdBy: call.principal.userId,
    repeat: readRepeat(call.headers, 'import_file', zone.id, 'zone', text),
  })
  return { status: 202, json: { task_id: task.id, total_count: task.totalCount, notes } }
}
