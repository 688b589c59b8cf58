/** A workbook as a user fills it in: the template's columns, one row an item. */
import { headerOf } from '@waymark/control/imports/formats/columns'
import { writeWorkbook } from '@waymark/control/imports/formats/workbook-write'

export async function writeRows(
  items: readonly { name: string; type: string; records: string[] }[],
): Promise<Uint8Array> {
  const columns = (['name', 'type', 'line', 'ttl', 'value'] as const).map((id) => ({
    header: headerOf(id, 'en-us'),
    width: 20,
  }))
  const rows = items.map((item) => [item.name, item.type, 'Default', 300, item.records.join('\n')])
  const parts: Uint8Array[] = []
  for await (const part of writeWorkbook([{ name: 'records', columns, rows }])) parts.push(part)
  return Buffer.concat(parts)
}
