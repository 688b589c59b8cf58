/** What `serve` and `control` say on standard output; everything else they have to say is in the log. */
export interface FirstCredentials {
  readonly access_key: string
  readonly secret_key: string
  readonly user: string
  readonly password: string
  readonly domain: string
  readonly domain_id: string
  readonly region: string
  readonly project_id: string
}

const list = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([title, value]) => `  ${title.padEnd(12)}${value}`).join('\n')

/** Shown at the first start only: nobody can read the secret key and the password back later but from the file. */
export const credentialsText = (made: FirstCredentials, file: string): string =>
  [
    'First credentials, shown this once and kept in',
    `  ${file}`,
    '',
    list([
      ['access key', made.access_key],
      ['secret key', made.secret_key],
      ['user', made.user],
      ['password', made.password],
      ['account', `${made.domain} (${made.domain_id})`],
      ['project', `${made.region} (${made.project_id})`],
    ]),
    '',
  ].join('\n')

export interface Places {
  readonly version: string
  readonly url: string
  readonly httpsUrl?: string
  /** Where names under URL forwarding lead, when that is here. */
  readonly redirectUrl?: string
  /** Undefined where no edge belongs to the process. */
  readonly dns: string | undefined
  /** Where it is answered over TLS and HTTPS. */
  readonly encryptedDns?: readonly string[]
  readonly dataFolder: string
  readonly database: string | undefined
}

/** Said once everything answers. */
export function readyText({
  version,
  url,
  httpsUrl,
  redirectUrl,
  dns,
  encryptedDns = [],
  dataFolder,
  database,
}: Places): string {
  const rows: [string, string][] = [['API', url]]
  if (httpsUrl !== undefined) rows.push(['', httpsUrl])
  if (dns !== undefined) rows.push(['DNS', `${dns.replaceAll(',', ', ')} (UDP and TCP)`])
  for (const place of encryptedDns) rows.push(['', place])
  if (redirectUrl !== undefined) rows.push(['Forwarding', redirectUrl])
  rows.push(['Data', dataFolder])
  if (database !== undefined) rows.push(['Database', withoutPassword(database)])
  return `Waymark ${version} is ready. Stop it with Ctrl-C.\n\n${list(rows)}\n`
}

/** A database URL without its password. */
export function withoutPassword(database: string): string {
  const url = new URL(database)
  url.password = ''
  return url.href
}
