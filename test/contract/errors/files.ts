import { NO_ID } from '../contract-lab.ts'
import { type ErrorCase, type ErrorCases, refusal } from './error-case.ts'

const MIB = 1024 * 1024

/** The upload of a file as a workbook of a new zone. */
const upload = (status: number, how: string, name: string, bytes: Uint8Array): ErrorCase => ({
  ...{ status, how },
  async reach(lab) {
    const { id } = await lab.newZone()
    const form = new FormData()
    form.append('uploadfile', new File([bytes as Uint8Array<ArrayBuffer>], name))
    const headers = { 'X-Auth-Token': await lab.token() }
    const url = `${lab.control.url}/v2/zones/${id}/import/recordsets`
    const response = await fetch(url, { method: 'POST', body: form, headers })
    return { status: response.status, code: ((await response.json()) as { code: string }).code }
  },
})

export const FILE_CASES: ErrorCases = {
  'DNS.0027': upload(413, 'a workbook of more than 2 MiB', 'shop.xlsx', new Uint8Array(2 * MIB + 1)),
  'DNS.1301': upload(400, 'a file that is no workbook', 'shop.xlsx', new TextEncoder().encode('name,type')),
  'DNS.1302': upload(400, 'an empty file', 'shop.xlsx', new Uint8Array()),
  'DNS.1303': upload(400, 'a file of another name', 'shop.xls', new TextEncoder().encode('x')),
  'DNS.1304': refusal(404, 'a task that nothing has', () => ['GET', `/v2.1/batch-operation-tasks/${NO_ID}`]),
  'DNS.1306': refusal(
    400,
    'the export of more rows than there may be',
    async (lab) => {
      const zone = await lab.newZone()
      await lab.newRecordSet(zone)
      return ['GET', `/v2/zones/${zone.id}/export`]
    },
    { exportRows: 0 },
  ),
}
