import { writeFileSync } from 'node:fs'
import type { Command } from '../command.ts'
import { EXIT, usageFailure } from '../failures.ts'
import { FORMATS, formatOfName } from '../file-format.ts'
import { getZone } from '../zone-lookup.ts'

export const exportCommand: Command = {
  name: 'export',
  summary: 'Write the record sets of a zone to a file',
  arguments: [{ name: 'ZONE', sentence: 'Name or id of the zone.' }],
  flags: [
    {
      name: 'to',
      takesValue: true,
      placeholder: 'FILE',
      sentence: 'File to write. Default: standard output.',
    },
    {
      name: 'format',
      takesValue: true,
      placeholder: FORMATS.join('|'),
      sentence: 'Default: by the extension of --to, else zone.',
    },
  ],
  examples: [
    ['export example.org', 'a zone file on standard output'],
    ['export example.org --to example.org.xlsx', 'a workbook'],
    ['export example.org --format csv > example.org.csv', 'CSV'],
  ],
  async run({ client, argument, text, print }) {
    const to = text('to')
    const format = text('format') ?? (to === undefined ? 'zone' : formatOfName(to))
    if (format === undefined || !FORMATS.some((name) => name === format)) {
      throw usageFailure(`which format? Give --format ${FORMATS.join('|')}`)
    }
    const zone = await getZone(client, argument('ZONE'))
    const bytes = await client.bytes('GET', `/waymark/v1/zones/${zone.id}/export`, { query: { format } })
    if (to === undefined) {
      await Bun.write(Bun.stdout, bytes)
    } else {
      writeFileSync(to, bytes)
      print(`${zone.name} written to ${to}`)
    }
    return EXIT.ok
  },
}
