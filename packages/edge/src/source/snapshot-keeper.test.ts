import { afterAll, expect, test } from 'bun:test'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groupsFrame, SOA_AND_NS, zoneFrame } from '../testing/zone-text.ts'
import { loadSnapshot } from './disk-snapshot.ts'
import { LiveTable } from './live-table.ts'
import { SnapshotKeeper } from './snapshot-keeper.ts'

const folder = await mkdtemp(join(tmpdir(), 'waymark-edge-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const QUIET = { info() {}, warn() {}, error() {} }

test('a table that follows no store yet is not written', async () => {
  const keeper = new SnapshotKeeper(join(folder, 'none.snapshot'), new LiveTable(() => {}), QUIET, 1)
  keeper.start()
  await keeper.stop()
  expect(await readdir(folder)).toEqual([])
})

test('while zones change without end the file is whole at every moment, and in the end it has everything', async () => {
  const path = join(folder, 'kept.snapshot')
  const table = new LiveTable(() => {})
  const draft = table.draft()
  draft.applier.apply(zoneFrame({ apex: 'example.org', text: SOA_AND_NS }), 0)
  table.adopt(draft, 'store-1', 1)
  const keeper = new SnapshotKeeper(path, table, QUIET, 1)
  keeper.start()
  const seen = new Set<number>()
  for (let seq = 2; seen.size < 3; seq++) {
    table.apply(groupsFrame('example.org', `h${seq} 300 A 192.0.2.1`, seq, seq), 0)
    keeper.notify()
    await new Promise((resolve) => setTimeout(resolve, 1))
    const copy = new LiveTable(() => {})
    if (!loadSnapshot(path, copy)) continue
    expect(copy.writer.recordSets).toBe(copy.seq + 1)
    seen.add(copy.seq)
  }
  await keeper.stop()
  const copy = new LiveTable(() => {})
  loadSnapshot(path, copy)
  expect([copy.seq, copy.writer.recordSets]).toEqual([table.seq, table.writer.recordSets])
  expect([keeper.failures, await readdir(folder)]).toEqual([0, ['kept.snapshot']])
  expect(keeper.savedAt).toBeGreaterThan(0)
})
