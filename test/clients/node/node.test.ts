/** The official Node SDK core, as programs use it, over HTTPS against a whole service: every operation of the catalogue. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import catalogue from '../../../packages/control/src/catalogue/operations.json' with { type: 'json' }
import { type ClientService, furnish, runClient, startClientService } from '../../support/client-service.ts'

const CLIENT = new URL('./client.mjs', import.meta.url).pathname

let service: ClientService
beforeAll(async () => {
  service = await startClientService()
}, 120_000)
afterAll(() => service?.stop())

test('every operation of the catalogue works through the SDK', async () => {
  const { output, code } = await runClient(['node', CLIENT], {
    ENDPOINT: service.https,
    HUAWEICLOUD_SDK_AK: service.credentials.access_key!,
    HUAWEICLOUD_SDK_SK: service.credentials.secret_key!,
    NODE_EXTRA_CA_CERTS: service.authority,
    SETUP: JSON.stringify(await furnish(service)),
  })
  // The SDK writes its own log to the same place.
  const lines = output.split('\n').filter((line) => /^(ok {2}|FAIL) node /.test(line))
  console.log(lines.join('\n'))
  expect(lines.filter((line) => line.startsWith('FAIL'))).toEqual([])
  expect(code).toBe(0)
  expect(lines.length).toBe(catalogue.operations.length)
})
