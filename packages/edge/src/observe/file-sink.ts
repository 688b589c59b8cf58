import { createWriteStream, fstatSync, openSync, statSync, type WriteStream, writeSync } from 'node:fs'

/** Octets that may wait for the disk; what comes on top is dropped. */
const MAX_WAITING = 8 << 20

/** Where records go. `write` never waits: false when the record was dropped. */
export interface LogSink {
  write(octets: Uint8Array): boolean
  /** Something may have changed outside: called every few seconds. */
  look(): void
  /** Writes what waits and ends. */
  stop(): Promise<void>
}

/**
 * Appends to a file, and to a new one of the same name when that one was moved away (logrotate), or to standard output (`-`). A file
 * with `head` and `tail` cannot go on where another ended: what was there is replaced.
 */
export class FileSink implements LogSink {
  readonly #path: string
  readonly #onError: (error: Error) => void
  #stream: WriteStream
  #descriptor = -1
  #hasFailed = false
  /** Written at the start of each file. */
  readonly #head: Uint8Array | undefined
  /** Written at the end of each file. */
  readonly #tail: Uint8Array | undefined

  /** Throws when the file cannot be opened. `onError` is called when it cannot be written later, once until it can again. */
  constructor(
    path: string,
    onError: (error: Error) => void,
    { head, tail }: { head?: Uint8Array; tail?: Uint8Array } = {},
  ) {
    this.#path = path
    this.#onError = onError
    this.#head = head
    this.#tail = tail
    this.#stream = this.#open()
  }

  write(octets: Uint8Array): boolean {
    if (this.#hasFailed || this.#stream.writableLength + octets.length > MAX_WAITING) return false
    this.#stream.write(octets)
    return true
  }

  look(): void {
    if (this.#path === '-') return
    if (!this.#hasFailed && this.#isStillThere()) return
    try {
      const stream = this.#open()
      void this.#end()
      this.#stream = stream
      this.#hasFailed = false
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  stop(): Promise<void> {
    return this.#end()
  }

  #open(): WriteStream {
    this.#descriptor =
      this.#path === '-' ? 1 : openSync(this.#path, this.#head === undefined ? 'a' : 'w', 0o640)
    const stream = createWriteStream('', { fd: this.#descriptor, autoClose: this.#path !== '-' })
    stream.on('error', (error) => {
      if (stream === this.#stream) this.#fail(error)
    })
    if (this.#head !== undefined) writeSync(this.#descriptor, this.#head)
    return stream
  }

  async #end(): Promise<void> {
    const stream = this.#stream
    await new Promise<void>((resolve) => {
      stream.once('error', () => resolve())
      stream.end(this.#hasFailed ? undefined : this.#tail, () => resolve())
    })
  }

  #isStillThere(): boolean {
    try {
      return statSync(this.#path).ino === fstatSync(this.#descriptor).ino
    } catch {
      return false
    }
  }

  #fail(error: Error): void {
    if (!this.#hasFailed) this.#onError(error)
    this.#hasFailed = true
  }
}
