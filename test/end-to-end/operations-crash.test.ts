import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@waymark/control/store/open'
import type { Store, Tenant } from '@waymark/control/store/store'
import { type ControlProcess, fetchToken, startControlProcess } from '../support/control.ts'
import { sleep } from '../support/process.ts'

const ZONES = 6_000
const zone_names = Array.from({ length: ZONES }, (_, n) => `crash${n}.example`)
const dataDir = mkdtempSync(join(tmpdir(), 'waymark-operations-crash-'))
let control: ControlProcess
let headers: Record<string, string>

beforeAll(async () => {
  control = await startControlProcess(dataDir, ['--log-level', 'warn'])
  headers = { 'X-Auth-Token': await fetchToken(control.url, dataDir), 'Content-Type': 'application/json' }
}, 120_000)
afterAll(async () => {
  await control?.kill()
  rmSync(dataDir, { recursive: true, force: true })
})

// biome-ignore lint/suspicious/noExplicitAny: bodies of several shapes
async function call(method: string, path: string, body?: object): Promise<any> {
  const answer = await fetch(control.url + path, { method, headers, body: body && JSON.stringify(body) })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

const show = (id: string) => call('GET', `/v2.1/batch-operation-tasks/${id}`)

/** Submits a task, kills the process whenever more of it is done, so often, and gives the task once it is DONE. */
async function survive(path: string, body: object, kills: number) {
  const { task_id: id } = await call('POST', `/v2.1/operation-task/${path}`, body)
  let done = 0
  let killed = 0
  for (;;) {
    const task = await show(id)
    const now = task.success_count + task.error_count
    if (task.status === 'DONE') return { ...task, killed }
    if (now > done && killed < kills) {
      killed++
      await control.kill()
      control = await startControlProcess(dataDir, ['--log-level', 'warn'])
    }
    done = now
    await sleep(1)
  }
}

async function inStore<T>(look: (store: Store, tenant: Tenant) => Promise<T>): Promise<T> {
  const store = await openStore({ dataDir })
  try {
    const [account] = await store.listAccounts()
    const [project] = await store.listProjects(account!.id)
    return await look(store, { domainId: account!.id, projectId: project!.id })
  } finally {
    await store.close()
  }
}

test('a control plane that is killed in the middle of tasks over many zones does everything once', async () => {
  const zones = await survive('batch-create-zone', { zone_names }, 3)
  expect(zones).toMatchObject({ success_count: ZONES, error_count: 0 })
  const at = { zone_names: [...zone_names, 'gone.example'], type: 'A', records: ['192.0.2.1'] }
  const created = await survive(
    'batch-create-combined-recordset',
    { ...at, recordset_name_prefixes: ['www'] },
    2,
  )
  expect(created).toMatchObject({ success_count: ZONES, error_count: 1 })
  const moved = await survive(
    'batch-update-recordset',
    {
      zone_names,
      filter: { relation: 'OR', conditions: [{ condition: 'host_name', value: 'www' }] },
      update_info: { key: 'host_name', values: ['web', 'm'] },
    },
    2,
  )
  expect(moved).toMatchObject({ success_count: 2 * ZONES, error_count: 0 })
  // Otherwise the kills missed what they are for.
  expect(zones.killed + created.killed + moved.killed).toBeGreaterThan(2)

  await inStore(async (store, tenant) => {
    expect(await store.countZones(tenant, 'public')).toBe(ZONES)
    expect(await store.countRecordSets(tenant)).toBe(2 * ZONES)
    for (const [task, outcomes] of [
      [zones, ZONES],
      [created, ZONES],
      [moved, 2 * ZONES],
    ] as const) {
      const effects = await store.listTaskEffects(task.id)
      expect(effects.map((effect) => effect.index)).toEqual(Array.from({ length: outcomes }, (_, n) => n))
    }
    // Each zone was announced once, and changed once by each of the other two.
    expect((await store.feedBounds()).newest).toBe(3 * ZONES)
    const [zone] = await store.publicZonesAt(['crash4242.example.'])
    expect(zone).toMatchObject({ serial: 3, revision: 3, recordCount: 4 })
  })
}, 120_000)
