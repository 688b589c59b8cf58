import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { Counters, countersFor, TCP } from './counters.ts'
import { metricsText } from './metrics.ts'
import { QueryLog } from './observe/query-log.ts'
import { zoneCountsFor } from './observe/top-zones.ts'
import { FeedStatus } from './source/feed-status.ts'
import { LiveTable } from './source/live-table.ts'
import { SnapshotKeeper } from './source/snapshot-keeper.ts'
import { noNotifies } from './transfer/notifier.ts'

const LOG = { info() {}, warn() {}, error() {} }
const PAGE = readFileSync(new URL('../../../docs/edge-metrics.md', import.meta.url), 'utf8')

/** Metrics of an edge that has everything, as names to the names of their labels. */
async function exported(): Promise<Map<string, Set<string>>> {
  const table = new LiveTable(() => {})
  const counters = countersFor(1)
  new Counters(counters, 0).addAnswer(TCP, 1, 0, false, false)
  const queryLog = QueryLog.open(
    { queryLog: '/dev/null', dnstap: undefined, sample: 1 },
    1,
    { name: '', version: '' },
    LOG,
  )
  const text = metricsText({
    ...{ table, counters, queryLog, zoneCounts: zoneCountsFor(1), feed: new FeedStatus(), version: '1' },
    keeper: new SnapshotKeeper('', table, LOG),
    transfers: { notifies: noNotifies(), journalBytes: 0, signed: { sizeBytes: 0, signatures: 0 } },
    lineDataAt: () => 0,
    ports: new Set([1]),
  })
  await queryLog?.stop()
  const names = new Map<string, Set<string>>()
  for (const [, name] of text.matchAll(/^# TYPE waymark_edge_(\w+) /gm)) names.set(name!, new Set())
  for (const [, series, labels] of text.matchAll(/^waymark_edge_(\w+)(?:\{(.*)\})? /gm)) {
    const name = names.has(series!) ? series! : series!.replace(/_(bucket|sum|count)$/, '')
    for (const [, label] of (labels ?? '').matchAll(/(\w+)="/g)) names.get(name)!.add(label!)
  }
  return names
}

/** The same, as the table of the page has them. */
function documented(): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>()
  for (const row of PAGE.split('## Alarms')[0]!.matchAll(/^\| (`\w+`(?:, `\w+`)*) \| ([^|]*)\|/gm)) {
    const labels = [...row[2]!.matchAll(/`(\w+)`/g)].map(([, label]) => label!)
    for (const [, name] of row[1]!.matchAll(/`(\w+)`/g)) names.set(name!, new Set(labels))
  }
  return names
}

test('every metric is on the page, with its labels, and none is there that is not exported', async () => {
  const [real, page] = [await exported(), documented()]
  // The zones asked for most are not known yet.
  real.set('zone_answers', new Set(['zone']))
  expect([...page.keys()].sort()).toEqual([...real.keys()].sort())
  for (const [name, labels] of real)
    for (const label of labels)
      expect({ name, labels: [...page.get(name)!] }).toMatchObject({
        labels: expect.arrayContaining([label]),
      })
})

test('alarms are about metrics that exist', async () => {
  const real = await exported()
  const alarms = PAGE.split('## Alarms')[1]!.split('## Status')[0]!
  const named = [...alarms.matchAll(/^\| ([^|]*(?:\\\|[^|]*)*)\|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/\b([a-z]+(?:_[a-z]+)+)\b(?=[[{ )`])/g)].map(([, name]) => name!),
  )
  expect(named.length).toBeGreaterThan(10)
  // Those of the control plane have another prefix.
  for (const name of [...named, ...[...alarms.matchAll(/waymark_edge_(\w+)/g)].map(([, each]) => each!)])
    if (name !== '' && !name.startsWith('waymark_')) expect([name, real.has(name)]).toEqual([name, true])
})
