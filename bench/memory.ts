/**
 * Memory of the edge per record set: its process with N address records (one set each) minus the same process with none.
 * Proportional set size of the process, after it has settled.
 *
 *     npm run bench:memory -- [--names 1000000] [--rounds 3]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sleep } from '../test/support/process.ts'
import { startEdge } from './support/edge.ts'
import { memoryBytes, show, spread } from './support/measure.ts'

const { values: options } = parseArgs({
  options: { names: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '3' } },
})
const names = Number(options.names)

async function settledBytes(count: number): Promise<{ bytes: number; readySeconds: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-bench-'))
  const start = performance.now()
  const edge = await startEdge(folder, count, null)
  const readySeconds = (performance.now() - start) / 1000
  await sleep(5000)
  const bytes = memoryBytes(edge.pid)
  await edge.stop()
  rmSync(folder, { recursive: true, force: true })
  return { bytes, readySeconds }
}

const empty: number[] = []
const full: number[] = []
const perSet: number[] = []
const ready: number[] = []
for (let round = 0; round < Number(options.rounds); round++) {
  const before = await settledBytes(0)
  const after = await settledBytes(names)
  empty.push(before.bytes / 1e6)
  full.push(after.bytes / 1e6)
  perSet.push((after.bytes - before.bytes) / names)
  ready.push(after.readySeconds)
}
console.log('| record sets | empty, MB | full, MB | bytes a record set | from start to first answer, s |')
console.log('| --- | --- | --- | --- | --- |')
console.log(
  `| ${names} | ${show(spread(empty))} | ${show(spread(full))} | ${show(spread(perSet))} | ${show(spread(ready), 2)} |`,
)
