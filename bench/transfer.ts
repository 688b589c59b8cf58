/**
 * Time of a whole zone by AXFR, from Waymark and from Knot with one TCP worker each: the same zone, read by a client that does nothing
 * but count records; interleaved rounds. The server has processor 0, the client the last one.
 *
 *     npm run bench:transfer -- [--records 100000,1000000] [--rounds 5]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { question } from '../test/support/dns-client.ts'
import { type Peer, untilAnswers } from '../test/support/peers.ts'
import { freePort, sleep } from '../test/support/process.ts'
import { startEdge } from './support/edge.ts'
import { cpuSeconds, show, spread } from './support/measure.ts'
import { writeZoneFile, ZONE } from './support/zone.ts'

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '100000,1000000' },
    rounds: { type: 'string', default: '5' },
  },
})
const rounds = Number(options.rounds)

interface Transfer {
  readonly milliseconds: number
  readonly records: number
  readonly megabytes: number
}

/** Knot with the zone, which anybody on this machine may have. */
async function startKnot(folder: string, file: string): Promise<Peer> {
  const port = freePort()
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    `${folder}/knot.conf`,
    `server:\n  rundir: ${folder}\n  listen: 127.0.0.1@${port}\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\ndatabase:\n  storage: ${folder}\nlog:\n  - target: stderr\n    any: warning\nacl:\n  - id: all\n    address: 127.0.0.1\n    action: transfer\nzone:\n  - domain: ${ZONE}\n    file: ${file}\n    acl: all\n    zonefile-sync: -1\n    journal-content: none\n`,
  )
  const child = Bun.spawn(['taskset', '-c', '0', 'knotd', '-c', `${folder}/knot.conf`], {
    stdout: 'ignore',
    stderr: 'ignore',
  })
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await Promise.race([child.exited, sleep(5000)])
    child.kill('SIGKILL')
  }
  await untilAnswers(port, ZONE)
  return { name: 'Knot', port, pid: child.pid, stop }
}

/** One AXFR over a connection of its own, until as many records have come as the zone has. */
function transfer(port: number, expected: number): Promise<Transfer> {
  return new Promise((resolve, reject) => {
    const query = question(ZONE, 'AXFR')
    const startedAt = performance.now()
    const socket = connect(port, '127.0.0.1')
    let rest = Buffer.alloc(0)
    let records = 0
    let octets = 0
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`the transfer ended after ${records} of ${expected} records`)))
    socket.on('data', (chunk: Buffer) => {
      octets += chunk.length
      let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      while (data.length >= 2 && data.length >= 2 + data.readUInt16BE(0)) {
        const size = data.readUInt16BE(0)
        if ((data[5]! & 15) !== 0) reject(new Error(`refused with RCODE ${data[5]! & 15}`))
        records += data.readUInt16BE(8)
        data = data.subarray(2 + size)
      }
      rest = Buffer.from(data)
      if (records < expected) return
      resolve({ milliseconds: performance.now() - startedAt, records, megabytes: octets / 1e6 })
      socket.destroy()
    })
    socket.write(Buffer.concat([Uint8Array.of(query.length >> 8, query.length), query]))
  })
}

for (const records of options.records.split(',').map(Number)) {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-bench-'))
  const file = join(folder, 'zone')
  await writeZoneFile(file, records)
  // Two NS, two addresses of theirs, and the SOA twice.
  const expected = records + 6
  const peers: Peer[] = []
  try {
    peers.push(await startEdge(join(folder, 'edge'), records, 0))
    peers.push(await startKnot(join(folder, 'knot'), file))
    const times = new Map<string, { milliseconds: number[]; cpu: number[]; megabytes: number }>()
    for (const peer of peers) {
      await transfer(peer.port, expected)
      times.set(peer.name, { milliseconds: [], cpu: [], megabytes: 0 })
    }
    for (let round = 0; round < rounds; round++) {
      for (const peer of peers) {
        const before = cpuSeconds(peer.pid)
        const { milliseconds, megabytes } = await transfer(peer.port, expected)
        const figure = times.get(peer.name)!
        figure.milliseconds.push(milliseconds)
        figure.cpu.push((cpuSeconds(peer.pid) - before) * 1000)
        figure.megabytes = megabytes
      }
    }
    const ours = times.get('Waymark')!.milliseconds
    console.log(`\nAXFR of ${records} records, ${rounds} rounds, median (lowest–highest)\n`)
    console.log('| server | ms | CPU ms | MB | Waymark ÷ it |')
    console.log('| --- | --- | --- | --- | --- |')
    for (const [name, { milliseconds, cpu, megabytes }] of times) {
      const ratio = show(spread(milliseconds.map((value, i) => ours[i]! / value)), 2)
      const figures = [show(spread(milliseconds)), show(spread(cpu), 0), megabytes.toFixed(1), ratio]
      console.log(`| ${name} | ${figures.join(' | ')} |`)
    }
  } finally {
    for (const peer of peers) await peer.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
