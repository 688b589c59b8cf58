import { expect, test } from 'bun:test'
import { strFromU8, unzipSync } from 'fflate'
import type { ZoneType } from '../../store/store.ts'
import { findColumns } from './columns.ts'
import type { Language } from './file-item.ts'
import { readItems } from './read-items.ts'
import { templateWorkbook } from './template.ts'
import { readWorkbook } from './workbook-read.ts'

async function template(zoneType: ZoneType, language: Language): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of templateWorkbook(zoneType, language)) pieces.push(piece)
  return new Uint8Array(Buffer.concat(pieces))
}

const HEADERS: [ZoneType, Language, string[]][] = [
  ['public', 'zh-cn', ['域名', '记录类型', '线路类型', 'TTL值(秒)', '记录值']],
  ['public', 'en-us', ['Domain Name', 'Type', 'Line', 'TTL (s)', 'Value']],
  ['private', 'zh-cn', ['域名', '记录类型', 'TTL值(秒)', '记录值']],
  ['private', 'en-us', ['Domain Name', 'Type', 'TTL (s)', 'Value']],
]

for (const [zoneType, language, headers] of HEADERS) {
  test(`the ${zoneType} template in ${language} has its headers and no data row`, async () => {
    const bytes = await template(zoneType, language)
    const read = await readWorkbook(bytes, 500)
    expect(read).toEqual({ ok: true, rows: [{ row: 1, cells: headers }] })
    expect(read.ok && findColumns(read.rows[0]!)).toBeDefined()
    const zone = { name: 'shop.example.', apex: 'shop.example.', zoneType }
    const items = await readItems('xlsx', bytes, zone, { maxItems: 500, overLimit: 'ignore' })
    expect(items).toMatchObject({ ok: false, failure: { code: 'DNS.1302' } })
  })
}

test('the second sheet explains the columns, and the first offers the types of the zone', async () => {
  const parts = unzipSync(await template('private', 'en-us'))
  expect(strFromU8(parts['xl/workbook.xml']!)).toContain('<sheet name="Hints" sheetId="2"')
  const hints = strFromU8(parts['xl/worksheets/sheet2.xml']!)
  expect(hints).toContain('Blank or @ means the zone itself.')
  expect(hints).not.toContain('Weight')
  const first = strFromU8(parts['xl/worksheets/sheet1.xml']!)
  expect(first).toContain('sqref="B2:B1048576"><formula1>"A,CNAME,AAAA,TXT,MX,SRV,PTR"</formula1>')
})

test('the same template has the same octets', async () => {
  expect(await template('public', 'zh-cn')).toEqual(await template('public', 'zh-cn'))
})
