import { expect, test } from 'bun:test'
import { zipSync } from 'fflate'
import { readWorkbook } from './workbook-read.ts'
import { ZIP_LIMITS } from './zip.ts'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

type Parts = Record<string, string | Uint8Array>

/** The parts of a workbook with one sheet; a test replaces or drops (undefined) what it is about. */
function workbook(
  sheetData: string,
  changes: Record<string, string | Uint8Array | undefined> = {},
): Uint8Array {
  const parts: Record<string, string | Uint8Array | undefined> = {
    '_rels/.rels': `<Relationships><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="One" sheetId="7" r:id="rId3"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels':
      `<Relationships><Relationship Id="rId3" Type="${OFFICE}/worksheet" Target="worksheets/first.xml"/>` +
      `<Relationship Id="rId4" Type="${OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
    'xl/worksheets/first.xml': `<worksheet xmlns="${MAIN}"><sheetData>${sheetData}</sheetData></worksheet>`,
    ...changes,
  }
  const octets: Record<string, Uint8Array> = {}
  for (const [name, part] of Object.entries(parts)) {
    if (part !== undefined) octets[name] = typeof part === 'string' ? new TextEncoder().encode(part) : part
  }
  return zipSync(octets)
}

const sharedStrings = (items: string): Parts => ({
  'xl/sharedStrings.xml': `<sst xmlns="${MAIN}">${items}</sst>`,
})

async function rowsOf(bytes: Uint8Array, maxRows = 500): Promise<(string | number)[][]> {
  const result = await readWorkbook(bytes, maxRows)
  if (!result.ok) throw new Error(`${result.failure.key}: ${result.detail}`)
  return result.rows.map(({ row, cells }) => [row, ...cells])
}

async function refusalOf(bytes: Uint8Array, limits = ZIP_LIMITS): Promise<string> {
  const result = await readWorkbook(bytes, 500, limits)
  return result.ok ? 'read' : `${result.failure.code} ${result.detail}`
}

test('every kind of cell is read as the text a person sees', async () => {
  const cells =
    '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="inlineStr"><is><t>in</t><r><t xml:space="preserve">line </t></r></is></c>' +
    '<c r="C1"><v>300.0</v></c><c r="D1" t="n"><v>3E2</v></c><c r="E1" t="b"><v>1</v></c><c r="F1" t="b"><v>0</v></c>' +
    '<c r="G1" t="str"><f>A1&amp;"x"</f><v>cached &lt;x&gt;</v></c><c r="H1"><f>1/4</f><v>0.25</v></c>' +
    '<c r="I1" t="e"><v>#N/A</v></c><c r="J1" t="d"><v>2026-03-05</v></c><c r="K1" t="str"><f>NOW()</f></c><c r="L1" s="2"/></row>'
  const strings = sharedStrings(
    '<si><t>other</t></si><si><r><t>东</t></r><rPh sb="0" eb="1"><t>ひがし</t></rPh><r><rPr><b/></rPr><t>京_x000D_\n2</t></r><phoneticPr/></si>',
  )
  expect(await rowsOf(workbook(cells, strings))).toEqual([
    [1, '东京\n2', 'inline ', '300', '300', 'TRUE', 'FALSE', 'cached <x>', '0.25', '#N/A', '2026-03-05'],
  ])
})

test('a formula that was never calculated shows itself and is no blank cell, one with an empty result is', async () => {
  const cells =
    '<row r="1"><c r="A1"><f>A2&amp;"x"</f><v/></c><c r="B1"><f t="shared" si="0"/><v></v></c>' +
    '<c r="C1" t="str"><f>""</f><v></v></c><c r="D1"><v>1</v></c></row><row r="2"><c r="A2" t="str"><f>""</f></c></row>'
  expect(await rowsOf(workbook(cells))).toEqual([[1, '=A2&"x"', '=', '', '1']])
})

test('rows and cells without reference follow the one before, rows out of order are put in order', async () => {
  const n = (value: number) => `<c><v>${value}</v></c>`
  expect(
    await rowsOf(workbook(`<row>${n(1)}${n(2)}</row><row r="5">${n(3)}</row><row>${n(4)}</row>`)),
  ).toEqual([
    [1, '1', '2'],
    [5, '3'],
    [6, '4'],
  ])
  const shuffled = `<row r="3"><c r="C3"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>`
  expect(await rowsOf(workbook(shuffled))).toEqual([
    [1, '1'],
    [3, '', '', '3'],
  ])
})

test('a strict workbook, prefixed elements and UTF-16 parts are read', async () => {
  const strict = 'http://purl.oclc.org/ooxml'
  const sheet = `\ufeff<x:worksheet xmlns:x="${strict}/spreadsheetml/main"><x:sheetData><x:row r="2"><x:c r="B2"><x:v>9</x:v></x:c></x:row></x:sheetData></x:worksheet>`
  const bytes = workbook('', {
    '_rels/.rels': `<Relationships><Relationship Id="a" Type="${strict}/officeDocument/relationships/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId3" Type="${strict}/officeDocument/relationships/worksheet" Target="../xl/worksheets/first.xml"/></Relationships>`,
    'xl/worksheets/first.xml': new Uint8Array(Buffer.from(sheet, 'utf16le')),
  })
  expect(await rowsOf(bytes)).toEqual([[2, '', '9']])
})

test('the first worksheet in workbook order is read, not the first file, not a chart sheet', async () => {
  const bytes = workbook('<row r="1"><c r="A1"><v>2</v></c></row>', {
    'xl/workbook.xml': `<workbook xmlns:r="${OFFICE}"><sheets><sheet name="c" sheetId="1" r:id="rId1"/><sheet name="b" sheetId="2" r:id="rId2"/><sheet name="a" sheetId="3" r:id="rId3"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels':
      `<Relationships><Relationship Id="rId3" Type="${OFFICE}/worksheet" Target="worksheets/first.xml"/>` +
      `<Relationship Id="rId1" Type="${OFFICE}/chartsheet" Target="chartsheets/sheet1.xml"/>` +
      `<Relationship Id="rId2" Type="${OFFICE}/worksheet" Target="worksheets/zz.xml"/></Relationships>`,
    'xl/worksheets/zz.xml': '<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>',
  })
  expect(await rowsOf(bytes)).toEqual([[1, '1']])
})

test('external parts are not followed and what is no content is passed over', async () => {
  const sheet =
    '<worksheet><sheetPr><tabColor rgb="FF0000"/></sheetPr><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>' +
    '<hyperlinks><hyperlink ref="A1" r:id="rId1"/></hyperlinks><oddHeader>text</oddHeader></worksheet>'
  const bytes = workbook('', {
    'xl/worksheets/first.xml': sheet,
    'xl/worksheets/_rels/first.xml.rels': `<Relationships><Relationship Id="rId1" TargetMode="External" Type="${OFFICE}/hyperlink" Target="http://192.0.2.1/"/></Relationships>`,
  })
  expect(await rowsOf(bytes)).toEqual([[1, '1']])
  const external = `<Relationships><Relationship Id="rId3" TargetMode="External" Type="${OFFICE}/worksheet" Target="http://192.0.2.1/x.xml"/></Relationships>`
  expect(await refusalOf(workbook('', { 'xl/_rels/workbook.xml.rels': external }))).toContain('no worksheet')
})

test('reading stops after the wanted rows: what follows is not even unpacked', async () => {
  const rows = Array.from(
    { length: 100_000 },
    (_, n) => `<row r="${n + 1}"><c r="A${n + 1}"><v>${n}</v></c></row>`,
  )
  const broken = `${rows.join('')}<no end`
  expect(await rowsOf(workbook(broken), 2)).toEqual([
    [1, '0'],
    [2, '1'],
    [3, '2'],
  ])
  expect(await refusalOf(workbook(`<row r="1"><c><v>1</v></c></row><no end`))).toContain('DNS.1301')
})

test('a hundred thousand empty formatted rows between data cost time, not memory or data', async () => {
  const empty = Array.from(
    { length: 100_000 },
    (_, n) => `<row r="${n + 2}" s="1" customFormat="1"><c r="A${n + 2}" s="1"/></row>`,
  )
  const cell = (row: number) => `<row r="${row}"><c r="A${row}"><v>${row}</v></c></row>`
  expect(await rowsOf(workbook(cell(1) + empty.join('') + cell(400_000)))).toEqual([
    [1, '1'],
    [400_000, '400000'],
  ])
})

test('of a huge table of texts only those in use are kept, and one that is missing is a fault', async () => {
  const many = Array.from({ length: 50_000 }, (_, n) => `<si><t>text ${n}</t></si>`).join('')
  const cell = '<row r="1"><c r="A1" t="s"><v>49999</v></c></row>'
  expect(await rowsOf(workbook(cell, sharedStrings(many)))).toEqual([[1, 'text 49999']])
  expect(await refusalOf(workbook(cell, sharedStrings('<si><t>0</t></si>')))).toContain('does not have')
  expect(await refusalOf(workbook(cell))).toContain('texts of the workbook are missing')
})

test('a sheet that unpacks beyond the limit is refused', async () => {
  const bomb = Buffer.alloc(24 * 1024 * 1024, '<worksheet>')
  const bytes = workbook('', { 'xl/worksheets/first.xml': bomb })
  expect(await refusalOf(bytes)).toContain('packed more than')
})

test('an entity bomb is refused', async () => {
  const sheet =
    '<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>'
  expect(await refusalOf(workbook('', { 'xl/worksheets/first.xml': sheet }))).toBe(
    'DNS.1301 Document type declarations are not accepted.',
  )
})

test('what is no workbook is refused with the reason', async () => {
  const ole = new Uint8Array(4096)
  ole.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
  expect(await refusalOf(ole)).toContain('old .xls workbook or an encrypted one')
  expect(await refusalOf(new TextEncoder().encode('域名,记录类型,记录值'))).toContain('DNS.1301')
  expect(await refusalOf(zipSync({ 'readme.txt': new Uint8Array(3) }))).toBe(
    'DNS.1301 The file is no workbook.',
  )
  expect(await refusalOf(workbook('', { 'xl/worksheets/first.xml': undefined }))).toContain('no worksheet')
  expect(await refusalOf(workbook('').slice(0, 500))).toContain('DNS.1301')
  expect(
    await refusalOf(workbook('', { 'xl/worksheets/first.xml': new Uint8Array([0x3c, 0x61, 0xff, 0x3e]) })),
  ).toContain('no valid text')
  expect(await refusalOf(new Uint8Array(0))).toContain('DNS.1302')
  expect(await refusalOf(workbook('<row r="1"/>'))).toContain('DNS.1302')
})
