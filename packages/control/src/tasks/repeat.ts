import { ApiError, failure } from '../errors.ts'
import type { Repeat } from './submit.ts'

/**
 * What makes a request harmless to send twice: the header `Idempotency-Key` (1 to 255 characters) and a digest of `parts`,
 * which must hold everything that the request asks for. undefined without the header. Throws REQUEST_INVALID.
 */
export function readRepeat(headers: Headers, ...parts: readonly (string | Uint8Array)[]): Repeat | undefined {
  const key = headers.get('idempotency-key')?.trim()
  if (key === undefined) return undefined
  if (key.length < 1 || key.length > 255) {
    const { message, ...invalid } = failure('REQUEST_INVALID')
    throw new ApiError({ ...invalid, message: `${message} An Idempotency-Key has 1 to 255 characters.` })
  }
  const hasher = new Bun.CryptoHasher('sha256')
  for (const part of parts) {
    const bytes = typeof part === 'string' ? new TextEncoder().encode(part) : part
    // The length goes before each part, so that two lists of parts never give the same octets.
    hasher.update(`${bytes.length}:`).update(bytes)
  }
  return { key, digest: hasher.digest('hex') }
}
