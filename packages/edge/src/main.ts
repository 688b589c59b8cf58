// The edge as a process of its own: settings from WAYMARK_… variables, one line on standard output when it answers.
import { type Edge, startEdge } from './edge.ts'
import { jsonLog, reasonOf } from './log.ts'
import { onHangUp } from './on-hang-up.ts'
import { formatAddress, settingsFromEnvironment } from './settings.ts'

const log = jsonLog(process.env.WAYMARK_LOG_LEVEL ?? 'info')
let edge: Edge | undefined
let isStopping = false

async function stop(): Promise<void> {
  if (isStopping) return
  isStopping = true
  await edge?.stop()
  process.exit(0)
}

function fail(msg: string, reason: string): never {
  log.error(msg, { reason })
  process.exit(1)
}

process.on('SIGTERM', stop)
// Ctrl-C and the end of a terminal reach the parent too, which then stops this process in order. Whoever keeps files open or in
// memory looks at them on SIGHUP; without any it must not end the edge either.
process.on('SIGINT', () => {})
onHangUp(() => {})
// Started with an IPC channel: when it closes, the parent is gone.
process.on('disconnect', stop)

try {
  const settings = settingsFromEnvironment(process.env)
  edge = await startEdge(settings, log, (reason) => fail('edge cannot answer any more', reason))
  const dns = edge.addresses.map(formatAddress)
  // Standard output may be that of the query log alone.
  const output = settings.logging.queryLog === '-' ? process.stderr : process.stdout
  output.write(`${JSON.stringify({ msg: 'edge ready', dns, position: edge.position() })}\n`)
} catch (error) {
  fail('edge cannot start', reasonOf(error))
}
