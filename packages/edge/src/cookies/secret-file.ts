import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const FILE = 'cookie.secret'

/** Reads secrets of 16 octets, written as hexadecimal digits with commas between. Throws an Error for anything else. */
export function parseSecrets(text: string): Uint8Array[] {
  return text.split(',').map((part) => {
    if (!/^[0-9a-f]{32}$/i.test(part)) throw new Error('A cookie secret has 32 hexadecimal digits.')
    return new Uint8Array(Buffer.from(part, 'hex'))
  })
}

/** The secret of this edge, made at its first start: clients keep their cookies over a restart. Without a folder it is not kept. */
export async function ownCookieSecrets(folder: string | undefined): Promise<Uint8Array[]> {
  const made = crypto.getRandomValues(new Uint8Array(16)).toHex()
  if (folder === undefined) return parseSecrets(made)
  const path = join(folder, FILE)
  const known = await readFile(path, 'utf8').catch(() => undefined)
  if (known !== undefined) {
    try {
      return parseSecrets(known.trim())
    } catch (error) {
      throw new Error(`${path}: ${(error as Error).message} Without the file a new one is made.`)
    }
  }
  await mkdir(folder, { recursive: true })
  await writeFile(`${path}.new`, `${made}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return parseSecrets(made)
}
