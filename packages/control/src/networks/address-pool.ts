import type { Reads } from '../store/store.ts'
import { contains, formatIp, type IpAddress, readPrefix } from './prefix.ts'

/** The lowest address of the pool (prefixes, in order) that nobody has registered; undefined when there is none of the family. */
export async function findFreeAddress(
  store: Pick<Reads, 'findAddressOwner'>,
  pool: readonly string[],
  version: 4 | 6,
): Promise<string | undefined> {
  for (const text of pool) {
    const prefix = readPrefix(text)
    if (typeof prefix === 'string' || (prefix.network.length === 4) !== (version === 4)) continue
    let ip: IpAddress | undefined = prefix.network
    for (; ip !== undefined && contains(prefix, ip); ip = after(ip)) {
      const address = formatIp(ip)
      if ((await store.findAddressOwner(address)) === undefined) return address
    }
  }
  return undefined
}

/** The next address; undefined behind the last. */
function after(ip: IpAddress): IpAddress | undefined {
  const next = ip.slice()
  for (let at = next.length - 1; at >= 0; at--) {
    next[at] = (next[at]! + 1) & 0xff
    if (next[at] !== 0) return next
  }
  return undefined
}
