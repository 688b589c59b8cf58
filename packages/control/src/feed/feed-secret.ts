import { randomBytes } from 'node:crypto'
import type { Store } from '../store/store.ts'

const SECRET_SETTING = 'feed-secret'
const LOCK_SETTING = 'feed-secret-lock'

/** What edges present to follow the feed: the operator's choice, else the one in the database, made at the first start. */
export async function ensureFeedSecret(store: Store, given: string | undefined): Promise<string> {
  if (given !== undefined) return given
  const held = await store.findSetting(SECRET_SETTING)
  if (held !== undefined) return held
  return store.transaction(async (tx) => {
    // Writing a row first makes nodes that start at the same moment take turns.
    await tx.putSetting(LOCK_SETTING, '')
    const first = await tx.findSetting(SECRET_SETTING)
    if (first !== undefined) return first
    const secret = randomBytes(32).toString('base64url')
    await tx.putSetting(SECRET_SETTING, secret)
    return secret
  })
}
