import { describe, expect, test } from 'bun:test'
import { columnsOf } from './columns.ts'
import { csvRow } from './csv-write.ts'
import type { FileFormat, FileItem, FileZone, ReadResult } from './file-item.ts'
import { type ReadOptions, readItems } from './read-items.ts'
import { sheetColumns } from './template.ts'
import { type CellValue, writeWorkbook } from './workbook-write.ts'

const ZONE: FileZone = { name: 'shop.example.', apex: 'shop.example.', zoneType: 'public' }
const PRIVATE: FileZone = { ...ZONE, zoneType: 'private' }
const ALL: ReadOptions = { maxItems: 1_000_000, overLimit: 'refuse' }

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

async function read(
  format: FileFormat,
  input: string | Uint8Array,
  zone = ZONE,
  options = ALL,
): Promise<ReadResult> {
  return readItems(format, typeof input === 'string' ? bytesOf(input) : input, zone, options)
}

async function itemsOf(
  format: FileFormat,
  input: string | Uint8Array,
  zone = ZONE,
): Promise<readonly FileItem[]> {
  const result = await read(format, input, zone)
  if (!result.ok) throw new Error(result.detail)
  return result.items
}

/** What tests compare: place, name, type, values, and the fault where there is one. */
const brief = (item: FileItem): string => {
  const of = 'draft' in item ? item.draft : item.shown
  const fault = 'draft' in item ? '' : ` !${item.failure.code}`
  return `${item.index}@${item.row} ${of.name} ${of.type} ${of.line} ${of.ttl} [${of.records.join('|')}]${fault}`
}
const briefs = async (format: FileFormat, input: string | Uint8Array, zone = ZONE) =>
  (await itemsOf(format, input, zone)).map(brief)

async function sheet(
  header: readonly string[],
  rows: readonly (readonly CellValue[])[],
): Promise<Uint8Array> {
  const columns = header.map((text) => ({ header: text, width: 10 }))
  const pieces: Uint8Array[] = []
  for await (const piece of writeWorkbook([{ name: 'Sheet1', columns, rows }])) pieces.push(piece)
  return new Uint8Array(Buffer.concat(pieces))
}

describe('sheets', () => {
  const HEADER = ['域名', '记录类型', '线路类型', 'TTL值(秒)', '记录值']

  test('rows become drafts: names, blanks, line names and several values', async () => {
    const rows = [
      ['www.shop.example', 'A', '全网默认', 600, '192.0.2.1\n 192.0.2.2 \n'],
      ['', 'TXT', '', '', '"v=spf1 -all"'],
      ['@', 'CAA', 'Default', '300', '0 issue "ca.example"'],
      ['a.b', 'A', '电信_北京', '300.0', '192.0.2.3'],
      ['Shop.Example.', 'NS', 'AP', 60, 'ns1.example.net.'],
      ['www.other.example.', 'A', 'Abroad', 60, '192.0.2.4'],
    ]
    expect(await briefs('xlsx', await sheet(HEADER, rows))).toEqual([
      '0@2 www.shop.example. A default_view 600 [192.0.2.1|192.0.2.2]',
      '1@3 shop.example. TXT default_view 300 ["v=spf1 -all"]',
      '2@4 shop.example. CAA default_view 300 [0 issue "ca.example"]',
      '3@5 a.b.shop.example. A Dianxin_Beijing 300 [192.0.2.3]',
      '4@6 shop.example. NS AP 60 [ns1.example.net.]',
      '5@7 www.other.example. A Abroad 60 [192.0.2.4]',
    ])
  })

  test('a row that cannot be a draft fails alone and shows its cells', async () => {
    const rows = [
      ['a', '', '', '', '192.0.2.1'],
      ['b', 'A', 'Mars', '', '192.0.2.1'],
      ['c', 'A', '', 'five', '192.0.2.1'],
      ['d', 'A', '', 1.5, '192.0.2.1'],
      ['e', 'A', '', '', ''],
    ]
    expect(await briefs('xlsx', await sheet(HEADER, rows))).toEqual([
      '0@2 a.shop.example.  default_view 300 [192.0.2.1] !DNS.0307',
      '1@3 b.shop.example. A Mars 300 [192.0.2.1] !DNS.0806',
      '2@4 c.shop.example. A default_view five [192.0.2.1] !DNS.0303',
      '3@5 d.shop.example. A default_view 1.5 [192.0.2.1] !DNS.0303',
      '4@6 e.shop.example. A default_view 300 []',
    ])
  })

  test('optional columns are read: weight, status, description', async () => {
    const header = [...HEADER, '权重', '状态', '描述']
    const [full, blank, wrong] = await itemsOf(
      'xlsx',
      await sheet(header, [
        ['a', 'A', '', '', '192.0.2.1', 20, 'disable', 'text'],
        ['a', 'A', '', '', '192.0.2.1', '', '', ''],
        ['a', 'A', '', '', '192.0.2.1', 'heavy', '', ''],
      ]),
    )
    expect(full).toMatchObject({ draft: { weight: 20, status: 'DISABLE', description: 'text' } })
    expect(blank).toMatchObject({ draft: { status: 'ENABLE', description: null } })
    expect(blank).toHaveProperty('draft.weight', undefined)
    expect(wrong).toMatchObject({ shown: { weight: 'heavy' }, failure: { code: 'DNS.0323' } })
  })

  test('plain column names are headers too, as in a file written by hand', async () => {
    expect(await briefs('csv', 'name,type,ttl,value\nwww,A,60,192.0.2.1\n')).toEqual([
      '0@2 www.shop.example. A default_view 60 [192.0.2.1]',
    ])
    expect(await briefs('csv', 'Type,Name,Records\nA,www,192.0.2.1\n')).toHaveLength(1)
  })

  test('headers are found in either language, any order and spelling; other columns and blank rows are skipped', async () => {
    const header = ['#', ' VALUE', 'ttl（S）', 'type ', 'domain  name', '错误']
    const rows = [
      ['1', '192.0.2.1', 60, 'A', 'a', 'DNS.0308 …'],
      ['', '', '', '', '', 'a remark only'],
      ['', ' ', '', '', '', ''],
      ['2', '192.0.2.2', '', 'A', 'b', ''],
    ]
    expect(await briefs('xlsx', await sheet(header, rows))).toEqual([
      '0@2 a.shop.example. A default_view 60 [192.0.2.1]',
      '1@5 b.shop.example. A default_view 300 [192.0.2.2]',
    ])
  })

  test('MX rows of one name and line become one item where the first stands', async () => {
    const rows = [
      ['', 'MX', '', 60, '10 mx1.example.net.'],
      ['a', 'A', '', '', '192.0.2.1'],
      ['@', 'MX', '', 90, '20 mx2.example.net.\n10 MX1.example.net'],
      ['', 'MX', 'CN', '', '10 mx1.example.net.'],
    ]
    expect(await briefs('xlsx', await sheet(HEADER, rows))).toEqual([
      '0@2 shop.example. MX default_view 60 [10 mx1.example.net.|20 mx2.example.net.]',
      '1@3 a.shop.example. A default_view 300 [192.0.2.1]',
      '2@5 shop.example. MX CN 300 [10 mx1.example.net.]',
    ])
  })

  test('a private zone has neither line nor weight, and an unknown line is left to the rule for private zones', async () => {
    expect(columnsOf('private')).toEqual(['name', 'type', 'ttl', 'value', 'status', 'description'])
    const bytes = await sheet(HEADER, [['a', 'A', 'Mars', '', '192.0.2.1']])
    expect(await briefs('xlsx', bytes, PRIVATE)).toEqual(['0@2 a.shop.example. A Mars 300 [192.0.2.1]'])
  })

  test('rows over the limit are left out silently or refused, as the door wants it', async () => {
    const bytes = await sheet(
      HEADER,
      Array.from({ length: 7 }, (_, n) => [`h${n}`, 'A', '', '', '192.0.2.1']),
    )
    const cut = await read('xlsx', bytes, ZONE, { maxItems: 5, overLimit: 'ignore' })
    expect(cut).toMatchObject({ ok: true, items: { length: 5 } })
    const refused = await read('xlsx', bytes, ZONE, { maxItems: 5, overLimit: 'refuse' })
    expect(refused).toMatchObject({ ok: false, failure: { code: 'DNS.0326' } })
    expect(await read('xlsx', bytes, ZONE, { maxItems: 7, overLimit: 'refuse' })).toMatchObject({ ok: true })
  })

  test('a file without header or without data is refused as a whole', async () => {
    const noHeader = await sheet(['域名', '记录类型', 'x'], [['a', 'A', '192.0.2.1']])
    expect(await read('xlsx', noHeader)).toMatchObject({ ok: false, failure: { code: 'DNS.1301' } })
    const columns = sheetColumns(columnsOf('public'), 'public', 'en-us').map(({ header }) => header)
    expect(await read('xlsx', await sheet(columns, []))).toMatchObject({
      ok: false,
      failure: { code: 'DNS.1302' },
    })
    expect(await read('csv', '')).toMatchObject({ ok: false, failure: { code: 'DNS.1302' } })
  })
})

describe('CSV', () => {
  const HEADER = 'Domain Name,Type,TTL (s),Value\r\n'

  test('separators, line ends, encodings and marks of real spreadsheets are understood', async () => {
    const expected = [
      '0@2 www.shop.example. A default_view 60 [192.0.2.1]',
      '1@3 a.shop.example. A default_view 300 [192.0.2.2]',
    ]
    const lines = [
      ['域名', '记录类型', 'TTL值(秒)', '记录值'],
      ['www', 'A', '60', '192.0.2.1'],
      ['a', 'A', '', '192.0.2.2'],
    ]
    for (const separator of [',', ';', '\t']) {
      for (const end of ['\r\n', '\n', '\r']) {
        const text = lines.map((cells) => cells.join(separator)).join(end)
        expect(await briefs('csv', text)).toEqual(expected)
        expect(await briefs('csv', `\ufeff${text}${end}${end}`)).toEqual(expected)
        expect(await briefs('csv', new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le')))).toEqual(expected)
      }
    }
    // 域名,记录类型,记录值 in GB18030, as Excel saves CSV on a Chinese Windows.
    const header = Buffer.from('d3f2c3fb2cbcc7c2bcc0e0d0cd2cbcc7c2bcd6b50d0a', 'hex')
    const gb18030 = new Uint8Array(Buffer.concat([header, Buffer.from('a,A,192.0.2.2\r\n')]))
    expect(await briefs('csv', gb18030)).toEqual(['0@2 a.shop.example. A default_view 300 [192.0.2.2]'])
  })

  test('quoted cells hold quotes, separators and line ends; row numbers are those of the file', async () => {
    const text = `${HEADER}a,A,,"192.0.2.1\r\n192.0.2.2"\r\n\r\nb,TXT,,"""x, y"" ""z"""\r\n`
    expect(await briefs('csv', text)).toEqual([
      '0@2 a.shop.example. A default_view 300 [192.0.2.1|192.0.2.2]',
      '1@5 b.shop.example. TXT default_view 300 ["x, y" "z"]',
    ])
  })

  test('what our writer quotes is read back', async () => {
    const cells = ['a', 'TXT', ' 60', '"x;\ty"\n"z"']
    expect(await briefs('csv', HEADER + csvRow(cells))).toEqual([
      '0@2 a.shop.example. TXT default_view 60 ["x;\ty"|"z"]',
    ])
  })

  test('a damaged row fails alone: stray quotes and surplus cells lose no other row', async () => {
    const text = `${HEADER}a,A,,"192.0.2.1\r\nb,A,,192.0.2.2\r\nc,A,,192.0.2.3,extra\r\nd,A,,192.0.2.4,,\r\ne,A,,"x"y\r\nf,A,,192.0.2.6\r\n`
    expect(await briefs('csv', text)).toEqual([
      '0@2 a.shop.example. A default_view 300 ["192.0.2.1] !DNS.0308',
      '1@3 b.shop.example. A default_view 300 [192.0.2.2]',
      '2@4 c.shop.example. A default_view 300 [192.0.2.3] !DNS.0308',
      '3@5 d.shop.example. A default_view 300 [192.0.2.4]',
      '4@6 e.shop.example. A default_view 300 ["x"y] !DNS.0308',
      '5@7 f.shop.example. A default_view 300 [192.0.2.6]',
    ])
    const [first, , third] = await itemsOf('csv', text)
    expect(first).toHaveProperty('failure.message', expect.stringContaining('Line 2: '))
    expect(third).toHaveProperty(
      'failure.message',
      expect.stringContaining('Line 4 has 5 cells, the header has 4.'),
    )
  })

  test('mixed-up quotes on every line are read to the end', async () => {
    const items = await itemsOf('csv', HEADER + 'a,A,,"""x\n'.repeat(20_000))
    expect(items.length).toBeGreaterThan(0)
  })
})

describe('JSON', () => {
  test('a batch body and a bare array are read, names without final dot are prefixes', async () => {
    const list =
      '[{"name":"www","type":"A","records":["192.0.2.1"],"ttl":60},\n{"type":"TXT","records":["\\"x\\""]},{"name":"www.shop.example","type":"A","records":[]}]'
    const expected = [
      '0@1 www.shop.example. A default_view 60 [192.0.2.1]',
      '1@2 shop.example. TXT default_view 300 ["x"]',
      '2@2 www.shop.example.shop.example. A default_view 300 []',
    ]
    expect(await briefs('json', list)).toEqual(expected)
    expect(await briefs('json', `\ufeff{"note":[{}],"recordsets":${list},"x":{"y":null}}\n`)).toEqual(
      expected,
    )
  })

  test('an item with fields of a wrong type fails alone', async () => {
    const items = [
      7,
      { name: 'a' },
      { name: 1, type: 'A', records: ['192.0.2.1'] },
      { type: 'A', records: '192.0.2.1' },
      { type: 'A', records: ['192.0.2.1', 2] },
      { type: 'A' },
      { type: 'A', records: ['192.0.2.1'], ttl: '300' },
      { type: 'A', records: ['192.0.2.1'], weight: 0.5 },
      { type: 'A', records: ['192.0.2.1'], line: '火星' },
      {
        type: 'A',
        records: ['192.0.2.1'],
        line: null,
        ttl: null,
        weight: null,
        status: null,
        description: null,
      },
    ]
    const read = await itemsOf('json', JSON.stringify(items))
    expect(read.map((item) => ('draft' in item ? 'draft' : item.failure.code))).toEqual([
      'DNS.0002',
      'DNS.0307',
      'DNS.0304',
      'DNS.0308',
      'DNS.0308',
      'DNS.0308',
      'DNS.0303',
      'DNS.0323',
      'DNS.1601',
      'draft',
    ])
    expect(read.at(-1)).toMatchObject({
      draft: { line: 'default_view', ttl: 300, weight: null, status: 'ENABLE' },
    })
  })

  test('broken JSON is refused with line and column', async () => {
    const cases: [string, string][] = [
      [
        '{"recordsets":[\n {"type":"A",}\n]}',
        'Line 2, column 14: There is "}" where a quoted key should be.',
      ],
      ['[{"type":"A"}\n{"type":"B"}]', 'Line 2, column 1: There is "{" where a comma or ] should be.'],
      ['[{"type":"A"}', 'Line 1, column 14: The text ends where a comma or ] should be.'],
      ['["a\nb"]', 'Line 1, column 4: A text contains a control character or line end.'],
      ['["\\x"]', 'Line 1, column 3: A backslash begins no known escape.'],
      ['[01]', 'Line 1, column 3: There is "1" where a comma or ] should be.'],
      ['[tru]', 'Line 1, column 2: There is "t" where a value should be.'],
      ['[] []', 'Line 1, column 4: There is "[" where the end should be.'],
      ['{"records":[]}', 'Line 1, column 1: The object has no member "recordsets".'],
      ['{"recordsets":{}}', 'Line 1, column 15: There is "{" where the array of record sets should be.'],
      ['"x"', 'Line 1, column 1: There is "\\"" where the array of record sets should be.'],
      [`${'['.repeat(100)}`, 'Line 1, column 67: The values are nested too deep.'],
    ]
    for (const [text, detail] of cases) {
      expect(await read('json', text)).toMatchObject({
        ok: false,
        detail,
        failure: { code: 'DNS.0002', message: `Invalid request. ${detail}` },
      })
    }
  })

  test('an empty list is refused as an empty file', async () => {
    expect(await read('json', '{"recordsets":[]}')).toMatchObject({
      ok: false,
      failure: { code: 'DNS.1302' },
    })
  })
})

describe('zone files', () => {
  const ORIGIN = '$ORIGIN shop.example.\n$TTL 600\n'

  test('records of one owner and type become one item in the API syntax; SOA and apex NS are left out with notes', async () => {
    const text = `${ORIGIN}@ IN SOA ns1.example.net. h.shop.example. ( 5 7200
 900 1209600 300 )
 NS ns1.example.net.
www A 192.0.2.1
 AAAA 2001:db8::1
WWW 60 A 192.0.2.2
 A 192.0.2.1
@ MX 10 mail
@ TXT "v=spf1" " -all"
eu NS ns1.eu
_sip._tcp SRV 0 5 5060 sip.example.net.
@ CAA 0 issue "ca.example"
x TYPE65280 \\# 2 0102
`
    const result = await read('zone', text)
    expect(result.ok && result.items.map(brief)).toEqual([
      '0@6 www.shop.example. A default_view 60 [192.0.2.1|192.0.2.2]',
      '1@7 www.shop.example. AAAA default_view 600 [2001:db8::1]',
      '2@10 shop.example. MX default_view 600 [10 mail.shop.example.]',
      '3@11 shop.example. TXT default_view 600 ["v=spf1" " -all"]',
      '4@12 eu.shop.example. NS default_view 600 [ns1.eu.shop.example.]',
      '5@13 _sip._tcp.shop.example. SRV default_view 600 [0 5 5060 sip.example.net.]',
      '6@14 shop.example. CAA default_view 600 [0 issue "ca.example"]',
      '7@15 x.shop.example. TYPE65280 default_view 600 [\\# 2 0102]',
    ])
    expect(result.ok && result.notes.map(({ row, text }) => `${row} ${text}`)).toEqual([
      '3 The SOA record of the zone itself was left out: the service has its own.',
      '5 The NS record of the zone itself was left out: the service has its own.',
      '6 The A records of www.shop.example. have different TTLs; the lowest, 60, is used.',
      '6 Of the A records of www.shop.example. some are equal; each is used once.',
    ])
  })

  test('each fault fails alone with its line and column, the records around it are read', async () => {
    const text = `${ORIGIN}a A 192.0.2.999\nb A 192.0.2.1\nc NOPE x\n$INCLUDE other\nd 99999999999 A 192.0.2.1\n`
    expect(await briefs('zone', text)).toEqual([
      '0@3   default_view 300 [a A 192.0.2.999] !DNS.0308',
      '1@4 b.shop.example. A default_view 600 [192.0.2.1]',
      '2@5   default_view 300 [c NOPE x] !DNS.0307',
      '3@6   default_view 300 [$INCLUDE other] !DNS.0308',
      '4@7   default_view 300 [d 99999999999 A 192.0.2.1] !DNS.0303',
    ])
    const [first] = await itemsOf('zone', text)
    expect(first).toHaveProperty('failure.message', expect.stringContaining('Line 3, column 5: '))
  })

  test('TXT that the API has no syntax for fails with the reason; UTF-8 is shown as text', async () => {
    const text = `${ORIGIN}a TXT "say \\"hi\\""\nb TXT "back\\\\slash"\nc TXT "\\228\\184\\173"\nd TXT "\\255"\n`
    expect(await briefs('zone', text)).toEqual([
      '0@3 a.shop.example. TXT default_view 600 ["say \\"hi\\""] !DNS.0308',
      '1@4 b.shop.example. TXT default_view 600 ["back\\\\slash"] !DNS.0308',
      '2@5 c.shop.example. TXT default_view 600 ["中"]',
      '3@6 d.shop.example. TXT default_view 600 ["\\255"] !DNS.0308',
    ])
  })

  test('TXT may hold what the API takes from any other door, tabs and other control characters among it', async () => {
    const text = `${ORIGIN}a TXT "tab\\009here" "\\001"\nb TXT "\\000"\nc TXT "line\\010end"\n`
    expect(await briefs('zone', text)).toEqual([
      '0@3 a.shop.example. TXT default_view 600 ["tab\there" "\u0001"]',
      '1@4 b.shop.example. TXT default_view 600 ["\\000"] !DNS.0308',
      '2@5 c.shop.example. TXT default_view 600 ["line\\010end"] !DNS.0308',
    ])
  })

  test('a file that is not in UTF-8 keeps the octets of its records: none is taken for a character of another encoding', async () => {
    const text = `${ORIGIN}; d\u00e9j\u00e0 vu\na TXT "caf\u00e9"\nb TXT "plain"\nc SPF "caf\u00e9"\n`
    expect(await briefs('zone', new Uint8Array(Buffer.from(text, 'latin1')))).toEqual([
      '0@4 a.shop.example. TXT default_view 600 ["caf\\233"] !DNS.0308',
      '1@5 b.shop.example. TXT default_view 600 ["plain"]',
      '2@6 c.shop.example. SPF default_view 600 ["caf\\233"]',
    ])
  })

  test('records made by signing are left out with one note', async () => {
    const text = `${ORIGIN}a A 192.0.2.1\na NSEC b A\nb NSEC a A\n`
    const result = await read('zone', text)
    expect(result).toMatchObject({ ok: true, items: { length: 1 }, notes: [{ row: 4 }] })
  })
})

describe('long files', () => {
  const COUNT = 30_000
  const files: Record<FileFormat, () => Promise<Uint8Array> | Uint8Array> = {
    xlsx: () =>
      sheet(
        ['Domain Name', 'Type', 'Value'],
        Array.from({ length: COUNT }, (_, n) => [`h${n}`, 'A', '192.0.2.1']),
      ),
    csv: () =>
      bytesOf(
        `Domain Name,Type,Value\n${Array.from({ length: COUNT }, (_, n) => `h${n},A,192.0.2.1\n`).join('')}`,
      ),
    json: () =>
      bytesOf(
        JSON.stringify(
          Array.from({ length: COUNT }, (_, n) => ({ name: `h${n}`, type: 'A', records: ['192.0.2.1'] })),
        ),
      ),
    zone: () => bytesOf(Array.from({ length: COUNT }, (_, n) => `h${n} 60 A 192.0.2.1\n`).join('')),
  }
  for (const [format, make] of Object.entries(files) as [FileFormat, () => Uint8Array][]) {
    test(`other work has its turn again and again while a long ${format} file is read`, async () => {
      const bytes = await make()
      let turns = 0
      const counter = setInterval(() => turns++, 0)
      expect((await itemsOf(format, bytes)).length).toBe(COUNT)
      clearInterval(counter)
      expect(turns).toBeGreaterThan(1)
    })
  }
})
