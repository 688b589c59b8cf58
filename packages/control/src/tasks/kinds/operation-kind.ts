import type { Context } from '../../context.ts'
import type { Failure } from '../../errors.ts'
import type { OperationTaskKind, Task, TaskEffect, Tx } from '../../store/store.ts'

/** What became of one record set or zone that an item is about. */
export interface Outcome {
  /** Full name of the record set or zone, final dot; the text as sent where that makes none. */
  readonly name: string
  readonly failure?: Failure
  readonly effect?: Omit<TaskEffect, 'index'>
}

/** What became of some items. */
export interface Worked {
  /** In the order of the items: for each of them any number. */
  readonly outcomes: readonly Outcome[]
  /** Position of the last feed entry; 0 when nothing that is answered has changed. */
  readonly feedSeq: number
}

/** The next items of an operation task. */
export interface Work<Item> {
  readonly task: Task
  readonly items: readonly Item[]
}

/**
 * A kind of task over many zones of an account. `Item` is the JSON form in which the kind's items are stored. To add a kind: a
 * file like its neighbours here, its name in `OperationTaskKind`, an entry in `kinds.ts`.
 */
export interface OperationKind<Item = unknown> {
  readonly name: OperationTaskKind
  /** What the API calls it: `type` of the task. */
  readonly word: string
  /** Works off `items` in one transaction. Throws only what nobody expects: then the items are tried again. */
  readonly apply: (tx: Tx, context: Context, work: Work<Item>) => Promise<Worked>
  /** What to show of an item that could not be worked off at all. */
  readonly nameOf: (item: Item) => string
}
