/** Runs schemathesis against a running service, from the service's own description of its API. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CLIENT_TOOLS } from '../../scripts/client-tools.ts'
import type { Service } from '../support/service.ts'

export interface FuzzOptions {
  /** Made-up requests an operation; those of the coverage phase come on top. */
  readonly examples: number
  readonly seed: number
  /** Operations to call; all of them without it. */
  readonly operations?: readonly string[]
  /** Prints the report as it comes, and gives none. */
  readonly isShown?: boolean
}

export interface FuzzResult {
  /** The whole report of schemathesis, for people. */
  readonly report: string
  readonly isClean: boolean
}

const HERE = new URL('.', import.meta.url).pathname

export async function runSchemathesis(service: Service, options: FuzzOptions): Promise<FuzzResult> {
  const { examples, seed, operations = [], isShown = false } = options
  const folder = mkdtempSync(join(tmpdir(), 'waymark-fuzz-'))
  try {
    const child = Bun.spawn({
      cmd: [
        `${CLIENT_TOOLS}/schemathesis/bin/schemathesis`,
        ...['--config-file', `${HERE}schemathesis.toml`, 'run', `${service.url}/openapi.json`],
        ...['--max-examples', String(examples), '--seed', String(seed), '--workers', '1'],
        ...['--header', `X-Auth-Token:${service.token}`, '--no-color'],
        ...operations.flatMap((name) => ['--include-operation-id', name]),
      ],
      cwd: folder,
      env: {
        ...process.env,
        PYTHONPATH: HERE,
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_HOOKS: 'hooks',
        WAYMARK_URL: service.url,
        WAYMARK_TOKEN: service.token,
        WAYMARK_CREDENTIALS: JSON.stringify(service.credentials),
      },
      stdin: 'ignore',
      stdout: isShown ? 'inherit' : 'pipe',
      stderr: isShown ? 'inherit' : 'pipe',
    })
    const [out, err, code] = await Promise.all([
      new Response(child.stdout ?? undefined).text(),
      new Response(child.stderr ?? undefined).text(),
      child.exited,
    ])
    return { report: `${out}${err}`, isClean: code === 0 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
