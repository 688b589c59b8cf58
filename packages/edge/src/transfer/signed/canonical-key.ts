/** More than any key: 255 octets, each of which may take two. */
const scratch = Buffer.alloc(512)

/**
 * A text that sorts, compared by code units, as RFC 4034 6.1 orders the owner: labels from the last to the first, a name before those
 * below it. Their keys begin with its key. `owner` is lower-case wire without apex and root, `size` octets at `at`.
 */
export function canonicalKey(owner: Uint8Array, at = 0, size: number = owner.length): string {
  let to = scratch.length
  const end = at + size
  // From the back of the scratch space, so the first label comes last.
  for (let label = at; label < end; ) {
    const labelSize = owner[label]!
    let needed = labelSize + 1
    for (let i = 1; i <= labelSize; i++) if (owner[label + i]! < 2) needed++
    to -= needed
    let next = to
    for (let i = 1; i <= labelSize; i++) {
      const octet = owner[label + i]!
      // 0 ends a label, so it sorts before all octets; 0 and 1 themselves are written as two.
      if (octet < 2) scratch[next++] = 1
      scratch[next++] = octet < 2 ? octet + 1 : octet
    }
    scratch[next] = 0
    label += labelSize + 1
  }
  return scratch.toString('latin1', to)
}
