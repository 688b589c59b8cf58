import type { HttpServer } from '@waymark/control/http/serve'
import { StartError } from '@waymark/control/tenants/secrets'
import { onHangUp } from '@waymark/edge/on-hang-up'
import type { Logger } from 'pino'
import type { Settings } from '../settings.ts'
import { ownCertificate, readCertificate, serverNames, type TlsMaterial } from './certificate-files.ts'

const LOOK_EVERY_MS = 60_000

type TlsSettings = Pick<Settings, 'https' | 'dot' | 'doh' | 'tls-cert' | 'tls-key' | 'public-url'>

/**
 * Where the certificate comes from, asked again and again: the operator's files or our own. undefined where nothing listens with TLS.
 * HTTPS and encrypted DNS share it. Throws StartError when the settings do not go together.
 */
export function tlsSource(settings: TlsSettings, dataDir: string): (() => TlsMaterial) | undefined {
  const { https, dot = [], doh = [], 'tls-cert': cert, 'tls-key': key } = settings
  if ((cert === undefined) !== (key === undefined))
    throw new StartError('--tls-cert and --tls-key belong together: give both, or neither')
  const hosts = [...(https === undefined ? [] : [https]), ...dot, ...doh].map(({ host }) => host)
  if (hosts.length === 0) {
    if (cert !== undefined)
      throw new StartError(
        '--tls-cert is for HTTPS and encrypted DNS: say where to listen with --https, --dot or --doh',
      )
    return undefined
  }
  if (cert !== undefined && key !== undefined) return () => readCertificate(cert, key)
  return () => ownCertificate(dataDir, serverNames(hosts, settings['public-url']), new Date())
}

/** Takes up certificates that were renewed, at SIGHUP at once. A new one that is broken is told of, and the old one stays. */
export function watchCertificate(
  server: Pick<HttpServer, 'useCertificate'>,
  material: () => TlsMaterial,
  log: Logger,
  everyMs = LOOK_EVERY_MS,
): () => void {
  let current = material()
  const look = (): void => {
    try {
      const next = material()
      if (next.cert === current.cert && next.key === current.key) return
      server.useCertificate(next)
      current = next
      log.info('new certificate for HTTPS taken up')
    } catch (error) {
      log.error({ err: error }, 'new certificate for HTTPS cannot be used')
    }
  }
  const timer = setInterval(look, everyMs)
  timer.unref()
  const forget = onHangUp(look)
  return () => {
    clearInterval(timer)
    forget()
  }
}
