import { TableWriter } from '../zone-table/writer.ts'
import { FrameApplier, frameSize } from './apply-frame.ts'

/** A table filled by hand, frame by frame: for tests and measurements. */
export class MemorySource {
  readonly writer: TableWriter
  readonly #applier: FrameApplier

  constructor(writer = new TableWriter()) {
    this.writer = writer
    writer.markFilled()
    this.#applier = new FrameApplier(writer)
  }

  /** Applies all frames in `octets`. */
  apply(octets: Uint8Array): void {
    let at = 0
    for (;;) {
      const size = frameSize(octets, at, octets.length)
      if (size === 0) return
      this.#applier.apply(octets, at)
      at += size
    }
  }
}
