/**
 * Single API calls under load, beside PowerDNS's nearest call (SQLite and LMDB), on a zone of 100,000 record sets: show
 * and list, one create, update and delete, and the report of a task with 2,000 faulty items. Interleaved rounds.
 *
 *     npm run bench:api -- [--sets 100000] [--clients 8] [--requests 400] [--rounds 5]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type PowerDns, startPowerDns } from '../test/support/peers.ts'
import { startService } from '../test/support/service.ts'
import { type Load, load, percentile } from './support/http-load.ts'
import { show, spread } from './support/measure.ts'
import { addressOf, ownerOf, random, ZONE } from './support/zone.ts'

const { values: options } = parseArgs({
  options: {
    sets: { type: 'string', default: '100000' },
    clients: { type: 'string', default: '8' },
    requests: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '5' },
  },
})
const SETS = Number(options.sets)
const CLIENTS = Number(options.clients)
const REQUESTS = Number(options.requests)
const ROUNDS = Number(options.rounds)
const FAULTY_ITEMS = 2000
const WAYMARK = 'Waymark'

const folder = mkdtempSync(join(tmpdir(), 'waymark-bench-'))
const service = await startService({
  args: ['--batch-items', String(SETS), '--body-bytes', String(256 << 20), '--account-rate', '0'],
})
const servers = [
  await startPowerDns(join(folder, 'sqlite'), { name: ZONE, file: null }, null, 'gsqlite3'),
  await startPowerDns(join(folder, 'lmdb'), { name: ZONE, file: null }, null, 'lmdb'),
]

async function must(status: number, method: string, path: string, body?: unknown) {
  const answer = await service.call(method, path, body)
  if (answer.status !== status)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.json)}`)
  return answer.json
}

const OF_ZONE = `/api/v1/servers/localhost/zones/${ZONE}`
async function ask(server: PowerDns, path: string, init: RequestInit = {}): Promise<void> {
  const answer = await fetch(server.apiUrl + path, {
    ...init,
    headers: { 'X-API-Key': server.apiKey, 'Content-Type': 'application/json' },
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`PowerDNS ${path}: ${answer.status} ${text}`)
}

/** PowerDNS with SQLite answers 500 to writes that meet: they are sent to it one after the other. */
const lastWrite = new Map<PowerDns, Promise<void>>()
function patchOne(server: PowerDns, changetype: string, owner: string, content: string): Promise<void> {
  const send = (): Promise<void> => patch(server, changetype, [[owner, content]])
  if (server.name !== 'PowerDNS (SQLite)') return send()
  const write = (lastWrite.get(server) ?? Promise.resolve()).then(send)
  lastWrite.set(server, write)
  return write
}

const patch = (server: PowerDns, changetype: string, owners: readonly [string, string][]): Promise<void> =>
  ask(server, OF_ZONE, {
    method: 'PATCH',
    body: JSON.stringify({
      rrsets: owners.map(([name, content]) => ({
        ...{ name, type: 'A', ttl: 300, changetype },
        ...(changetype === 'DELETE' ? {} : { records: [{ content, disabled: false }] }),
      })),
    }),
  })

/** A task whose items are refused one by one is polled until it is done. */
async function batch(zoneId: string, recordsets: unknown[]): Promise<string> {
  const path = `/v2.1/zones/${zoneId}/recordsets/batch-create-task`
  await must(202, 'POST', path, { recordsets })
  for (;;) {
    const task = await must(200, 'GET', `${path}?error_item_limit=0`)
    if (task.status === 'DONE') return path
    await Bun.sleep(20)
  }
}

interface Case {
  readonly name: string
  readonly ours: (request: number) => Promise<unknown>
  readonly peer?: Peer
}

interface Figures {
  readonly rate: number[]
  readonly p99: number[]
}

/** PowerDNS's nearest call. */
interface Peer {
  readonly call: string
  readonly send: (server: PowerDns, request: number) => Promise<void>
  /** A call that takes seconds is sent less often. */
  readonly requests?: number
}

try {
  const zone = await must(202, 'POST', '/v2/zones', { name: ZONE })
  const sets = Array.from({ length: SETS }, (_, i) => [ownerOf(i), addressOf(i)] as [string, string])
  await batch(
    zone.id,
    sets.map(([name, address]) => ({ name: name.slice(0, -ZONE.length - 1), type: 'A', records: [address] })),
  )
  for (const server of servers) {
    for (let from = 0; from < SETS; from += 20_000)
      await patch(server, 'REPLACE', sets.slice(from, from + 20_000))
  }
  const broken = await must(202, 'POST', '/v2/zones', { name: 'faulty.example.' })
  const report = await batch(
    broken.id,
    Array.from({ length: FAULTY_ITEMS }, (_, i) => ({ name: `h${i}`, type: 'A', records: ['300.0.0.1'] })),
  )

  const ofZone = `/v2.1/zones/${zone.id}/recordsets`
  const lastOffset = SETS + 2 - 100
  const ids: string[] = []
  for (let offset = 0; offset < Math.min(SETS, 5000); offset += 500) {
    const page = await must(200, 'GET', `${ofZone}?limit=500&offset=${offset}`)
    ids.push(...page.recordsets.map((set: { id: string }) => set.id))
  }
  const lastPage = await must(200, 'GET', `${ofZone}?limit=1&offset=${lastOffset - 1}`)
  const marker = lastPage.recordsets[0].id
  const next = random(7)
  const any = (): number => Math.floor(next() * SETS)
  const get = (path: string): Promise<unknown> => must(200, 'GET', path)
  // It has no pages: the whole zone is the only list.
  const whole: Peer = { call: 'whole zone', send: (s) => ask(s, OF_ZONE), requests: CLIENTS }
  const search: Peer = {
    call: 'search-data, 100 of the zone',
    send: (s) => ask(s, `/api/v1/servers/localhost/search-data?q=*.${ZONE}&max=100&object_type=record`),
  }
  const find: Peer = {
    call: 'search-data, one name',
    send: (s) =>
      ask(s, `/api/v1/servers/localhost/search-data?q=${ownerOf(any())}&max=100&object_type=record`),
  }
  const reads: Case[] = [
    { name: 'show', ours: () => get(`${ofZone}/${ids[any() % ids.length]}`), peer: find },
    {
      name: 'list by name',
      ours: () => get(`${ofZone}?name=${ownerOf(any())}&search_mode=equal`),
      peer: find,
    },
    { name: 'list, first page', ours: () => get(`${ofZone}?limit=100`), peer: whole },
    { name: 'list, last page by offset', ours: () => get(`${ofZone}?limit=100&offset=${lastOffset}`) },
    { name: 'list, last page by marker', ours: () => get(`${ofZone}?limit=100&marker=${marker}`) },
    { name: 'list type=A, first page', ours: () => get(`${ofZone}?type=A&limit=100`), peer: search },
    {
      name: 'list type=A, last page by offset',
      ours: () => get(`${ofZone}?type=A&limit=100&offset=${lastOffset - 2}`),
      peer: search,
    },
    { name: 'list name contains, first page', ours: () => get(`${ofZone}?name=h&limit=100`), peer: search },
    {
      name: `task with ${FAULTY_ITEMS} faults, all shown`,
      ours: () => get(`${report}?error_item_limit=2000`),
    },
  ]

  const rows = new Map<string, Map<string, Figures>>()
  const note = (call: string, server: string, { rate, latencies }: Load): void => {
    const row = rows.get(call) ?? new Map<string, Figures>()
    rows.set(call, row)
    const figures = row.get(server) ?? { rate: [], p99: [] }
    row.set(server, figures)
    figures.rate.push(rate)
    figures.p99.push(percentile(latencies, 0.99))
    console.error(`${call}, ${server}: ${rate.toFixed(0)}/s`)
  }

  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, ours, peer } of reads) {
      note(name, WAYMARK, await load(CLIENTS, REQUESTS, async (i) => void (await ours(i))))
      if (peer === undefined) continue
      for (const server of servers)
        note(name, server.name, await load(CLIENTS, peer.requests ?? REQUESTS, (i) => peer.send(server, i)))
    }
    const created: string[] = []
    const name = (i: number): string => `w${round}-${i}.${ZONE}`
    const write = async (
      label: string,
      method: string,
      status: number,
      path: (i: number) => string,
      value?: string,
    ) =>
      note(
        label,
        WAYMARK,
        await load(CLIENTS, REQUESTS, async (i) => {
          const body =
            value === undefined ? undefined : { name: name(i), type: 'A', ttl: 300, records: [value] }
          const set = await must(status, method, path(i), body)
          if (method === 'POST') created[i] = set.id
        }),
      )
    await write('create', 'POST', 202, () => ofZone, '192.0.2.1')
    await write('update', 'PUT', 202, (i) => `${ofZone}/${created[i]}`, '192.0.2.2')
    await write('delete', 'DELETE', 202, (i) => `${ofZone}/${created[i]}`)
    for (const server of servers) {
      for (const [label, changetype, value] of [
        ['create', 'REPLACE', '192.0.2.1'],
        ['update', 'REPLACE', '192.0.2.2'],
        ['delete', 'DELETE', ''],
      ] as const) {
        note(
          label,
          server.name,
          // In a zone of this size each takes a second or half of one.
          await load(CLIENTS, 2 * CLIENTS, (i) => patchOne(server, changetype, name(i), value)),
        )
      }
    }
  }
  console.log(
    `${SETS} record sets, ${CLIENTS} clients, ${ROUNDS} rounds of ${REQUESTS} requests; median (lowest–highest)\n`,
  )
  const shown = [WAYMARK, ...servers.map((server) => server.name)]
  console.log(`| call | at PowerDNS | ${shown.map((name) => `${name}: requests/s | p99 ms`).join(' | ')} |`)
  console.log(`|${' --- |'.repeat(2 + 2 * shown.length)}`)
  for (const [call, row] of rows) {
    const peer =
      reads.find(({ name }) => name === call)?.peer?.call ?? (row.size > 1 ? 'PATCH of one rrset' : '')
    const cells = shown.map((name) => {
      const figures = row.get(name)
      return figures === undefined ? ' | ' : `${show(spread(figures.rate), 0)} | ${show(spread(figures.p99))}`
    })
    console.log(`| ${call} | ${peer} | ${cells.join(' | ')} |`)
  }
} finally {
  await service.stop()
  for (const server of servers) await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
