import { parseIpv4, parseIpv6 } from '@waymark/dns/address'
import type { Query } from '../answer/query.ts'
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
  const { address, source } = q
  if (parseIpv4(source, address, 12)) {
    address.fill(0, 0, 10)
    address[10] = 255
    address[11] = 255
    return true
  }
  // A link-local address comes with its interface.
  const zone = source.indexOf('%')
  return parseIpv6(zone < 0 ? source : source.slice(0, zone), address)
}
