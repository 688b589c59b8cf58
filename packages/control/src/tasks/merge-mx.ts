import type { RecordSetDraft } from '../record-sets/draft.ts'

/**
 * Joins the MX items of one name and line into one set, as the batch operations promise: it stands where the first of them
 * stood, holds every value once in order of appearance, and takes TTL, status and description of the first.
 * `draftOf` gives undefined for an item that has no draft; such items stay as they are.
 */
export function mergeMx<Item>(
  items: readonly Item[],
  draftOf: (item: Item) => RecordSetDraft | undefined,
  withDraft: (item: Item, draft: RecordSetDraft) => Item,
): Item[] {
  const merged: Item[] = []
  /** Position in `merged` of the MX set of a name and line. */
  const positions = new Map<string, number>()
  for (const item of items) {
    const draft = draftOf(item)
    if (draft?.type !== 'MX') {
      merged.push(item)
      continue
    }
    const key = `${draft.name.toLowerCase()} ${draft.line}`
    const position = positions.get(key)
    if (position === undefined) {
      positions.set(key, merged.length)
      merged.push(item)
      continue
    }
    const before = draftOf(merged[position]!)!
    merged[position] = withDraft(merged[position]!, {
      ...before,
      records: withoutRepeats([...before.records, ...draft.records]),
    })
  }
  return merged
}

/** Preference and host decide whether two MX values are equal; case, blanks and the final dot do not. */
function withoutRepeats(values: readonly string[]): string[] {
  const byForm = new Map<string, string>()
  for (const value of values) {
    const form = value.trim().toLowerCase().replace(/\s+/g, ' ').replace(/\.$/, '')
    if (!byForm.has(form)) byForm.set(form, value)
  }
  return [...byForm.values()]
}
