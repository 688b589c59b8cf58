import { type Command, JSON_FLAG } from '../command.ts'
import { EXIT } from '../failures.ts'
import { formatTable } from '../terminal/table.ts'

interface EdgeBody {
  readonly id: string
  readonly seq: number
  readonly dns: readonly string[]
  readonly zones: number
  readonly recordSets: number
  readonly startedAt: number
  readonly reportedAt: number
  readonly version?: string
  readonly memoryBytes?: number
  readonly queriesPerSecond?: number
  readonly lineDataAt?: number
  readonly transfers?: number
  readonly transfersFailed?: number
  readonly transfersRunning?: number
  readonly notifyLost?: number
}

const COLUMNS = [
  { title: 'EDGE', minWidth: 12 },
  { title: 'VERSION' },
  { title: 'POSITION', align: 'right' },
  { title: 'LAG', align: 'right' },
  { title: 'ZONES', align: 'right' },
  { title: 'RECORD SETS', align: 'right' },
  { title: 'QUERIES/S', align: 'right' },
  { title: 'TRANSFERS', align: 'right' },
  { title: 'MEMORY', align: 'right' },
  { title: 'LINE DATA' },
  { title: 'SINCE' },
  { title: 'ANSWERS ON', wraps: true },
] as const

const day = (time: number | undefined): string =>
  time === undefined || time === 0 ? '-' : new Date(time).toISOString().slice(0, 10)

const megabytes = (octets: number | undefined): string =>
  octets === undefined ? '-' : `${Math.round(octets / 1e6)} MB`

/** Of transfers that were sent; what is under way, and what went wrong, where there is any. */
function transfersOf(edge: EdgeBody): string {
  const { transfers, transfersRunning = 0, transfersFailed = 0, notifyLost = 0 } = edge
  if (transfers === undefined) return '-'
  const more = [
    ...(transfersRunning > 0 ? [`${transfersRunning} now`] : []),
    ...(transfersFailed > 0 ? [`${transfersFailed} failed`] : []),
    ...(notifyLost > 0 ? [`${notifyLost} unheard`] : []),
  ]
  return [String(transfers), ...more].join(', ')
}

export const edgeStatus: Command = {
  name: 'edge status',
  summary: 'Show how far each DNS server is, and what it holds',
  flags: [JSON_FLAG],
  examples: [['edge status', 'one line for each edge that reported within the last seconds']],
  details:
    'LAG is how many entries of the feed an edge still lacks. An edge that has said nothing for ten seconds is not shown. ' +
    'TRANSFERS are those sent to secondaries since its start; "failed" were refused or broken off, "unheard" are NOTIFY messages ' +
    'that no secondary answered. ' +
    'Ends with 1 when no edge is there or one lags.',
  async run(call) {
    const { newest, edges } = await call.client.json<{ newest: number; edges: EdgeBody[] }>(
      'GET',
      '/waymark/v1/edges',
    )
    const isCurrent = edges.length > 0 && edges.every(({ seq }) => seq >= newest)
    if (call.isSet('json')) {
      call.print(JSON.stringify({ newest, edges }))
      return isCurrent ? EXIT.ok : EXIT.someFailed
    }
    if (edges.length === 0) {
      call.note(`No edge reports. The feed ends at ${newest}.`)
      return EXIT.someFailed
    }
    const rows = edges.map((edge) => [
      edge.id,
      edge.version ?? '-',
      String(edge.seq),
      String(Math.max(0, newest - edge.seq)),
      String(edge.zones),
      String(edge.recordSets),
      edge.queriesPerSecond === undefined ? '-' : String(Math.round(edge.queriesPerSecond)),
      transfersOf(edge),
      megabytes(edge.memoryBytes),
      day(edge.lineDataAt),
      day(edge.startedAt),
      edge.dns.join(', '),
    ])
    for (const line of formatTable(COLUMNS, rows, call.output.columns)) call.print(line)
    return isCurrent ? EXIT.ok : EXIT.someFailed
  },
}
