/** The nine calls with workbooks, which the catalogue of operations does not have: a template, an export, and its import again. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type ContractLab, openContractLab } from './contract-lab.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const ID = /^[0-9a-f]{32}$/

let lab: ContractLab
let token: string
beforeAll(async () => {
  lab = await openContractLab()
  token = await lab.token()
})
afterAll(() => lab.stop())

const fetched = (path: string, init: RequestInit = {}) =>
  fetch(lab.control.url + path, { ...init, headers: { 'X-Auth-Token': token, ...init.headers } })

async function workbook(path: string): Promise<Uint8Array> {
  const response = await fetched(path)
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, XLSX])
  expect(response.headers.get('Content-Disposition')).toMatch(/^attachment; filename="[\w.-]+\.xlsx"$/)
  const bytes = await response.bytes()
  // A workbook is a ZIP archive.
  expect(new TextDecoder().decode(bytes.slice(0, 2))).toBe('PK')
  return bytes
}

/** The import when it has come to its end. */
async function finished(path: string): Promise<{ readonly status: string }> {
  for (let i = 0; i < 10_000; i++) {
    const { json } = await lab.call('GET', path)
    if (json.data?.status !== 'PENDING') return json
    await Bun.sleep(5)
  }
  throw new Error(`${path} is still PENDING`)
}

describe.each([
  ['public', ''],
  ['private', 'private/'],
])('a %s zone', (kind, infix) => {
  test('has a template in both languages', async () => {
    for (const query of ['', '?locale=zh-cn', '?locale=en-us', '?locale=fr'])
      await workbook(`/v2/templates/import/${infix}recordset${query}`)
  })

  test('is exported, imported again and the task deleted', async () => {
    const zone = kind === 'public' ? await lab.newZone() : await lab.newPrivateZone()
    const set = await lab.newRecordSet(zone)
    const uploads = `/v2/zones/${zone.id}/import/${infix}recordsets`
    const missing = await lab.call('GET', uploads)
    expect([missing.status, missing.json]).toEqual([404, { code: 'DNS.1304', message: 'Invalid task ID.' }])
    const bytes = await workbook(`/v2/zones/${zone.id}/export?locale=en-us`)
    await lab.done('DELETE', `/v2/zones/${zone.id}/recordsets/${set.id}`)

    const form = new FormData()
    form.append('uploadfile', new File([bytes as Uint8Array<ArrayBuffer>], 'zone.xlsx'))
    const sent = await fetched(uploads, { method: 'POST', body: form, headers: { 'X-Language': 'en-us' } })
    expect(sent.status).toBe(202)
    const accepted = await sent.json()
    expect(accepted).toEqual({ task_id: expect.stringMatching(ID) })

    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/)
    expect(await finished(uploads)).toEqual({
      code: 200,
      data: {
        ...{ ...(accepted as object), status: 'DONE', created_at: time, updated_at: time },
        ...{ zone_id: zone.id, zone_type: kind, language: 'en-us' },
        ...{ total_count: 1, success_count: 1, error_count: 0, error_items: [] },
      },
    } as never)
    const { recordsets } = await lab.done('GET', `/v2/zones/${zone.id}/recordsets?type=A`)
    expect(recordsets.map(({ name }: { name: string }) => name)).toEqual([set.name])

    const { task_id } = accepted as { task_id: string }
    const task = `/v2/zones/${zone.id}/import/${infix}tasks/${task_id}`
    const deleted = await lab.call('DELETE', task)
    expect([deleted.status, deleted.json]).toEqual([200, { code: 'DNS.0000', message: 'ok' }])
    const again = await lab.call('DELETE', task)
    expect([again.status, again.json.code]).toEqual([400, 'DNS.1304'])
  })
})
