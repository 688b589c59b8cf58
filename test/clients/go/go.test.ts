// needs: go
/** The official Go SDK: every operation of its DNS client, and what clients of DNS need of the VPC and EIP clients, over HTTPS. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import {
  CLIENT_TOOLS,
  type ClientService,
  REGION,
  runClient,
  startClientService,
} from '../../support/client-service.ts'

let service: ClientService
beforeAll(async () => {
  service = await startClientService()
}, 120_000)
afterAll(() => service?.stop())

test('every operation of the SDK works, with its typed answers and errors', async () => {
  const made = await service.call('POST', '/waymark/v1/accounts', { name: 'neighbour' })
  expect(made.status).toBe(201)
  const other = made.json.credentials
  const { access_key, secret_key, domain_id } = service.credentials
  const { output, code } = await runClient([`${CLIENT_TOOLS}/go/suite`], {
    // Go takes its authorities from here, so the certificate is verified.
    SSL_CERT_FILE: service.authority,
    HUAWEICLOUD_SDK_AK: access_key!,
    HUAWEICLOUD_SDK_SK: secret_key!,
    HUAWEICLOUD_SDK_IAM_ENDPOINT: service.https,
    HUAWEICLOUD_SDK_REGION_DNS_MY_REGION_1: service.https,
    HUAWEICLOUD_SDK_REGION_VPC_MY_REGION_1: service.https,
    HUAWEICLOUD_SDK_REGION_EIP_MY_REGION_1: service.https,
    REGION,
    DOMAIN_ID: domain_id!,
    OTHER_DOMAIN_ID: other.domain_id,
    OTHER_AK: other.access_key,
    OTHER_SK: other.secret_key,
  })
  console.log(output.trimEnd())
  const lines = output.trim().split('\n')
  expect(lines.filter((line) => !line.startsWith('ok   go '))).toEqual([])
  expect(code).toBe(0)
  expect(lines.length).toBeGreaterThan(117)
})
