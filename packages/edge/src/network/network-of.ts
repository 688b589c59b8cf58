import type { Query } from '../answer/query.ts'
import { IPV4, Source, UNKNOWN } from '../line/source-address.ts'
import type { TableView } from '../zone-table/view.ts'

/** Who asks, and where. */
export type Visit = Pick<Query, 'from' | 'listener' | 'address'>

/** A visit of which the addresses are known as text; `listener` as `listenerAddress` gives it. */
export function visitOf(source: string, listener: string): Visit {
  const from = new Source()
  from.text = source
  return { from, listener, address: new Uint8Array(16) }
}

/**
 * The network that whoever asks belongs to, 0 for none: that of the address asked, else that of the longest client prefix around the
 * source address. The client subnet option says nothing here: anybody can write anything into it.
 */
export function networkOf(q: Visit, view: TableView): number {
  const { listeners, clientRanges } = view
  if (q.listener !== '' && listeners.size > 0) {
    const network = listeners.get(q.listener)
    if (network !== undefined) return network
  }
  return clientRanges !== null && readSource(q) ? clientRanges.networkOf(q.address) : 0
}

/** Puts the source address into `q.address`, IPv4 as `::ffff:a.b.c.d`. */
function readSource(q: Visit): boolean {
  const { address } = q
  const kind = q.from.read(address)
  if (kind === IPV4) {
    address[10] = 255
    address[11] = 255
  }
  return kind !== UNKNOWN
}
