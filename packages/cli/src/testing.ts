/** Runs the command line as a process of its own, for tests. */
import { join } from 'node:path'
import type { Lab } from '@waymark/control/tenants/testing'

const ENTRY = join(import.meta.dir, 'main.ts')

export interface Ended {
  readonly out: string
  readonly err: string
  readonly code: number
}

/** Runs the words of a line, with nothing of our own environment but what every process needs. */
export async function runWaymark(
  line: string,
  environment: Record<string, string>,
  cwd?: string,
): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env
  const child = Bun.spawn({
    cmd: [process.execPath, ENTRY, ...(line === '' ? [] : line.split(' '))],
    cwd,
    env: { PATH, HOME, ...environment },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { out, err, code }
}

/** What makes a command the operator's of a control plane. */
export const asOperator = ({ control, operator }: Lab): Record<string, string> => ({
  WAYMARK_URL: control.url,
  WAYMARK_ACCESS_KEY: operator.access_key,
  WAYMARK_SECRET_KEY: operator.secret_key,
})
