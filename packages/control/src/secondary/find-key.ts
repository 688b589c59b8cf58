import type { TsigKey } from '@waymark/dns/tsig/tsig'
import type { Context } from '../context.ts'
import { openTsigKey } from '../transfers/policy-payload.ts'

/** The TSIG key of this name (lower case, final dot), with its secret; undefined: there is none. */
export async function findTsigKey(
  { store, secrets }: Pick<Context, 'store' | 'secrets'>,
  name: string,
): Promise<TsigKey | undefined> {
  const row = (await store.tsigKeys()).find((key) => key.name === name)
  return row && openTsigKey(row, secrets)
}
