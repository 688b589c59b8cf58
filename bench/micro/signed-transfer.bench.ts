/**
 * What it costs to sign a zone for its secondaries: time of the processor and memory of the first copy, and of those after changes. Without
 * sockets, on one thread. Run it with `bun bench/micro/signed-transfer.bench.ts [names]`.
 */

import { ALGORITHMS } from '@waymark/dns/rr-types/algorithms'
import { testKeys } from '@waymark/edge/testing/keys'
import { groupsFrame, SOA_AND_NS, wire, zoneFrame } from '@waymark/edge/testing/zone-text'
import { OPEN, TransferLab } from '@waymark/edge/transfer/testing'

const names = Number(process.argv[2] ?? 100_000)
const APEX = 'example.org'
const rows = Array.from({ length: names }, (_, i) => `h${(i * 7919) % names} 300 A 192.0.2.${i & 255}`)
const text = `${SOA_AND_NS}\n${rows.join('\n')}\n`
const addresses = (count: number, prefix: string): string =>
  Array.from({ length: count }, (_, i) => `${prefix}${i} 300 A 192.0.2.1`).join('\n')

async function measure(title: string, lab: TransferLab, serial?: number): Promise<void> {
  let longest = 0
  let last = performance.now()
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  const { signatures } = lab.transfers.signed
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  await lab.transfers.plan({
    ...{ apex: wire(APEX), serial, source: '127.0.0.1', keyName: undefined, listener: '' },
  })
  const { user, system } = process.cpuUsage(cpu)
  const took = performance.now() - startedAt
  clearInterval(beat)
  const { sizeBytes } = lab.transfers.signed
  const figures = [
    `${took.toFixed(0)} ms`,
    `${((user + system) / 1000).toFixed(0)} ms of the processor`,
    `${lab.transfers.signed.signatures - signatures} signatures`,
    `event loop held up ${longest.toFixed(0)} ms at most`,
    `${(sizeBytes / 1e6).toFixed(1)} MB kept`,
  ]
  console.log(`${title.padEnd(28)} ${figures.join(', ')}`)
}

for (const [name, algorithm] of [
  ['ECDSA P-256', ALGORITHMS.ECDSAP256SHA256],
  ['Ed25519', ALGORITHMS.ED25519],
] as const) {
  const lab = new TransferLab(OPEN, [zoneFrame({ apex: APEX, text, keys: testKeys(algorithm) })])
  await measure(`${name}, ${names} names`, lab)
  await measure('the same once more', lab)
  lab.apply(groupsFrame(APEX, addresses(1, 'one'), 2, 2))
  await measure('after a change', lab, 1)
  lab.apply(groupsFrame(APEX, addresses(3000, 'many'), 3, 3))
  await measure('after 3,000 changes', lab, 2)
}
