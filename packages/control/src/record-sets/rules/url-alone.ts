import { conflict } from './cname-alone.ts'
import type { ConflictRule } from './rule.ts'

const URL_TYPES: ReadonlySet<string> = new Set(['REDIRECT_URL', 'FORWARD_URL'])
/** What a name under URL forwarding answers is the address of the forwarder, so it has no address of its own. */
const IN_THE_WAY: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME', ...URL_TYPES])

/** URL forwarding stands beside no address, no CNAME and no other forwarding. */
export const urlAlone: ConflictRule = (candidate, { neighbours }) => {
  const isUrl = URL_TYPES.has(candidate.type)
  if (!isUrl && !IN_THE_WAY.has(candidate.type)) return undefined
  for (const other of neighbours) {
    if (other.type === candidate.type) continue
    if (isUrl ? IN_THE_WAY.has(other.type) : URL_TYPES.has(other.type)) return conflict(other)
  }
  return undefined
}

export const isUrlType = (type: string): boolean => URL_TYPES.has(type)
