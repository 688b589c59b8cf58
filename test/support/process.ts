/** Small things for tests and benches that run other programs. */

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Runs a command to its end and returns its standard output; throws with what it said when it fails. */
export async function run(command: readonly string[], input?: string): Promise<string> {
  const child = Bun.spawn([...command], {
    stdin: input === undefined ? 'ignore' : new Blob([input]),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${err || out}`)
  return out
}

/** Below the ports that Linux gives to outgoing connections: one of those could take a port before its server is up. */
const LOWEST_PORT = 20_000
const HIGHEST_PORT = 32_000
const given = new Set<number>()

/** A port of 127.0.0.1 that nobody listens on, another one each time. Name servers have theirs for UDP and TCP alike. */
export function freePort(): number {
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT))
    if (given.has(port)) continue
    given.add(port)
    try {
      Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } }).stop(true)
      return port
    } catch {
      // Somebody has it.
    }
  }
}
