import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Log, reasonOf } from '../log.ts'
import { onHangUp } from '../on-hang-up.ts'

/** What listeners with TLS need, in PEM. */
export interface TlsMaterial {
  /** With its chain. */
  readonly cert: string
  readonly key: string
}

export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

const LOOK_EVERY_MS = 60_000

/** Reads certificate and key. Throws an Error where they are not there, or not each other's. */
export function readTlsFiles(files: TlsFiles): TlsMaterial {
  const cert = readFileSync(files.cert, 'utf8')
  const key = readFileSync(files.key, 'utf8')
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw new Error(`The key in ${files.key} is not that of the certificate in ${files.cert}.`)
  }
  return { cert, key }
}

/** Looks at the files again and again, and at SIGHUP, and hands on what has changed. What is broken is told of, and the old stays. */
export function watchTlsFiles(
  files: TlsFiles,
  current: TlsMaterial,
  use: (material: TlsMaterial) => void,
  log: Log,
  everyMs = LOOK_EVERY_MS,
): () => void {
  let last = current
  const look = (): void => {
    try {
      const next = readTlsFiles(files)
      if (next.cert === last.cert && next.key === last.key) return
      last = next
      use(next)
      log.info('new certificate for DNS taken up')
    } catch (error) {
      log.warn('new certificate for DNS cannot be used', { reason: reasonOf(error) })
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
