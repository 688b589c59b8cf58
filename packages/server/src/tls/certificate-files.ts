import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { StartError } from '@waymark/control/tenants/secrets'
import { type Certified, makeAuthority, makeServerCertificate } from './certificate.ts'

/** What a listener with TLS needs, in PEM. */
export interface TlsMaterial {
  readonly cert: string
  readonly key: string
  /** File with the authority that clients have to trust; absent where the operator brought the certificate. */
  readonly authorityFile?: string
}

const AUTHORITY_NAME = 'Waymark local authority'
const AUTHORITY_DAYS = 3650
/** Apple's systems accept no more than 825 days, and ours is renewed by itself. */
const SERVER_DAYS = 397
const RENEW_BEFORE_MS = 60 * 24 * 60 * 60_000

/** The operator's certificate. Throws StartError when the files do not fit each other. */
export function readCertificate(certFile: string, keyFile: string): TlsMaterial {
  const [cert, key] = [read(certFile, '--tls-cert'), read(keyFile, '--tls-key')]
  let fits: boolean
  try {
    fits = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch (error) {
    throw new StartError(`--tls-cert ${certFile} and --tls-key ${keyFile}: ${(error as Error).message}`)
  }
  if (!fits) throw new StartError(`the key in ${keyFile} is not that of the certificate in ${certFile}`)
  return { cert, key }
}

/**
 * A certificate of our own for `names`, kept in the folder `tls` of the data folder and made anew when it is about to end or
 * the names have changed. It is signed by an authority made at the first start, which stays: clients trust that one.
 */
export function ownCertificate(dataDir: string, names: readonly string[], now: Date): TlsMaterial {
  const folder = join(dataDir, 'tls')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = (name: string) => join(folder, name)
  const authority =
    load(file('authority.pem'), file('authority.key'), now) ??
    store(file('authority.pem'), file('authority.key'), makeAuthority(AUTHORITY_NAME, AUTHORITY_DAYS, now))
  let server = load(file('server.pem'), file('server.key'), now)
  if (server === undefined || !isFor(server, names) || !isSignedBy(server, authority)) {
    const made = makeServerCertificate({ ...authority, name: AUTHORITY_NAME }, names, SERVER_DAYS, now)
    server = store(file('server.pem'), file('server.key'), made)
  }
  return {
    cert: server.certificate + authority.certificate,
    key: keyText(server),
    authorityFile: file('authority.pem'),
  }
}

/** Names under which a server that listens on `hosts` may be reached. */
export function serverNames(hosts: readonly string[], publicUrl: string | undefined): string[] {
  const names = ['localhost', '127.0.0.1', '::1', hostname()]
  if (publicUrl !== undefined) names.push(new URL(publicUrl).hostname.replace(/^\[|\]$/g, ''))
  if (hosts.some((host) => host === '0.0.0.0' || host === '::'))
    for (const addresses of Object.values(networkInterfaces()))
      names.push(
        ...(addresses ?? []).map(({ address }) => address).filter((address) => !address.includes('%')),
      )
  names.push(...hosts.filter((host) => host !== '0.0.0.0' && host !== '::'))
  return [...new Set(names)]
}

/** undefined when there is none that is good for some time yet. */
function load(certFile: string, keyFile: string, now: Date): Certified | undefined {
  try {
    const certificate = readFileSync(certFile, 'utf8')
    const key = createPrivateKey(readFileSync(keyFile, 'utf8'))
    const parsed = new X509Certificate(certificate)
    const endsAt = Date.parse(parsed.validTo)
    return parsed.checkPrivateKey(key) && endsAt - now.getTime() > RENEW_BEFORE_MS
      ? { certificate, key }
      : undefined
  } catch {
    // Whatever is wrong with our own files, new ones mend it.
    return undefined
  }
}

function store(certFile: string, keyFile: string, made: Certified): Certified {
  for (const [file, text] of [
    [keyFile, keyText(made)],
    [certFile, made.certificate],
  ] as const) {
    writeFileSync(`${file}.new`, text, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
  return made
}

const keyText = ({ key }: Certified): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

function isFor({ certificate }: Certified, names: readonly string[]): boolean {
  const parsed = new X509Certificate(certificate)
  return names.every(
    (name) => (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name)) !== undefined,
  )
}

const isSignedBy = ({ certificate }: Certified, authority: Certified): boolean =>
  new X509Certificate(certificate).verify(new X509Certificate(authority.certificate).publicKey)

function read(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new StartError(`${flag}: cannot read ${file}: ${(error as Error).message}`)
  }
}
