import type { TableHandle } from '../zone-table/layout.ts'
import type { TableCopy } from '../zone-table/table-books.ts'
import { TableWriter } from '../zone-table/writer.ts'
import { type AppliedFrame, FrameApplier } from './apply-frame.ts'

/** A table being filled beside the one that answers. */
export interface TableDraft {
  readonly writer: TableWriter
  readonly applier: FrameApplier
}

/**
 * The table that queries are answered from, and how far it follows the feed: the state of `store` at `seq`. Small changes
 * are applied to it; a snapshot is read into a draft and takes its place when it is complete.
 */
export class LiveTable {
  /** Store whose feed the table follows, '' before the first snapshot. */
  store = ''
  /** Position in the feed. */
  seq = 0
  /** False after a frame that made no sense: some of it may be in the table. */
  isWhole = true
  #writer: TableWriter
  #applier: FrameApplier
  readonly #onTable: (handle: TableHandle) => void
  /** Gets a complete draft before it answers, and its position. */
  onAdopt: (writer: TableWriter, seq: number) => void = () => {}

  /** `onTable` gets every handle that takes the place of an older one. */
  constructor(onTable: (handle: TableHandle) => void) {
    this.#onTable = onTable
    this.#writer = new TableWriter((handle) => this.#handOut(this.#writer, handle))
    this.#applier = new FrameApplier(this.#writer)
  }

  get writer(): TableWriter {
    return this.#writer
  }

  get handle(): TableHandle {
    return this.#writer.handle
  }

  /** Applies one frame of the feed. Frames the table contains already do no harm. */
  apply(octets: Uint8Array, at: number): AppliedFrame {
    this.isWhole = false
    const frame = this.#applier.apply(octets, at)
    this.isWhole = true
    if (!frame.isHeartbeat && frame.seq > this.seq) this.seq = frame.seq
    return frame
  }

  /** An empty draft, or one that is a copy of another table. */
  draft(copy?: TableCopy): TableDraft {
    const writer: TableWriter = new TableWriter((handle) => this.#handOut(writer, handle), copy)
    return { writer, applier: new FrameApplier(writer) }
  }

  /** The draft is complete, and answers from now on. */
  adopt(draft: TableDraft, store: string, seq: number): void {
    draft.writer.markFilled()
    this.onAdopt(draft.writer, seq)
    this.#writer = draft.writer
    this.#applier = draft.applier
    this.store = store
    this.seq = seq
    this.isWhole = true
    this.#onTable(draft.writer.handle)
  }

  #handOut(writer: TableWriter, handle: TableHandle): void {
    if (writer === this.#writer) this.#onTable(handle)
  }
}
