// needs: postgres
import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@waymark/control/store/open'
import type { Store, Tenant } from '@waymark/control/store/store'
import { OP_ACCOUNT, OP_GROUP, OP_ZONE, OP_ZONE_EMPTIED, OP_ZONE_REMOVED } from '@waymark/dns/feed-codec'
import { TYPE_A } from '@waymark/dns/rr-types/type-codes'
import { type ControlProcess, fetchToken, startControlProcess } from '../support/control.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { sleep } from '../support/process.ts'

/** Chooses the moments of the kills; another value is another test. */
const SEED = 20_260_305
const ITEMS = 10_000
/** Rounds at most, where kills miss what they are for. */
const MAX_ROUNDS = 80

const isBad = (n: number): boolean => n % 97 === 5
/** Every 501st item repeats one of 500 places before, often of another chunk. */
const isRepeat = (n: number): boolean => n > 0 && n % 501 === 0
function item(n: number) {
  if (isRepeat(n)) return item(n - 500)
  return { name: `h${n}`, type: 'A', records: [isBad(n) ? 'no address' : `10.0.${n >> 8}.${n & 255}`] }
}
const INDEXES = Array.from({ length: ITEMS }, (_, n) => n)
const GOOD = INDEXES.filter((n) => !isBad(n) && !isRepeat(n))
const FAILING = INDEXES.filter((n) => isBad(n) || isRepeat(n))
const BODY = JSON.stringify({ recordsets: INDEXES.map(item) })

const folders: string[] = []
const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-crash-'))
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** mulberry32: a small generator with a seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Owners of the A groups in the payloads of a zone's feed entries, in order. */
function publishedOwners(payload: Uint8Array): string[] {
  const owners: string[] = []
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  let at = 0
  while (at < payload.length) {
    const op = payload[at++]!
    if (op === OP_ZONE_REMOVED || op === OP_ZONE_EMPTIED) continue
    const name = payload.subarray(at + 1, at + 1 + payload[at]!)
    at += 1 + name.length
    if (op === OP_ACCOUNT) continue
    if (op === OP_ZONE) {
      at += 2
      for (let left = payload[at++]!; left > 0; left--) at += 1 + payload[at]!
      continue
    }
    if (op !== OP_GROUP) throw new Error(`operation ${op} at ${at}`)
    if (view.getUint16(at) === TYPE_A) owners.push(Buffer.from(name.subarray(1, 1 + name[0]!)).toString())
    at += 2
    at += 1 + payload[at]!
    for (let left = payload[at++]!; left > 0; left--) {
      at += 6
      const values = view.getUint16(at)
      at += 2
      for (let n = 0; n < values; n++) at += 2 + view.getUint16(at)
    }
  }
  return owners
}

/** A control plane that is killed again and again, and the requests that survive it. */
class Crasher {
  readonly #dataDir = makeFolder()
  readonly #args: readonly string[]
  readonly #databaseUrl: string | undefined
  #control: ControlProcess | undefined
  #headers: Record<string, string> = {}
  /** What each kill left behind: the cursor of the PENDING task, undefined where there was none yet or no more. */
  readonly left: (number | undefined)[] = []

  constructor(databaseUrl?: string) {
    this.#databaseUrl = databaseUrl
    const database = databaseUrl === undefined ? [] : ['--database', databaseUrl]
    this.#args = ['--batch-items', String(ITEMS), '--log-level', 'warn', ...database]
  }

  async start(): Promise<void> {
    this.#control = await startControlProcess(this.#dataDir, this.#args)
    if (this.#headers['X-Auth-Token'] === undefined)
      this.#headers = { 'X-Auth-Token': await fetchToken(this.#control.url, this.#dataDir) }
  }

  async kill(): Promise<void> {
    await this.#control?.kill()
  }

  openStore(): Promise<Store> {
    return openStore(
      this.#databaseUrl === undefined ? { dataDir: this.#dataDir } : { databaseUrl: this.#databaseUrl },
    )
  }

  async #pendingCursor(): Promise<number | undefined> {
    const store = await this.openStore()
    try {
      const account = (await store.listAccounts())[0]!
      const tenant: Tenant = { domainId: account.id, projectId: '' }
      return (await store.listTasks(tenant, { status: 'PENDING' }, { limit: 1, offset: 0 })).rows[0]?.cursor
    } finally {
      await store.close()
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: bodies of several shapes
  async call(method: string, path: string, body?: string, headers?: Record<string, string>): Promise<any> {
    const answer = await fetch(this.#control!.url + path, {
      method,
      body,
      headers: { ...this.#headers, 'Content-Type': 'application/json', ...headers },
    })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }

  /** Kills that found a task half done. */
  get halfDone(): number {
    return this.left.filter((cursor) => cursor !== undefined && cursor > 0).length
  }

  /** Submits a task in a fresh zone, kills the process at each of `momentsMs` after (re)starting work, and gives the zone once it is done. */
  async survive(round: number, momentsMs: readonly number[]): Promise<{ zoneId: string; taskId: string }> {
    const zone = await this.call(
      'POST',
      '/v2/zones',
      JSON.stringify({ name: `crash${round}.example.`, zone_type: 'public' }),
    )
    const path = `/v2.1/zones/${zone.id}/recordsets/batch-create-task`
    // The same key makes it one task, whether or not the killed process had already taken it.
    const submit = () => this.call('POST', path, BODY, { 'Idempotency-Key': `round-${round}` })
    let sent: Promise<unknown> = submit().catch(() => undefined)
    for (const moment of momentsMs) {
      await sleep(moment)
      await this.kill()
      await sent
      this.left.push(await this.#pendingCursor())
      await this.start()
      sent = submit().catch(() => undefined)
    }
    await sent
    const { task_id: taskId } = await submit()
    let lastDone = -1
    for (;;) {
      const task = await this.call('GET', `${path}?error_item_limit=0`)
      const done = task.success_count + task.error_count
      expect(task.task_id).toBe(taskId)
      expect(done).toBeGreaterThanOrEqual(lastDone)
      lastDone = done
      if (task.status === 'DONE') return { zoneId: zone.id, taskId }
      await sleep(20)
    }
  }
}

/** Everything that must hold of a finished task, read from the store itself. */
async function expectExactlyOnce(store: Store, zoneId: string, taskId: string): Promise<void> {
  const account = (await store.listAccounts())[0]!
  const tenant: Tenant = { domainId: account.id, projectId: '' }
  const task = (await store.findTask(tenant, taskId))!
  expect([task.totalCount, task.successCount, task.errorCount, task.cursor]).toEqual([
    ITEMS,
    GOOD.length,
    FAILING.length,
    ITEMS,
  ])
  const errors = await store.listTaskErrors(taskId, { limit: ITEMS, offset: 0 })
  expect(errors.map((error) => error.index)).toEqual(FAILING)
  const effects = await store.listTaskEffects(taskId)
  expect(effects.map((effect) => effect.index)).toEqual(GOOD)

  const sets = (await store.recordSetsInOrder(zoneId, undefined, 2 * ITEMS)).filter((set) => !set.isDefault)
  const labels = GOOD.map((n) => `h${n}`).sort()
  expect(sets.map((set) => set.name.split('.')[0]!).sort()).toEqual(labels)
  expect(effects.map((effect) => effect.recordSetId).sort()).toEqual(sets.map((set) => set.id).sort())
  const { rows } = await store.listTasks(tenant, { zoneId }, { limit: 10, offset: 0 })
  expect(rows.map((row) => row.id)).toEqual([taskId])

  const { oldest, newest } = await store.feedBounds()
  const entries = await store.readFeed(oldest - 1, newest - oldest + 2)
  expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_, n) => oldest + n))
  expect(entries.at(-1)!.seq).toBe(newest)
  const ofZone = entries.filter((entry) => entry.zoneId === zoneId)
  expect(ofZone.flatMap((entry) => publishedOwners(entry.payload)).sort()).toEqual(labels)
  const serials = ofZone.map((entry) => entry.serial)
  expect(serials).toEqual(serials.map((_, n) => serials[0]! + n))
}

/** Goes on beyond `rounds` until `halfDone` kills have found a task half done. */
async function crashRounds(crasher: Crasher, rounds: number, halfDone: number, seed: number): Promise<void> {
  const random = randomFrom(seed)
  await crasher.start()
  // Kills come at random times in what a task takes here and now: request, storing, any chunk, or after the end.
  const startedAt = performance.now()
  await crasher.survive(MAX_ROUNDS, [])
  const spanMs = (performance.now() - startedAt) * 1.1
  let store: Store | undefined
  try {
    for (let round = 0; round < rounds || (crasher.halfDone < halfDone && round < MAX_ROUNDS); round++) {
      // Every fourth task meets a second kill, while it is being taken up again.
      const kills = round % 4 === 3 ? 2 : 1
      const moments = Array.from({ length: kills }, () => random() * spanMs)
      const { zoneId, taskId } = await crasher.survive(round, moments)
      store ??= await crasher.openStore()
      await expectExactlyOnce(store, zoneId, taskId).catch((error) => {
        throw new Error(`seed ${seed}, round ${round}, killed after ${moments.join(' and ')} ms`, {
          cause: error,
        })
      })
    }
  } finally {
    await store?.close()
    await crasher.kill()
  }
}

describe('a control plane that is killed at any moment', () => {
  test('has applied every item of its task exactly once after the restart, on SQLite', async () => {
    const crasher = new Crasher()
    await crashRounds(crasher, 20, 3, SEED)
    expect(crasher.halfDone).toBeGreaterThanOrEqual(3)
  }, 400_000)

  test('does so on PostgreSQL, where the lease of the dead process has to end first', async () => {
    const postgres: PostgresServer = await startPostgres()
    try {
      await crashRounds(new Crasher(await postgres.createDatabase()), 4, 0, SEED + 1)
    } finally {
      await postgres.stop()
    }
  }, 180_000)
})
