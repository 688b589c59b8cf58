import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { usageFailure } from '../failures.ts'

/** Where the API is and with which key it is called. */
export interface Connection {
  readonly url: string
  readonly accessKey: string
  readonly secretKey: string
}

export const DEFAULT_URL = 'http://127.0.0.1:8080'

/**
 * Takes the URL from `--url` or WAYMARK_URL, the key from WAYMARK_ACCESS_KEY and WAYMARK_SECRET_KEY, else from
 * `credentials.json` in the data folder (`--data`, WAYMARK_DATA, `./data`), which the server writes at its first start.
 */
export function findConnection(
  flags: { readonly url?: string; readonly data?: string },
  environment: Readonly<Record<string, string | undefined>>,
): Connection {
  const url = (flags.url || environment.WAYMARK_URL || DEFAULT_URL).replace(/\/+$/, '')
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw usageFailure(`"${url}" is no http or https URL`, `give for example --url ${DEFAULT_URL}`)
  }
  const { WAYMARK_ACCESS_KEY: accessKey, WAYMARK_SECRET_KEY: secretKey } = environment
  if (accessKey && secretKey) return { url, accessKey, secretKey }
  if (accessKey || secretKey) {
    throw usageFailure('WAYMARK_ACCESS_KEY and WAYMARK_SECRET_KEY must be set both, or neither')
  }
  const file = join(resolve(flags.data || environment.WAYMARK_DATA || './data'), 'credentials.json')
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof stored.access_key !== 'string' || typeof stored.secret_key !== 'string') {
      throw new Error('it has no access_key and secret_key')
    }
    return { url, accessKey: stored.access_key, secretKey: stored.secret_key }
  } catch (error) {
    const reason = (error as { code?: string }).code === 'ENOENT' ? 'there is none' : (error as Error).message
    throw usageFailure(
      `no credentials: cannot read ${file}: ${reason}`,
      'start the server first (waymark serve), give its data folder with --data, or set WAYMARK_ACCESS_KEY and WAYMARK_SECRET_KEY',
    )
  }
}
