/**
 * From a change to its first right answer over DNS: one record set is created, updated and deleted again, in a zone of many. Counted from
 * sending the request and from its acknowledgement (202), which does not wait for the edge here (--answer-wait 0). PowerDNS takes
 * the same as API PATCHes. Asked once a millisecond. A round ends after
 * --seconds, however many changes it had.
 *
 *     npm run bench:visible -- [--sets 100000] [--changes 300] [--rounds 3] [--seconds 20] [--only waymark,gsqlite3,lmdb]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPowerDns } from '../test/support/peers.ts'
import { startService } from '../test/support/service.ts'
import { FILL_ARGUMENTS, fillZone, must } from './support/fill-zone.ts'
import { addressIn, firstAnswer } from './support/first-answer.ts'
import { percentile } from './support/http-load.ts'
import { show, spread } from './support/measure.ts'
import { addressOf, ownerOf, ZONE } from './support/zone.ts'

const { values: options } = parseArgs({
  options: {
    sets: { type: 'string', default: '100000' },
    changes: { type: 'string', default: '300' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '20' },
    only: { type: 'string', default: 'waymark,gsqlite3,lmdb' },
  },
})
const sets = Number(options.sets)
const changes = Number(options.changes)
const rounds = Number(options.rounds)
const seconds = Number(options.seconds)
const BEFORE = '192.0.2.1'
const AFTER = '192.0.2.2'

/** A server and its way to change one address record; `call` resolves when the change is acknowledged. */
interface Changed {
  readonly name: string
  readonly port: number
  readonly call: (change: 'create' | 'update' | 'delete', name: string) => Promise<void>
  readonly stop: () => Promise<void>
}

async function startWaymark(): Promise<Changed> {
  const service = await startService({
    args: ['--answer-wait', '0', ...FILL_ARGUMENTS],
  })
  const zone = await must(service, 202, 'POST', '/v2/zones', { name: ZONE })
  await fillZone(service, zone, sets)
  const path = `/v2/zones/${zone.id}/recordsets`
  let id = ''
  return {
    name: 'Waymark',
    port: service.dnsPort,
    call: async (change, name) => {
      const body = { name, type: 'A', ttl: 300, records: [change === 'create' ? BEFORE : AFTER] }
      if (change === 'create') id = (await must(service, 202, 'POST', path, body)).id
      else if (change === 'update') await must(service, 202, 'PUT', `${path}/${id}`, body)
      else await must(service, 202, 'DELETE', `${path}/${id}`)
    },
    stop: service.stop,
  }
}

/** Asked while it makes a change, it keeps the answer from before for 20 seconds in these. */
const NO_CACHES = ['cache-ttl=0', 'query-cache-ttl=0', 'negquery-cache-ttl=0']

async function startPeer(folder: string, backend: 'gsqlite3' | 'lmdb'): Promise<Changed> {
  const server = await startPowerDns(
    join(folder, backend),
    { name: ZONE, file: null },
    null,
    backend,
    NO_CACHES,
  )
  const url = `${server.apiUrl}/api/v1/servers/localhost/zones/${ZONE}`
  const patch = async (rrsets: unknown[]) => {
    const response = await fetch(url, {
      method: 'PATCH',
      headers: { 'X-API-Key': server.apiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({ rrsets }),
    })
    if (response.status !== 204) throw new Error(`PATCH: ${response.status} ${await response.text()}`)
  }
  const replace = (name: string, content: string) => ({
    ...{ name, type: 'A', ttl: 300, changetype: 'REPLACE' },
    records: [{ content, disabled: false }],
  })
  await patch(Array.from({ length: sets }, (_, i) => replace(ownerOf(i), addressOf(i))))
  return {
    name: server.name,
    port: server.port,
    call: (change, name) =>
      change === 'delete'
        ? patch([{ name, type: 'A', changetype: 'DELETE' }])
        : patch([replace(name, change === 'create' ? BEFORE : AFTER)]),
    stop: server.stop,
  }
}

const CHANGES = [
  { change: 'create', isRight: (reply: Buffer) => addressIn(reply) === BEFORE },
  { change: 'update', isRight: (reply: Buffer) => addressIn(reply) === AFTER },
  { change: 'delete', isRight: (reply: Buffer) => reply.readUInt16BE(6) === 0 },
] as const

interface Times {
  readonly sinceSent: number[]
  readonly sinceAcknowledged: number[]
}

async function measure(server: Changed, round: number): Promise<Times[]> {
  const times = CHANGES.map((): Times => ({ sinceSent: [], sinceAcknowledged: [] }))
  const end = performance.now() + seconds * 1000
  for (let i = 0; i < changes && performance.now() < end; i++) {
    const name = `new-${round}-${i}.${ZONE}`
    for (const [k, { change, isRight }] of CHANGES.entries()) {
      const answered = firstAnswer(server.port, name, isRight)
      const sentAt = performance.now()
      await server.call(change, name)
      const acknowledgedAt = performance.now()
      const answeredAt = await answered
      times[k]!.sinceSent.push(answeredAt - sentAt)
      // The edge may be there before the caller has heard of it.
      times[k]!.sinceAcknowledged.push(Math.max(0, answeredAt - acknowledgedAt))
    }
  }
  for (const { sinceSent, sinceAcknowledged } of times) {
    sinceSent.sort((a, b) => a - b)
    sinceAcknowledged.sort((a, b) => a - b)
  }
  return times
}

const folder = mkdtempSync(join(tmpdir(), 'waymark-bench-'))
const servers: Changed[] = []
try {
  const only = options.only.split(',')
  if (only.includes('waymark')) servers.push(await startWaymark())
  for (const backend of ['gsqlite3', 'lmdb'] as const) {
    if (only.includes(backend)) servers.push(await startPeer(folder, backend))
  }
  const measured = servers.map((): Times[][] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [i, server] of servers.entries()) measured[i]!.push(await measure(server, round))
  }
  console.log(
    `${sets} record sets, ${rounds} rounds of ${changes} changes of each kind, one at a time; ms, median (lowest–highest) of the rounds\n`,
  )
  console.log(
    '| server | change | sent to answered: p50 | p99 | acknowledged to answered: p50 | p99 | p99 since sent: Waymark ÷ it |',
  )
  console.log(`|${' --- |'.repeat(7)}`)
  const of = (rows: Times[][], k: number, kind: keyof Times, share: number) =>
    rows.map((row) => percentile(row[k]![kind], share))
  const ours = measured[servers.findIndex(({ name }) => name === 'Waymark')]
  for (const [k, { change }] of CHANGES.entries()) {
    for (const [i, { name }] of servers.entries()) {
      const rows = measured[i]!
      const cells = (['sinceSent', 'sinceAcknowledged'] as const).flatMap((kind) =>
        [0.5, 0.99].map((share) => show(spread(of(rows, k, kind, share)))),
      )
      const theirs = of(rows, k, 'sinceSent', 0.99)
      const ratio =
        ours === undefined
          ? ''
          : show(spread(of(ours, k, 'sinceSent', 0.99).map((v, r) => v / theirs[r]!)), 2)
      console.log(`| ${name} | ${change} | ${cells.join(' | ')} | ${ratio} |`)
    }
  }
} finally {
  for (const server of servers) await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
