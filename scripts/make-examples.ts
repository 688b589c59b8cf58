/**
 * Writes the example files of examples/: the same record sets of the zone shop.example. in every format that can be
 * imported, with a few faults on purpose. The same octets every time. With `--check` it writes nothing and fails when a
 * file is not as it would be written.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { columnsOf, headerOf } from '@waymark/control/imports/formats/columns'
import { CSV_START, csvRow } from '@waymark/control/imports/formats/csv-write'
import type { FileZone, Language } from '@waymark/control/imports/formats/file-item'
import { cellsOf, jsonItemOf, type WritableItem } from '@waymark/control/imports/formats/item-writer'
import { recordsSheetName, sheetColumns } from '@waymark/control/imports/formats/template'
import { writeWorkbook } from '@waymark/control/imports/formats/workbook-write'

const FOLDER = fileURLToPath(new URL('../examples/', import.meta.url))
const ZONE: FileZone = { name: 'shop.example.', apex: 'shop.example.', zoneType: 'public' }

type Extra = Partial<Omit<WritableItem, 'name' | 'type' | 'records'>>

/** A record set of the zone; the name is what stands before the zone's. */
const item = (prefix: string, type: string, records: string[], extra: Extra = {}): WritableItem => ({
  name: prefix === '' ? ZONE.name : `${prefix}.${ZONE.name}`,
  type,
  line: 'default_view',
  ttl: 300,
  weight: null,
  records,
  status: 'ENABLE',
  description: null,
  ...extra,
})

const GOOD: readonly WritableItem[] = [
  item('', 'A', ['192.0.2.10', '192.0.2.11'], { description: 'storefront' }),
  item('', 'AAAA', ['2001:db8:10::10']),
  item('', 'MX', ['5 mx1.shop.example.', '10 mx2.shop.example.'], { ttl: 3600 }),
  item('', 'TXT', ['"v=spf1 mx -all"'], { ttl: 3600 }),
  item('', 'CAA', ['0 issue "ca.example"', '0 iodef "mailto:security@shop.example"'], { ttl: 3600 }),
  item('www', 'A', ['192.0.2.10', '192.0.2.11'], { ttl: 600 }),
  item('www', 'A', ['198.51.100.10'], { line: 'Dianxin', ttl: 600, description: 'China Telecom' }),
  item('www', 'A', ['198.51.100.20'], { line: 'Liantong', ttl: 600, description: 'China Unicom' }),
  item('www', 'A', ['198.51.100.30'], { line: 'Dianxin_Beijing', ttl: 600 }),
  item('www', 'A', ['203.0.113.10'], { line: 'Abroad', ttl: 600 }),
  item('www', 'AAAA', ['2001:db8:10::10']),
  item('m', 'CNAME', ['www.shop.example.']),
  item('api', 'A', ['192.0.2.31'], { weight: 3, ttl: 60, description: 'three quarters of the visitors' }),
  item('api', 'A', ['192.0.2.32'], { weight: 1, ttl: 60, description: 'one quarter' }),
  item('cdn', 'CNAME', ['shop.cdn.example.net.'], { ttl: 3600 }),
  item('mx1', 'A', ['192.0.2.25']),
  item('mx2', 'A', ['192.0.2.26']),
  item('_dmarc', 'TXT', ['"v=DMARC1; p=quarantine; rua=mailto:dmarc@shop.example"'], { ttl: 3600 }),
  item('_xmpp-client._tcp', 'SRV', ['0 50 5222 chat.shop.example.']),
  item('chat', 'A', ['192.0.2.52']),
  item('*.img', 'A', ['192.0.2.60', '192.0.2.61']),
  item('eu', 'NS', ['ns1.eu-dns.example.net.', 'ns2.eu-dns.example.net.'], { ttl: 86400 }),
  item('old', 'A', ['192.0.2.99'], { status: 'DISABLE', description: 'paused since the move' }),
]

/** Each fails alone: a duplicate, no IPv4 address, no such line, beside a CNAME, TXT without quotes. */
const FAULTY: readonly WritableItem[] = [
  item('www', 'A', ['192.0.2.10', '192.0.2.11'], { ttl: 600 }),
  item('blog', 'A', ['192.0.2.300']),
  item('go', 'A', ['192.0.2.41'], { line: 'Mars' }),
  item('m', 'A', ['192.0.2.40']),
  item('verify', 'TXT', ['site-verification=4711']),
]

const ITEMS = [...GOOD, ...FAULTY]

async function workbook(language: Language): Promise<Uint8Array> {
  const columns = columnsOf('public')
  const sheet = {
    name: recordsSheetName(language),
    columns: sheetColumns(columns, 'public', language),
    rows: ITEMS.map((each) => cellsOf(each, columns, ZONE, language)),
  }
  const pieces: Uint8Array[] = []
  for await (const piece of writeWorkbook([sheet])) pieces.push(piece)
  return Buffer.concat(pieces)
}

function csv(): string {
  const columns = columnsOf('public')
  const rows = ITEMS.map((each) => csvRow(cellsOf(each, columns, ZONE, 'en-us').map(String)))
  return CSV_START + csvRow(columns.map((id) => headerOf(id, 'en-us'))) + rows.join('')
}

/** The body of batch-create-task: `curl -d @examples/shop.json …`. */
const json = (): string =>
  `{"recordsets":[\n${ITEMS.map((each) => JSON.stringify(jsonItemOf(each))).join(',\n')}\n]}\n`

/** Record sets that a zone file can hold: one line, all of them active. */
function zoneFile(): string {
  const owner = ({ name }: WritableItem): string =>
    name === ZONE.name ? '@' : name.slice(0, -ZONE.name.length - 1)
  const records = GOOD.filter(({ line, status }) => line === 'default_view' && status === 'ENABLE').flatMap(
    (each) =>
      each.records.map(
        (value) =>
          `${owner(each).padEnd(18)} ${String(each.ttl).padEnd(6)} IN ${each.type.padEnd(6)} ${value}`,
      ),
  )
  return `; The zone as another name server would hold it. The five lines at the end are wrong on purpose.
$ORIGIN ${ZONE.name}
$TTL 300
@                  3600   IN SOA    ns1.old-dns.example.net. hostmaster ( 2026030501 7200 900 1209600 300 )
@                  86400  IN NS     ns1.old-dns.example.net.
@                  86400  IN NS     ns2.old-dns.example.net.
${records.join('\n')}
blog                      IN A      192.0.2.300
m                         IN A      192.0.2.40
verify                    IN TXT    "say \\"hello\\""
shop2                     IN APL    1:192.0.2.0/24
www.other.example.        IN A      192.0.2.41
`
}

const files: Record<string, string | Uint8Array> = {
  'shop.zh-cn.xlsx': await workbook('zh-cn'),
  'shop.en-us.xlsx': await workbook('en-us'),
  'shop.csv': csv(),
  'shop.json': json(),
  'shop.zone': zoneFile(),
}

const isCheck = process.argv.includes('--check')
let stale = 0
mkdirSync(FOLDER, { recursive: true })
for (const [name, content] of Object.entries(files)) {
  const path = FOLDER + name
  const wanted = Buffer.from(content as string)
  if (existsSync(path) && readFileSync(path).equals(wanted)) continue
  if (isCheck) {
    console.error(`examples/${name} is stale; run "bun scripts/make-examples.ts" and commit it`)
    stale++
  } else {
    writeFileSync(path, wanted)
    console.log(`wrote examples/${name}`)
  }
}
process.exit(stale === 0 ? 0 : 1)
