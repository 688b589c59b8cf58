/**
 * Bulk change: from sending N record sets until the last of them is answered over DNS. Waymark takes them as one
 * batch-create task (SQLite store); PowerDNS takes the same sets as one API PATCH, with SQLite and with LMDB. Every
 * round uses a fresh zone; rounds are interleaved. Then the same with 5 % faulty items, and an Excel file of 500 rows
 * against the same items as JSON.
 *
 *     npm run bench:bulk -- [--sizes 2000,10000,100000] [--rounds 7]
 */
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { question } from '../test/support/dns-client.ts'
import { type PowerDns, startPowerDns } from '../test/support/peers.ts'
import { type Service, startService } from '../test/support/service.ts'
import { show, spread } from './support/measure.ts'
import { writeRows } from './support/workbook.ts'
import { addressOf } from './support/zone.ts'

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '2000,10000,100000' },
    rounds: { type: 'string', default: '7' },
  },
})
const SETTLE_ZONE = 'settle.example.'

let zoneCount = 0
const nextZone = (): string => `z${zoneCount++}.bulk.example.`

/** Asks for an A record until it is there; the time between questions is far below what is measured. */
function untilAnswered(port: number, name: string, timeoutMs = 60_000): Promise<void> {
  const packet = question(name, 'A')
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    const send = (): void => socket.send(packet, port, '127.0.0.1')
    const again = setInterval(send, 500)
    const limit = setTimeout(() => end(new Error(`${name} is not answered`)), timeoutMs)
    const end = (error?: Error): void => {
      clearInterval(again)
      clearTimeout(limit)
      socket.close()
      if (error === undefined) resolve()
      else reject(error)
    }
    socket.on('message', (reply) => {
      if (reply.readUInt16BE(6) > 0) end()
      else setTimeout(send, 1)
    })
    send()
  })
}

interface Item {
  readonly name: string
  readonly type: string
  readonly records: string[]
}

/** Every 20th item is faulty in turn: a bad address, an unknown type, an unknown line, a name outside the zone. */
function items(count: number, isFaulty: (i: number) => boolean = () => false): Item[] {
  const faults = [
    { type: 'A', records: ['300.1.1.1'] },
    { type: 'BOGUS', records: ['x'] },
    { type: 'A', records: ['192.0.2.1'], line: 'Mars' },
    { type: 'A', records: ['192.0.2.1'], name: 'www.elsewhere.test.' },
  ]
  return Array.from({ length: count }, (_, i) => ({
    name: `h${i}`,
    type: 'A',
    records: [addressOf(i)],
    ...(isFaulty(i) ? faults[((i / 20) % 4) | 0] : {}),
  }))
}

async function createZone(service: Service): Promise<{ id: string; name: string }> {
  const name = nextZone()
  const { status, json } = await service.call('POST', '/v2/zones', { name })
  if (status !== 202) throw new Error(`zone ${name}: ${status} ${JSON.stringify(json)}`)
  return { id: json.id, name }
}

/** Polls until DONE; short pauses first, since small tasks are done at once. */
async function untilDone(
  poll: () => Promise<{ status: string; success_count: number; error_count: number }>,
) {
  for (let pause = 1; ; pause = Math.min(pause * 1.5, 50)) {
    const task = await poll()
    if (task.status === 'DONE') return task
    await Bun.sleep(pause)
  }
}

async function ourBatch(service: Service, sets: Item[]): Promise<{ ms: number; errors: number }> {
  const zone = await createZone(service)
  const path = `/v2.1/zones/${zone.id}/recordsets/batch-create-task`
  const body = new TextEncoder().encode(JSON.stringify({ recordsets: sets }))
  const last = `h${sets.length - 1}.${zone.name}`
  const start = performance.now()
  const accepted = await service.call('POST', path, body, { 'Content-Type': 'application/json' })
  if (accepted.status !== 202) throw new Error(`batch: ${accepted.status} ${JSON.stringify(accepted.json)}`)
  const task = await untilDone(async () => (await service.call('GET', `${path}?error_item_limit=0`)).json)
  await untilAnswered(service.dnsPort, last)
  const ms = performance.now() - start
  if (task.success_count + task.error_count !== sets.length) throw new Error('the counts do not add up')
  return { ms, errors: task.error_count }
}

async function powerDnsPatch(server: PowerDns, sets: Item[]): Promise<number> {
  const zone = nextZone()
  const api = `${server.apiUrl}/api/v1/servers/localhost/zones`
  const headers = { 'X-API-Key': server.apiKey, 'Content-Type': 'application/json' }
  const created = await fetch(api, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: zone, kind: 'Native', nameservers: ['ns1.bulk.example.'] }),
  })
  if (created.status !== 201) throw new Error(`PowerDNS zone: ${created.status} ${await created.text()}`)
  const rrsets = sets.map((set) => ({
    name: `${set.name}.${zone}`,
    type: set.type,
    ttl: 300,
    changetype: 'REPLACE',
    records: set.records.map((content) => ({ content, disabled: false })),
  }))
  const body = JSON.stringify({ rrsets })
  const start = performance.now()
  const patched = await fetch(`${api}/${zone}`, { method: 'PATCH', headers, body })
  if (patched.status !== 204) throw new Error(`PowerDNS PATCH: ${patched.status} ${await patched.text()}`)
  await untilAnswered(server.port, `h${sets.length - 1}.${zone}`)
  return performance.now() - start
}

async function ourWorkbook(service: Service, workbook: Uint8Array): Promise<number> {
  const zone = await createZone(service)
  const form = new FormData()
  form.append('uploadfile', new File([workbook as Uint8Array<ArrayBuffer>], 'bench.xlsx'))
  const path = `/v2/zones/${zone.id}/import/recordsets`
  const start = performance.now()
  const accepted = await service.call('POST', path, form, { 'X-Language': 'en-us' })
  if (accepted.status !== 202) throw new Error(`upload: ${accepted.status} ${JSON.stringify(accepted.json)}`)
  const task = await untilDone(async () => (await service.call('GET', path)).json.data)
  const ms = performance.now() - start
  if (task.success_count !== 500) throw new Error(`upload: ${JSON.stringify(task).slice(0, 500)}`)
  return ms
}

async function ourJson500(service: Service): Promise<number> {
  const zone = await createZone(service)
  const path = `/v2.1/zones/${zone.id}/recordsets/batch-create-task`
  const start = performance.now()
  await service.call('POST', path, { recordsets: items(500) })
  await untilDone(async () => (await service.call('GET', path)).json)
  return performance.now() - start
}

const folder = mkdtempSync(join(tmpdir(), 'waymark-bench-'))
const sizes = options.sizes.split(',').map(Number)
const service = await startService({
  args: ['--batch-items', String(Math.max(...sizes, 2000)), '--body-bytes', String(256 << 20)],
})
const servers = [
  await startPowerDns(join(folder, 'sqlite'), { name: SETTLE_ZONE, file: null }, null, 'gsqlite3'),
  await startPowerDns(join(folder, 'lmdb'), { name: SETTLE_ZONE, file: null }, null, 'lmdb'),
]
try {
  for (let i = 0; i < 3; i++) await ourBatch(service, items(2000))
  console.log('POST to DONE and answered over DNS, ms, median (lowest–highest)\n')
  console.log(
    `| record sets | rounds | Waymark | Waymark, 5 % faulty | faults reported | ${servers.map((s) => `${s.name} | ÷ Waymark`).join(' | ')} |`,
  )
  console.log(`|${' --- |'.repeat(5 + 2 * servers.length)}`)
  for (const size of sizes) {
    const rounds = size > 50_000 ? Math.min(3, Number(options.rounds)) : Number(options.rounds)
    const ours: number[] = []
    const faulty: number[] = []
    const theirs = servers.map((): number[] => [])
    let faults = 0
    for (let round = 0; round < rounds; round++) {
      ours.push((await ourBatch(service, items(size))).ms)
      const result = await ourBatch(
        service,
        items(size, (i) => i % 20 === 0),
      )
      faulty.push(result.ms)
      faults = result.errors
      for (const [i, server] of servers.entries()) theirs[i]!.push(await powerDnsPatch(server, items(size)))
    }
    console.log(
      `| ${size} | ${rounds} | ${show(spread(ours))} | ${show(spread(faulty))} | ${faults} of ${Math.ceil(size / 20)} | ${theirs
        .map((values) => `${show(spread(values))} | ${show(spread(values.map((v, i) => v / ours[i]!)), 2)}`)
        .join(' | ')} |`,
    )
  }
  const workbook = await writeRows(items(500))
  const excel: number[] = []
  const json: number[] = []
  for (let round = 0; round < 3 + Number(options.rounds); round++) {
    const e = await ourWorkbook(service, workbook)
    const j = await ourJson500(service)
    if (round < 3) continue
    excel.push(e)
    json.push(j)
  }
  console.log(
    '\n500 items, submitted to DONE, ms\n\n| Excel upload | JSON | Excel ÷ JSON |\n| --- | --- | --- |',
  )
  console.log(
    `| ${show(spread(excel))} | ${show(spread(json))} | ${show(spread(excel.map((v, i) => v / json[i]!)), 2)} |`,
  )
} finally {
  await service.stop()
  for (const server of servers) await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
