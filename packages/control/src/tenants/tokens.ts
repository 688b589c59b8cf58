import { createHash, randomBytes } from 'node:crypto'
import type { Store, Token } from '../store/store.ts'

/** An expired token is remembered this long, so that its owner learns that it expired rather than that it is unknown. */
const REMEMBERED_MS = 24 * 60 * 60_000

export interface TokenGrant {
  readonly userId: string
  readonly domainId: string
  readonly projectId: string | null
  readonly methods: readonly string[]
}

/** Makes and stores a token. Only its hash is stored: `text` is shown once, to its owner. */
export async function issueToken(
  store: Store,
  grant: TokenGrant,
  now: number,
  lifetimeMs: number,
  expiresAt = now + lifetimeMs,
): Promise<{ readonly text: string; readonly token: Token }> {
  const text = randomBytes(48).toString('base64url')
  const token: Token = { ...grant, hash: hashToken(text), issuedAt: now, expiresAt }
  await store.transaction(async (tx) => {
    await tx.removeExpiredTokens(now - REMEMBERED_MS)
    await tx.insertToken(token)
  })
  return { text, token }
}

export const hashToken = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A time as the identity API writes it: microseconds and `Z`, unlike those of the DNS API. */
export const identityTime = (time: number): string => new Date(time).toISOString().replace('Z', '000Z')
