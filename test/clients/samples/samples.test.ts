// needs: java javac go python3 mvn
/**
 * The sample programs that the API documentation prints for "Querying the Task for Batch Creating Record Sets", as they
 * are: only the region and the id of the zone are put in their places. Where the region is, is said by the environment
 * or by the region file of the SDKs.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CLIENT_TOOLS,
  type ClientService,
  javaTrust,
  REGION,
  runClient,
  startClientService,
} from '../../support/client-service.ts'

const HERE = new URL('.', import.meta.url).pathname

let service: ClientService
/** The programs with their places filled in, compiled where they have to be. */
let folder: string
let zoneId: string
let trustOfJava: string

beforeAll(async () => {
  service = await startClientService()
  folder = mkdtempSync(join(tmpdir(), 'waymark-samples-'))
  trustOfJava = await javaTrust(service)
  zoneId = (await service.call('POST', '/v2/zones', { name: 'example.com' })).json.id
  const existing = { name: 'www.example.com.', type: 'A', records: ['192.168.10.1', '192.168.10.2'] }
  await service.call('POST', `/v2/zones/${zoneId}/recordsets`, existing)
  const recordsets = [existing, { ...existing, name: 'new.example.com.' }]
  await service.call('POST', `/v2.1/zones/${zoneId}/recordsets/batch-create-task`, { recordsets })
}, 120_000)
afterAll(async () => {
  await service?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What the page leaves to its reader. */
const filled = (name: string): string =>
  readFileSync(join(HERE, name), 'utf8').replace('<YOUR REGION>', REGION).replace('{zone_id}', zoneId)

/** The ways to tell an SDK where a region is; the last one is a file in the home folder of the user. */
function whereabouts(): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const home = join(folder, 'home')
  mkdirSync(join(home, '.huaweicloud'), { recursive: true })
  for (const file of [join(folder, 'places.yaml'), join(home, '.huaweicloud/regions.yaml')])
    writeFileSync(file, `DNS:\n  - id: '${REGION}'\n    endpoint: '${service.https}'\n`)
  return {
    'region by environment': { HUAWEICLOUD_SDK_REGION_DNS_MY_REGION_1: service.https },
    'region by file': { HUAWEICLOUD_SDK_REGIONS_FILE: join(folder, 'places.yaml') },
    // Java takes the home folder from the system, not from the environment.
    'region by ~/.huaweicloud/regions.yaml': { HOME: home, JDK_JAVA_OPTIONS: `-Duser.home=${home}` },
  }
}

async function runEveryWay(sample: string, cmd: readonly string[], trust: Readonly<Record<string, string>>) {
  const { access_key, secret_key } = service.credentials
  for (const [way, region] of Object.entries(whereabouts())) {
    const env = {
      CLOUD_SDK_AK: access_key!,
      CLOUD_SDK_SK: secret_key!,
      HUAWEICLOUD_SDK_IAM_ENDPOINT: service.https,
      ...region,
      ...trust,
    }
    const { output, code } = await runClient(cmd, env)
    const flaws = flawsOf(output)
    const isFine = code === 0 && flaws.length === 0
    console.log(
      isFine
        ? `ok   samples ${sample}, ${way}`
        : `FAIL samples ${sample}, ${way}: ended with ${code}, lacks ${flaws}: ${output}`,
    )
    expect(isFine).toBe(true)
  }
}

/** What the printed answer does not show of the task; each language prints it in its own form. */
function flawsOf(output: string): string[] {
  const flat = output.replaceAll(/["'\s_]/g, '').toLowerCase()
  const refusal =
    'Duplicate record set exists. (name: www.example.com., type: A, records: 192.168.10.1, 192.168.10.2).'
  const expected = ['status:DONE', 'totalcount:2', 'successcount:1', 'errorcount:1', 'DNS.0312', refusal]
  return expected.filter((part) => !flat.includes(part.replaceAll(/["'\s_]/g, '').toLowerCase()))
}

test('the Python program', async () => {
  const name = 'show_batch_create_record_sets_task.py'
  writeFileSync(join(folder, name), filled(name))
  const cmd = [join(CLIENT_TOOLS, 'python/bin/python'), join(folder, name)]
  await runEveryWay('Python ShowBatchCreateRecordSetsTask', cmd, { REQUESTS_CA_BUNDLE: service.authority })
})

test('the Java program', async () => {
  const name = 'ShowBatchCreateRecordSetsTaskSolution'
  const classes = join(folder, 'classes')
  writeFileSync(join(folder, `${name}.java`), filled(`${name}.java`))
  const path = [classes, join(CLIENT_TOOLS, 'java/lib/*')].join(':')
  const additions = ['--class-path', path, '--source-path', join(HERE, 'java-additions')]
  const compiled = await runClient(['javac', '-d', classes, ...additions, join(folder, `${name}.java`)], {})
  expect(compiled.code).toBe(0)
  const cmd = ['java', '-cp', path, `com.huaweicloud.sdk.test.${name}`]
  await runEveryWay('Java ShowBatchCreateRecordSetsTask', cmd, { JAVA_TOOL_OPTIONS: trustOfJava })
})

test('the Go program, with the import of "os" that the page forgets', async () => {
  const program = join(folder, 'go')
  mkdirSync(program)
  const source = filled('show_batch_create_record_sets_task.go')
  expect(source).not.toContain('"os"')
  writeFileSync(join(program, 'main.go'), source.replace('"fmt"', '"fmt"\n\t"os"'))
  for (const file of ['go.mod', 'go.sum']) copyFileSync(join(HERE, '../go', file), join(program, file))
  const built = await runClient(['go', 'build', '-o', join(folder, 'sample'), '.'], {}, program)
  expect(built.code).toBe(0)
  await runEveryWay('Go ShowBatchCreateRecordSetsTask', [join(folder, 'sample')], {
    SSL_CERT_FILE: service.authority,
  })
})
