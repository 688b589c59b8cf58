import { TYPE_DS } from '@waymark/dns/rr-types/type-codes'
import { chooseGroup, chooseVariant } from '../answer/choose.ts'
import { negativeTtl } from '../answer/fill.ts'
import type { Query } from '../answer/query.ts'
import { suffixAt, writeRrset } from '../answer/write.ts'
import { NODE_GROUPS } from '../zone-table/layout.ts'
import type { TableView } from '../zone-table/view.ts'
import { denyDs } from './deny.ts'

/** Adds to a referral the DS set of the zone cut, or that there is none, signed (RFC 4035 3.1.4). Returns records, -1 without room. */
export function writeDs(q: Query, view: TableView): number {
  const ownerAt = suffixAt(q, q.cutLabel)
  const node = view.findNode(q.zoneNumber, q.name, q.cutLabel, q.apexLabel)
  const ds = node === 0 ? 0 : chooseGroup(q, view, view.words[node + NODE_GROUPS]!, TYPE_DS, false)
  if (ds === 0) return denyDs(q, view, ownerAt, negativeTtl(view, q.zone))
  return writeRrset(q, view, ds, chooseVariant(q, view, ds), ownerAt)
}
