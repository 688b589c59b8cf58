import { type Log, reasonOf } from '../log.ts'
import { onHangUp } from '../on-hang-up.ts'
import { controlFrame, DnstapEncoder, FRAME_START, FRAME_STOP } from './dnstap.ts'
import { DnstapSocket } from './dnstap-socket.ts'
import { FileSink, type LogSink } from './file-sink.ts'
import { queryLine } from './query-line.ts'
import { type TapBuffer, TapReader, type TapRecord, tapBuffersFor } from './tap.ts'

export interface QueryLogSettings {
  /** File for JSON lines, `-` for standard output; undefined for none. */
  readonly queryLog: string | undefined
  /** File for dnstap frames, or `unix:` and the path of a socket that a reader listens on; undefined for none. */
  readonly dnstap: string | undefined
  /** One query in so many is logged. */
  readonly sample: number
}

const DRAIN_EVERY_MS = 20
/** Records taken in one go, so that the thread that applies the feed is not held up. */
const DRAIN_RECORDS = 4000
const LOOK_EVERY_MS = 2000

interface Output {
  readonly sink: LogSink
  readonly encode: (record: TapRecord) => Uint8Array
}

/**
 * Takes from the taps of all threads what they have answered and writes it to where the operator wants it. Nothing of it delays an
 * answer: what there is no room for, in the rings or before the disk, is dropped and counted.
 */
export class QueryLog {
  /** One for each thread. */
  readonly taps: readonly TapBuffer[]
  /** Records written, and dropped before the disk or the reader. */
  logged = 0
  dropped = 0
  readonly #readers: TapReader[]
  readonly #outputs: readonly Output[]
  readonly #drainTimer: ReturnType<typeof setInterval>
  readonly #lookTimer: ReturnType<typeof setInterval>
  readonly #forget: () => void

  private constructor(taps: readonly TapBuffer[], outputs: readonly Output[]) {
    this.taps = taps
    this.#readers = taps.map((tap) => new TapReader(tap))
    this.#outputs = outputs
    this.#drainTimer = setInterval(() => this.#drain(DRAIN_RECORDS), DRAIN_EVERY_MS)
    const look = (): void => {
      for (const { sink } of outputs) sink.look()
    }
    this.#lookTimer = setInterval(look, LOOK_EVERY_MS)
    this.#forget = onHangUp(look)
  }

  /** Undefined when nothing is to be logged. Throws when a file cannot be opened. */
  static open(
    settings: QueryLogSettings,
    workers: number,
    identity: { readonly name: string; readonly version: string },
    log: Log,
  ): QueryLog | undefined {
    const outputs: Output[] = []
    const { queryLog, dnstap, sample } = settings
    if (queryLog !== undefined) {
      const encoder = new TextEncoder()
      const sink = new FileSink(queryLog, (error) => report(log, queryLog, error))
      outputs.push({ sink, encode: (record) => encoder.encode(queryLine(record)) })
    }
    if (dnstap !== undefined) {
      const frames = new DnstapEncoder(identity.name, identity.version)
      outputs.push({ sink: openDnstap(dnstap, log), encode: (record) => frames.encode(record) })
    }
    return outputs.length === 0 ? undefined : new QueryLog(tapBuffersFor(workers, sample), outputs)
  }

  /** Writes what was taken and closes. */
  async stop(): Promise<void> {
    clearInterval(this.#drainTimer)
    clearInterval(this.#lookTimer)
    this.#forget()
    this.#drain(Number.POSITIVE_INFINITY)
    await Promise.all(this.#outputs.map(({ sink }) => sink.stop()))
  }

  #drain(limit: number): void {
    for (const reader of this.#readers) {
      const records: Uint8Array[][] = this.#outputs.map(() => [])
      const count = reader.drain(limit, (record) => {
        for (const [i, { encode }] of this.#outputs.entries()) records[i]!.push(encode(record))
      })
      if (count === 0) continue
      for (const [i, { sink }] of this.#outputs.entries()) {
        if (sink.write(Buffer.concat(records[i]!))) this.logged += count
        else this.dropped += count
      }
    }
  }
}

function openDnstap(target: string, log: Log): LogSink {
  const onError = (error: Error): void => report(log, target, error)
  if (target.startsWith('unix:')) return new DnstapSocket(target.slice('unix:'.length), onError)
  return new FileSink(target, onError, { head: controlFrame(FRAME_START), tail: controlFrame(FRAME_STOP) })
}

const report = (log: Log, target: string, error: Error): void =>
  log.warn('queries cannot be logged for now', { target, reason: reasonOf(error) })
