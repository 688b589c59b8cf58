import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import type { ControlSettings } from '../context.ts'
import { type ControlOptions, type RunningControl, startControl } from '../control.ts'
import { signedFetch, TEST_SETTINGS } from '../http/test-platform.ts'

/** For tests only: a whole control plane on a socket, and callers who sign. */

export interface Signer {
  readonly access_key: string
  readonly secret_key: string
}

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly json: any
  readonly text: string
  readonly headers: Headers
}

export interface Lab {
  readonly control: RunningControl
  readonly operator: Signer & { readonly domain_id: string; readonly project_id: string }
  /** A signed call; without a signer an anonymous one. */
  call(signer: Signer | undefined, method: string, path: string, body?: unknown): Promise<Answer>
  /** Another account and the keys of its administrator. */
  makeAccount(name: string): Promise<Signer & { readonly domain_id: string; readonly project_id: string }>
  /** A user of the signer's account, and its keys. */
  makeUser(signer: Signer, fields: object): Promise<Signer & { readonly id: string }>
  stop(): Promise<void>
}

export async function openLab(
  settings: Partial<ControlSettings> = {},
  options: Partial<ControlOptions> = {},
): Promise<Lab> {
  const dataDir = mkdtempSync(join(tmpdir(), 'waymark-lab-'))
  const control = await startControl({
    settings: { ...TEST_SETTINGS, ...settings },
    dataDir,
    http: { hostname: '127.0.0.1', port: 0 },
    log: pino({ level: 'silent' }),
    version: '0.0.0',
    ...options,
  })
  const call: Lab['call'] = async (signer, method, path, body) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const url = control.url + path
    const response =
      signer === undefined
        ? await fetch(url, { method, body: text })
        : await signedFetch(signer, url, { method, body: text })
    const answer = await response.text()
    const isJson = response.headers.get('content-type') === 'application/json' && answer !== ''
    return {
      status: response.status,
      json: isJson ? JSON.parse(answer) : undefined,
      text: answer,
      headers: response.headers,
    }
  }
  const operator = control.firstCredentials!
  return {
    control,
    operator,
    call,
    async makeAccount(name) {
      return (await call(operator, 'POST', '/waymark/v1/accounts', { name })).json.credentials
    },
    async makeUser(signer, fields) {
      const user = await call(signer, 'POST', '/waymark/v1/users', fields)
      if (user.status !== 201) throw new Error(user.text)
      const key = await call(signer, 'POST', '/waymark/v1/keys', { user_id: user.json.id })
      return { ...key.json, id: user.json.id }
    },
    async stop() {
      await control.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
