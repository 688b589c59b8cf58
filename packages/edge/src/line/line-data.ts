import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Log, reasonOf } from '../log.ts'
import { RangeTable } from './ranges.ts'

/** Countries and operators, as they come with the edge: docs/line-data.md. */
export const SHIPPED_LINE_DATA = fileURLToPath(new URL('../../line-data/lines.bin', import.meta.url))
const LOOK_EVERY_MS = 5000

/**
 * The file that says where addresses are: the operator's, or the one that comes with the edge. The former is looked at every few
 * seconds, so that it can come, change and go while the edge answers; one that is no line data leaves things as they are.
 */
export class LineData {
  /** Contents of the file, undefined when there is none. */
  buffer: SharedArrayBuffer | undefined
  /** When it was made, milliseconds since 1970 UTC; 0 where that is not known. */
  madeAt = 0
  readonly #ownPath: string | undefined
  readonly #log: Log
  /** Time and size of the operator's file, '' without one. */
  #state = ''
  #timer: ReturnType<typeof setInterval> | undefined

  private constructor(ownPath: string | undefined, log: Log) {
    this.#ownPath = ownPath
    this.#log = log
  }

  /** Reads the file at `ownPath`, if there is one, else the one that comes along. */
  static async load(ownPath: string | undefined, log: Log): Promise<LineData> {
    const data = new LineData(ownPath, log)
    data.buffer = await data.#read(SHIPPED_LINE_DATA)
    await data.#look(() => {})
    return data
  }

  /** Calls `onChange` when another file has taken the place of the one before. */
  watch(onChange: (buffer: SharedArrayBuffer | undefined) => void): void {
    if (this.#ownPath === undefined) return
    this.#timer = setInterval(() => this.#look(onChange), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #look(onChange: (buffer: SharedArrayBuffer | undefined) => void): Promise<void> {
    const state = await stateOf(this.#ownPath)
    if (state === this.#state) return
    this.#state = state
    const buffer = await this.#read(state === '' ? SHIPPED_LINE_DATA : this.#ownPath!)
    if (buffer === undefined) return
    this.buffer = buffer
    onChange(buffer)
  }

  async #read(path: string): Promise<SharedArrayBuffer | undefined> {
    try {
      const octets = await Bun.file(path).bytes()
      const buffer = new SharedArrayBuffer(octets.length)
      new Uint8Array(buffer).set(octets)
      const { lines, madeAt } = new RangeTable(buffer)
      this.madeAt = madeAt
      if (path !== SHIPPED_LINE_DATA) this.#log.info('line data loaded', { path, lines: lines.length })
      return buffer
    } catch (error) {
      this.#log.warn('line data ignored', { path, reason: reasonOf(error) })
      return undefined
    }
  }
}

async function stateOf(path: string | undefined): Promise<string> {
  if (path === undefined) return ''
  try {
    const { mtimeMs, size } = await stat(path)
    return `${mtimeMs} ${size}`
  } catch {
    return ''
  }
}
