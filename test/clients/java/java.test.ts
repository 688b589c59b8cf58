// needs: java javac mvn
/** The official Java SDK, as programs use it, over HTTPS against a whole service: every operation that its client class has. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { Glob } from 'bun'
import {
  CLIENT_TOOLS,
  type ClientService,
  furnish,
  javaTrust,
  runClient,
  startClientService,
} from '../../support/client-service.ts'

const SOURCES = new URL('./src/', import.meta.url).pathname

let service: ClientService
beforeAll(async () => {
  service = await startClientService()
}, 120_000)
afterAll(() => service?.stop())

test('every operation of the SDK works, with its typed answers and exceptions', async () => {
  const classes = join(service.dataDir, 'classes')
  const path = `${classes}:${join(CLIENT_TOOLS, 'java/lib/*')}`
  const sources = [...new Glob('*.java').scanSync(SOURCES)].map((name) => join(SOURCES, name))
  const compiled = await runClient(
    ['javac', '-encoding', 'UTF-8', '-d', classes, '-cp', path, ...sources],
    {},
  )
  expect(compiled.code).toBe(0)
  const { output, code } = await runClient(['java', '-cp', path, 'Client'], {
    HUAWEICLOUD_SDK_AK: service.credentials.access_key!,
    HUAWEICLOUD_SDK_SK: service.credentials.secret_key!,
    HUAWEICLOUD_SDK_REGION_DNS_MY_REGION_1: service.https,
    HUAWEICLOUD_SDK_IAM_ENDPOINT: service.https,
    JAVA_TOOL_OPTIONS: `${await javaTrust(service)} -Dfile.encoding=UTF-8`,
    SETUP: JSON.stringify(await furnish(service)),
  })
  process.stdout.write(output)
  const lines = output.trim().split('\n')
  expect(lines.filter((line) => !line.startsWith('ok   java '))).toEqual([])
  expect(code).toBe(0)
  expect(lines.length).toBe(55 + 4)
})
