import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { WITHOUT_SHIPPED } from './read-source.ts'

const COMMAND = fileURLToPath(new URL('./compile-command.ts', import.meta.url))
const LOOK_EVERY_MS = 5000

/** What is told of the files: once when they are taken up, once when they cannot be. */
export interface LineDataReport {
  taken(files: readonly string[]): void
  refused(reason: string): void
}

/**
 * Keeps compiled line data (`output`) up with the files that the operator gives. They are looked at every few seconds; when one has
 * changed, a process of its own compiles all of them, and the edge takes up the result as it does any other file of line data. Files
 * that cannot be read leave the last result in place.
 */
export class LineDataFiles {
  readonly #files: readonly string[]
  readonly #output: string
  readonly #report: LineDataReport
  readonly #everyMs: number
  #triedState = ''
  #running: Bun.Subprocess<'ignore', 'ignore', 'pipe'> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #isStopped = false

  constructor(files: readonly string[], output: string, report: LineDataReport, everyMs = LOOK_EVERY_MS) {
    this.#files = files
    this.#output = output
    this.#report = report
    this.#everyMs = everyMs
  }

  /** Resolves when there is a result, be it of the last time, or the files cannot be read. */
  async start(): Promise<void> {
    const first = this.#look()
    if (!existsSync(this.#output)) await first
    void first.then(() => this.#plan())
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#running?.kill()
    await this.#running?.exited
  }

  #plan(): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => void this.#look().then(() => this.#plan()), this.#everyMs)
  }

  async #look(): Promise<void> {
    const state = this.#state()
    if (state === this.#triedState || state === this.#doneState()) return
    this.#triedState = state
    this.#running = Bun.spawn({
      cmd: [process.execPath, COMMAND, '--output', this.#output, '--', ...this.#files],
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const [reason, code] = await Promise.all([this.#running.stderr.text(), this.#running.exited])
    this.#running = undefined
    if (this.#isStopped) return
    if (code === 0) {
      writeFileSync(`${this.#output}.of`, state)
      this.#report.taken(this.#files)
    } else {
      this.#report.refused(reason.replace(/^waymark: /, '').trim() || `the compiler ended with ${code}`)
    }
  }

  /** Names, times and sizes of the files. */
  #state(): string {
    return this.#files
      .map((path) => {
        if (path === WITHOUT_SHIPPED) return path
        const found = statSync(path, { throwIfNoEntry: false })
        return `${path} ${found === undefined ? 'missing' : `${found.mtimeMs} ${found.size}`}`
      })
      .join('\n')
  }

  /** What the result was made of. */
  #doneState(): string {
    if (!existsSync(this.#output)) return ''
    try {
      return readFileSync(`${this.#output}.of`, 'utf8')
    } catch {
      return ''
    }
  }
}
