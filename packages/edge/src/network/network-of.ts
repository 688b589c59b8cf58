import type { Query } from '../answer/query.ts'
import { IPV4, UNKNOWN } from '../line/source-address.ts'
import type { TableView } from '../zone-table/view.ts'

/**
 * The network that whoever asks belongs to, 0 for none: that of the address asked, else that of the longest client prefix around the
 * source address. The client subnet option says nothing here: anybody can write anything into it.
 */
export function networkOf(q: Query, view: TableView): number {
  const { listeners, clientRanges } = view
  if (q.listener !== '' && listeners.size > 0) {
    const network = listeners.get(q.listener)
    if (network !== undefined) return network
  }
  return clientRanges !== null && readSource(q) ? clientRanges.networkOf(q.address) : 0
}

/** Puts the source address into `q.address`, IPv4 as `::ffff:a.b.c.d`. */
function readSource(q: Query): boolean {
  const { address } = q
  const kind = q.from.read(address)
  if (kind === IPV4) {
    address[10] = 255
    address[11] = 255
  }
  return kind !== UNKNOWN
}
