import { afterEach, describe, expect, test } from 'bun:test'
import { ApiError } from '../errors.ts'
import type { Reply } from '../http/route.ts'
import type { Zone, ZoneType } from '../store/store.ts'
import { openTestBed, TENANT, type TestBed, type TestBedOptions } from '../tasks/testing.ts'
import { readWorkbook } from './formats/workbook-read.ts'
import { writeWorkbook } from './formats/workbook-write.ts'
import { importRoutes } from './routes.ts'
import { ImportEnvelope } from './schemas.ts'
import { collect } from './stream.ts'

let bed: TestBed
afterEach(() => bed.close())

async function open(options?: TestBedOptions): Promise<void> {
  bed = await openTestBed(options)
  bed.engine.start()
}

type Cell = string | number
const PUBLIC = ['Domain Name', 'Type', 'Line', 'TTL (s)', 'Value']

const sheet = (header: readonly string[], rows: readonly Cell[][]): Promise<Uint8Array> =>
  collect(
    writeWorkbook([
      { name: 'Record Sets', columns: header.map((text) => ({ header: text, width: 10 })), rows },
    ]),
  )

const uploads = (zone: Zone, type: ZoneType = 'public'): string =>
  `/v2/zones/${zone.id}/import/${type === 'private' ? 'private/' : ''}recordsets`

async function upload(zone: Zone, bytes: Uint8Array, type?: ZoneType, name = 'shop.xlsx'): Promise<string> {
  const body = { uploadfile: { name, bytes } }
  const reply = await bed.call(importRoutes, 'POST', uploads(zone, type), {
    body,
    headers: { 'X-Language': 'en-us' },
  })
  expect(reply.status).toBe(202)
  return ('json' in reply ? (reply.json as { task_id: string }) : undefined)!.task_id
}

async function show(zone: Zone, type?: ZoneType) {
  const reply = await bed.call(importRoutes, 'GET', uploads(zone, type))
  return ImportEnvelope.parse('json' in reply ? reply.json : undefined)
}

async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason) => reason,
  )
  if (!(error instanceof ApiError)) throw error ?? new Error('was accepted')
  return `${error.failure.status} ${error.message}`
}

async function octets(reply: Reply): Promise<Uint8Array> {
  if (!('bytes' in reply)) throw new Error('no octets')
  return new Response(reply.bytes as Bun.BodyInit).bytes()
}

describe('an Excel import', () => {
  test('reports failed rows in the documented envelope, with texts where numbers are', async () => {
    await open()
    const zone = await bed.createZone('shop.example.')
    const id = await upload(
      zone,
      await sheet(PUBLIC, [
        ['www.shop.example', 'A', 'Default', 600, '192.0.2.10\n192.0.2.11'],
        ['m.shop.example', 'A', 'Mars', '', '192.0.2.40\n192.0.2.41'],
      ]),
    )
    const task = await bed.finished(id)
    expect(await show(zone)).toEqual({
      code: 200,
      data: {
        task_id: id,
        status: 'DONE',
        created_at: new Date(task.createdAt).toISOString().slice(0, -1),
        updated_at: new Date(task.updatedAt).toISOString().slice(0, -1),
        zone_id: zone.id,
        zone_type: 'public',
        language: 'en-us',
        total_count: 2,
        success_count: 1,
        error_count: 1,
        error_items: [
          {
            name: 'm.shop.example.',
            type: 'A',
            line: 'Mars',
            ttl: '300',
            value: ['192.0.2.40', '192.0.2.41'],
            error_code: 'DNS.0806',
            error_message: 'This line is not be supported in this DNS version.',
          },
        ],
      },
    })
    expect((await bed.recordSets(zone)).map(({ name, ttl, records }) => ({ name, ttl, records }))).toEqual([
      { name: 'www.shop.example.', ttl: 600, records: ['192.0.2.10', '192.0.2.11'] },
    ])
  })

  test('shows weights of failed rows where the file has some', async () => {
    await open()
    const zone = await bed.createZone('shop.example.')
    const bytes = await sheet(
      [...PUBLIC, 'Weight'],
      [
        ['a', 'A', '', '', 'bad', 5],
        ['b', 'A', '', '', 'bad', ''],
      ],
    )
    await bed.finished(await upload(zone, bytes))
    expect((await show(zone)).data.error_items.map((item) => item.weight)).toEqual(['5', '1'])
  })

  test('takes the first 500 rows and says nothing of the rest', async () => {
    await open()
    const zone = await bed.createZone('shop.example.')
    const rows = Array.from({ length: 503 }, (_, n) => [`h${n}`, 'A', '', '', '192.0.2.1'])
    await bed.finished(await upload(zone, await sheet(PUBLIC, rows)))
    expect((await show(zone)).data).toMatchObject({ total_count: 500, success_count: 500, error_items: [] })
  })

  test('has paths of its own for private zones', async () => {
    await open()
    const zone = await bed.createZone('corp.internal.', 'private')
    const bytes = await sheet(['Domain Name', 'Type', 'TTL (s)', 'Value'], [['db', 'A', 60, '192.0.2.1']])
    await bed.finished(await upload(zone, bytes, 'private'))
    expect((await show(zone, 'private')).data).toMatchObject({ zone_type: 'private', success_count: 1 })
    expect(await refusal(show(zone))).toBe('400 DNS.0204 Invalid zone type.')
    expect(await refusal(upload(zone, bytes))).toBe('400 DNS.0204 Invalid zone type.')
  })

  test('replaces a finished one, and is refused beside a PENDING one or a PENDING batch task', async () => {
    await open()
    const zone = await bed.createZone('shop.example.')
    const bytes = await sheet(PUBLIC, [['www', 'A', '', '', '192.0.2.1']])
    await bed.finished(await upload(zone, bytes))
    const second = await upload(zone, bytes)
    await bed.finished(second)
    expect((await show(zone)).data.task_id).toBe(second)
    await bed.engine.stop()
    await upload(zone, bytes)
    expect(await refusal(upload(zone, bytes))).toStartWith('409 DNS.0021')
  })

  test('can be deleted by its id only', async () => {
    await open()
    const zone = await bed.createZone('shop.example.')
    const id = await upload(zone, await sheet(PUBLIC, [['www', 'A', '', '', '192.0.2.1']]))
    await bed.finished(id)
    const remove = (task: string) =>
      bed.call(importRoutes, 'DELETE', `/v2/zones/${zone.id}/import/tasks/${task}`)
    expect(await refusal(remove('0'.repeat(32)))).toBe('400 DNS.1304 Invalid task ID.')
    expect(await remove(id)).toEqual({ status: 200, json: { code: 'DNS.0000', message: 'ok' } })
    expect(await refusal(remove(id))).toBe('400 DNS.1304 Invalid task ID.')
    expect(await refusal(show(zone))).toBe('404 DNS.1304 Invalid task ID.')
    expect((await bed.recordSets(zone)).length).toBe(1)
  })

  test('is refused for a faulty upload, in the order of the documentation', async () => {
    await open({ settings: { importBytes: 20_000 } })
    const zone = await bed.createZone('shop.example.')
    const nowhere = { ...zone, id: '0'.repeat(32) }
    const noXlsx = new TextEncoder().encode('no workbook')
    const post = (body: object) => bed.call(importRoutes, 'POST', uploads(zone), { body })
    expect(await refusal(upload(zone, new Uint8Array(20_001), 'public', 'a.xls'))).toBe(
      '413 DNS.0027 Warning: upload file too large.',
    )
    expect(await refusal(upload(nowhere, noXlsx, 'public', 'a.xls'))).toBe(
      '400 DNS.1303 Only .xlsx files are supported.',
    )
    expect(await refusal(post({}))).toBe('400 DNS.1302 Empty upload file.')
    expect(await refusal(upload(zone, new Uint8Array()))).toBe('400 DNS.1302 Empty upload file.')
    expect(await refusal(upload(zone, await sheet(PUBLIC, [])))).toBe('400 DNS.1302 Empty upload file.')
    expect(await refusal(upload(zone, noXlsx))).toBe('400 DNS.1301 Failed to parse this upload file.')
    expect(await refusal(upload(zone, await sheet(['A', 'B'], [['1', '2']])))).toBe(
      '400 DNS.1301 Failed to parse this upload file.',
    )
    expect(await refusal(upload(nowhere, await sheet(PUBLIC, [['www', 'A', '', '', '192.0.2.1']])))).toBe(
      '404 DNS.0302 This zone does not exist.',
    )
    expect((await bed.store.listTasks(TENANT, {}, { limit: 1, offset: 0 })).total).toBe(0)
  })
})

test('the template has the headers of its zone type and language and no data row', async () => {
  await open()
  const headers = async (path: string): Promise<readonly string[]> => {
    const reply = await bed.call(importRoutes, 'GET', path)
    expect(reply.headers).toEqual({
      'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'Content-Disposition': 'attachment; filename="template.xlsx"',
    })
    const book = await readWorkbook(await octets(reply), 10)
    if (!book.ok) throw new Error(book.detail)
    expect(book.rows.length).toBe(1)
    return book.rows[0]!.cells
  }
  expect(await headers('/v2/templates/import/recordset')).toEqual([
    '域名',
    '记录类型',
    '线路类型',
    'TTL值(秒)',
    '记录值',
  ])
  expect(await headers('/v2/templates/import/recordset?locale=en-us')).toEqual(PUBLIC)
  expect(await headers('/v2/templates/import/private/recordset?locale=en-us')).toEqual([
    'Domain Name',
    'Type',
    'TTL (s)',
    'Value',
  ])
})

describe('the export', () => {
  test('can be imported into another zone of the name again', async () => {
    await open()
    const zone = await bed.createZone('shop.example.')
    const bytes = await sheet(
      [...PUBLIC, 'Weight', 'Status', 'Description'],
      [
        ['www', 'A', 'Default', 600, '192.0.2.10\n192.0.2.11', 3, 'DISABLE', 'front'],
        ['', 'TXT', '', '', '"v=spf1 -all"', '', '', ''],
      ],
    )
    expect((await bed.finished(await upload(zone, bytes))).successCount).toBe(2)
    const reply = await bed.call(importRoutes, 'GET', `/v2/zones/${zone.id}/export?locale=en-us`)
    expect(reply.headers?.['Content-Disposition']).toBe('attachment; filename="shop.example.xlsx"')
    const exported = await octets(reply)
    const before = await bed.recordSets(zone)
    await bed.store.transaction((tx) => tx.removeZone(zone.id))
    const again = await bed.createZone('shop.example.')
    expect((await bed.finished(await upload(again, exported))).errorCount).toBe(0)
    const compared = (set: (typeof before)[number]) => ({ ...set, id: '', zoneId: '', createdAt: 0 })
    expect((await bed.recordSets(again)).map(compared)).toEqual(before.map(compared))
  })

  test('is refused above the limit of rows, where default sets do not count', async () => {
    await open({ settings: { exportRows: 2 } })
    const zone = await bed.createZone('shop.example.')
    const add = async (label: string): Promise<void> => {
      await bed.finished(await upload(zone, await sheet(PUBLIC, [[label, 'A', '', '', '192.0.2.1']])))
    }
    const get = () => bed.call(importRoutes, 'GET', `/v2/zones/${zone.id}/export`)
    await add('a')
    await add('b')
    expect((await get()).status).toBe(200)
    await add('c')
    expect(await refusal(get())).toBe('400 DNS.1306 Stop export: too many row exceed max limit.')
  })
})
