// needs: python3
/** The official Python SDK, as programs use it, over HTTPS against a whole service: every operation that its client class has. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import {
  CLIENT_TOOLS,
  type ClientService,
  furnish,
  runClient,
  startClientService,
} from '../../support/client-service.ts'

const CLIENT = new URL('./client.py', import.meta.url).pathname

let service: ClientService
beforeAll(async () => {
  service = await startClientService()
}, 120_000)
afterAll(() => service?.stop())

test('every operation of the SDK works, with its typed answers and exceptions', async () => {
  const setup = { ...(await furnish(service)), dnsPort: service.dnsPort }
  const { output, code } = await runClient([`${CLIENT_TOOLS}/python/bin/python`, '-B', CLIENT], {
    HUAWEICLOUD_SDK_AK: service.credentials.access_key!,
    HUAWEICLOUD_SDK_SK: service.credentials.secret_key!,
    HUAWEICLOUD_SDK_REGION_DNS_MY_REGION_1: service.https,
    HUAWEICLOUD_SDK_IAM_ENDPOINT: service.https,
    REQUESTS_CA_BUNDLE: service.authority,
    SETUP: JSON.stringify(setup),
  })
  console.log(output.trimEnd())
  const lines = output.trim().split('\n')
  expect(lines.filter((line) => !line.startsWith('ok   python '))).toEqual([])
  expect(code).toBe(0)
  expect(lines.length).toBeGreaterThan(117)
})
