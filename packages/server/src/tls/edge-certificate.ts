import { join } from 'node:path'
import type { Settings } from '../settings.ts'
import { tlsSource } from './tls-source.ts'

const RENEW_EVERY_MS = 60 * 60_000

export interface EdgeCertificate {
  /** Files that the edge reads, and looks at again and again. */
  readonly cert: string
  readonly key: string
  stop(): void
}

/**
 * The certificate of encrypted DNS: the operator's files, or our own, which are made here and renewed before they end. undefined where
 * DNS is not encrypted. Throws StartError for files that cannot be used.
 */
export function edgeCertificate(
  settings: Settings,
  dataDir: string,
  onFault: (error: unknown) => void,
): EdgeCertificate | undefined {
  const source = tlsSource(settings, dataDir)
  if (source === undefined || (settings.dot === undefined && settings.doh === undefined)) return undefined
  source()
  const { 'tls-cert': cert, 'tls-key': key } = settings
  if (cert !== undefined && key !== undefined) return { cert, key, stop() {} }
  const timer = setInterval(() => {
    try {
      source()
    } catch (error) {
      onFault(error)
    }
  }, RENEW_EVERY_MS)
  timer.unref()
  return {
    cert: join(dataDir, 'tls', 'server.pem'),
    key: join(dataDir, 'tls', 'server.key'),
    stop: () => clearInterval(timer),
  }
}
