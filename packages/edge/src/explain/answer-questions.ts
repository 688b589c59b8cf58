import type { LineData } from '../line/line-data.ts'
import { RangeTable } from '../line/ranges.ts'
import type { FeedSettings } from '../source/feed.ts'
import type { LiveTable } from '../source/live-table.ts'
import type { DnsAddress } from '../transport/worker-messages.ts'
import { Upstream } from '../upstream/upstream.ts'
import { explain } from './explain.ts'
import { QuestionLoop } from './question-loop.ts'

/** Answers what the control plane asks, from the table and the line data that the threads answer from. */
export function answerQuestions(
  feed: FeedSettings,
  table: LiveTable,
  lineData: LineData,
  servers: readonly DnsAddress[],
): QuestionLoop {
  const upstream = servers.length === 0 ? undefined : new Upstream(servers)
  const loop = new QuestionLoop(feed, (question) => {
    const { writer, seq } = table
    const ranges = lineData.buffer && new RangeTable(lineData.buffer)
    return explain({ writer, seq, ranges, upstream }, feed.edgeId, question)
  })
  loop.start()
  return loop
}
