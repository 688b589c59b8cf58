import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from '../store/store.ts'

/**
 * Secret keys have to be known in the clear to check signatures, so the database holds them sealed: AES-256-GCM under
 * the installation's master key, which never enters the database. A stolen database alone signs nothing.
 */
export interface SecretBox {
  /** Base64 of nonce, ciphertext and tag. `owner` is bound in: a sealed secret moved to another row does not open. */
  readonly seal: (secret: string, owner: string) => string
  /** Throws when the text was changed, or was sealed for another owner or under another key. */
  readonly open: (sealed: string, owner: string) => string
}

const NONCE_SIZE = 12
const TAG_SIZE = 16
const KEY_SIZE = 32

export function createSecretBox(masterKey: Uint8Array): SecretBox {
  return {
    seal(secret, owner) {
      const nonce = randomBytes(NONCE_SIZE)
      const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(Buffer.from(owner))
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64')
    },
    open(sealed, owner) {
      const octets = Buffer.from(sealed, 'base64')
      const end = octets.length - TAG_SIZE
      const decipher = createDecipheriv('aes-256-gcm', masterKey, octets.subarray(0, NONCE_SIZE), {
        authTagLength: TAG_SIZE,
      })
      decipher.setAAD(Buffer.from(owner)).setAuthTag(octets.subarray(end))
      return Buffer.concat([decipher.update(octets.subarray(NONCE_SIZE, end)), decipher.final()]).toString(
        'utf8',
      )
    },
  }
}

/** A start that cannot go on for a reason the operator can mend; the message says how. */
export class StartError extends Error {}

const FINGERPRINT_SETTING = 'master-key-fingerprint'

/**
 * The installation's master key: `given` (64 hexadecimal digits), else the file `master.key` of the data folder, else a
 * new one, kept there with mode 0600. Nodes that share a database share the key; a node with another one does not start.
 */
export async function loadMasterKey(
  store: Store,
  dataDir: string,
  given: string | undefined,
): Promise<Uint8Array> {
  const known = await store.findSetting(FINGERPRINT_SETTING)
  const file = join(dataDir, 'master.key')
  const text = given ?? readIfPresent(file)
  if (text === undefined && known !== undefined)
    throw new StartError(
      `The database was set up under a master key that this node does not have. Copy master.key of the first node to ${file}, or set WAYMARK_MASTER_KEY.`,
    )
  const key = parseMasterKey(text ?? createOnce(file, `${randomBytes(KEY_SIZE).toString('hex')}\n`))
  const fingerprint = createHmac('sha256', key).update(FINGERPRINT_SETTING).digest('hex')
  const agreed =
    known ??
    (await store.transaction(async (tx) => {
      await tx.insertSetting(FINGERPRINT_SETTING, fingerprint)
      return tx.findSetting(FINGERPRINT_SETTING)
    }))
  if (agreed !== fingerprint)
    throw new StartError(
      `The master key of this node is not the one the database was set up with. Use master.key of the first node (${file}, or WAYMARK_MASTER_KEY).`,
    )
  return key
}

function parseMasterKey(text: string): Uint8Array {
  const digits = text.trim()
  if (!/^[0-9a-fA-F]{64}$/.test(digits))
    throw new StartError('The master key (master.key or WAYMARK_MASTER_KEY) must be 64 hexadecimal digits.')
  return Buffer.from(digits, 'hex')
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes the file unless it exists, whole or not at all, and returns what it holds afterwards. */
function createOnce(file: string, text: string): string {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
  return readFileSync(file, 'utf8')
}
