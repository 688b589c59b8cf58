/**
 * The key by which names below a name are found: the labels between the apex and the owner, from the top down, each closed
 * with a dot. Below `b` stand exactly the keys that start with `b.` and are longer.
 *
 *     owner a.b.example.org.   apex example.org.   key b.a.
 *
 * Only owners two or more labels deep have one: everything shallower can only stand below the apex, so that a flat zone of
 * a million names keeps no such index.
 */
export function treeKey(owner: string, apex: string): string | null {
  // Most owners are one label below the apex, which their first dot tells without cutting the name up.
  if (owner.indexOf('.') + 1 + apex.length === owner.length) return null
  const labels = labelsBelow(owner, apex)
  return labels !== null && labels.length >= 2 ? keyOf(labels) : null
}

/** Keys of the names strictly below `owner`: greater than `above`, less than `below`. null: `owner` is the apex or outside. */
export function treeRange(owner: string, apex: string): { above: string; below: string } | null {
  const labels = labelsBelow(owner, apex)
  if (labels === null || labels.length === 0) return null
  const above = keyOf(labels)
  return { above, below: `${above.slice(0, -1)}/` } // '/' follows '.' in ASCII
}

const keyOf = (labels: string[]): string => `${labels.reverse().join('.')}.`

function labelsBelow(owner: string, apex: string): string[] | null {
  if (owner === apex) return []
  if (apex !== '.' && !owner.endsWith(`.${apex}`)) return null
  const relative = owner.slice(0, apex === '.' ? -1 : -apex.length - 1)
  if (!relative.includes('\\')) return relative.split('.')
  return relative.match(/(?:[^.\\]|\\.)+/gs) ?? [] // an escaped dot belongs to its label
}
