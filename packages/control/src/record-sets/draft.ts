import type { Failure } from '../errors.ts'
import type { RecordSet, Tag } from '../store/store.ts'

/**
 * What every door (JSON body, batch item, spreadsheet row, zone file, CSV) turns its input into before the rules see it.
 * Values are as sent; defaults are filled in (ttl 300, line default_view, status ENABLE), nothing is normalised yet. A value of a
 * wrong kind may be in it where the input is JSON: the rules refuse it with the code of its field.
 */
export interface RecordSetDraft {
  /** Full name with final dot, or whatever was sent when no name could be formed. */
  readonly name: string
  readonly type: string
  readonly line: string
  readonly ttl: number
  /** undefined: not sent, the default of zone type and type applies. null: explicitly not weighted. */
  readonly weight: number | null | undefined
  readonly records: readonly string[]
  readonly status: string
  readonly description: string | null
  readonly aliasTarget?: { readonly resourceType: string; readonly resourceDomainName: string } | null
  readonly tags?: readonly Tag[]
}

/** The verdict on one draft: the row to store, or why not. The same code gives it for a dry run and for a commit. */
export type Verdict =
  | { readonly ok: true; readonly row: RecordSet }
  | { readonly ok: false; readonly failure: Failure }

/** Which door asked: wording of a duplicate and number of values allowed differ by door (record-sets.md 3, 12.3). */
export type Door = 'v2' | 'v2.1' | 'batch'
