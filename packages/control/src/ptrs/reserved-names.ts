import type { Tx } from '../store/store.ts'
import { addressOfReverseName } from './reverse-name.ts'

/** Those of the apexes that are the reverse names of addresses with a PTR record: what is published for it stands there. */
export async function reservedNames(tx: Tx, apexes: readonly string[]): Promise<ReadonlySet<string>> {
  const reserved = new Set<string>()
  for (const apex of apexes) {
    const address = addressOfReverseName(apex)
    if (address !== undefined && (await tx.hasPtr(address))) reserved.add(apex)
  }
  return reserved
}
