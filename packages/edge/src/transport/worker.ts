/** A thread that answers queries: its own sockets, its own view of the shared table. Started by `worker-pool.ts`. */
import { Query } from '../answer/query.ts'
import { ServerProfile } from '../answer/server-profile.ts'
import { Counters } from '../counters.ts'
import { RangeTable } from '../line/ranges.ts'
import { Answerer } from '../observe/answerer.ts'
import { TapWriter } from '../observe/tap.ts'
import { ZoneCounts } from '../observe/top-zones.ts'
import type { TransferPlan } from '../transfer/plan.ts'
import { TransferDesk } from '../transfer/transfer-desk.ts'
import { keysById } from '../transfer/tsig-session.ts'
import { TableView } from '../zone-table/view.ts'
import { type Listeners, listenOn } from './listen.ts'
import { shortenTurns } from './thread-slice.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

declare const self: Worker

let view: TableView | undefined
let listeners: Listeners | undefined
let query: Query | undefined
/** Requests for transfers that wait for their plans. */
const plans = new Map<number, (plan: TransferPlan) => void>()
let requests = 0

const send = (message: FromWorker): void => self.postMessage(message)

const rangesOf = (buffer: SharedArrayBuffer | undefined): RangeTable | undefined =>
  buffer && new RangeTable(buffer)

self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'start') {
    shortenTurns()
    view = new TableView(data.table)
    view.lines.ranges = rangesOf(data.ranges)
    query = new Query(crypto.getRandomValues(new Int32Array(1))[0]!)
    const counters = new Counters(data.counters, data.worker)
    const zones = new ZoneCounts(data.zoneCounts, data.worker)
    const tap = data.tap && new TapWriter(data.tap, counters)
    const answerer = new Answerer(query, view, counters, zones, tap)
    answerer.desk = new TransferDesk((request) => {
      const number = ++requests
      send({ kind: 'transfer', number, request })
      return new Promise((resolve) => plans.set(number, resolve))
    })
    answerer.onNotify = (notify) => send({ kind: 'notify', notify })
    query.profile = new ServerProfile(data.transports.profile)
    const { upstream } = data.transports
    try {
      // Loaded where there is one: it takes longer than the answer path.
      if (upstream.length > 0)
        answerer.upstream = new (await import('../upstream/upstream.ts')).Upstream(upstream)
      listeners = await listenOn(data.addresses, answerer, data.transports)
      send({ kind: 'listening', bound: listeners.bound })
    } catch (error) {
      send({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
    }
  } else if (data.kind === 'table') {
    view!.attach(data.table)
    send({ kind: 'attached', generation: data.table.generation })
    // The old buffers are freed when every thread has let them go, and this heap is too quiet to collect by itself. Not at once:
    // nobody is answered for 5 to 20 ms then.
    Bun.gc(false)
  } else if (data.kind === 'ranges') {
    view!.lines.ranges = rangesOf(data.ranges)
  } else if (data.kind === 'certificate') {
    listeners?.setMaterial(data.material)
  } else if (data.kind === 'transfer-keys') {
    query!.signed.keys = keysById(data.keys)
  } else if (data.kind === 'transfer-plan') {
    plans.get(data.number)?.(data.plan)
    plans.delete(data.number)
  } else {
    await listeners?.close()
    send({ kind: 'stopped' })
  }
}
