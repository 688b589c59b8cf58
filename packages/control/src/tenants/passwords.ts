/**
 * Passwords as argon2id hashes. A check takes tens of milliseconds and 19 MB by design, so only a few run at a time and
 * the queue is short: a flood of log-ins can neither take the machine's memory nor hold up other requests.
 */
const CONCURRENT = 2
const QUEUED = 32

/** OWASP's second choice of parameters for argon2id: memory in KiB, passes over it. */
const ARGON2ID = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const

let running = 0
const queue: (() => void)[] = []

export const hashPassword = (password: string): Promise<string> => Bun.password.hash(password, ARGON2ID)

/** Thrown when too many checks wait already. */
export class PasswordsBusy extends Error {}

let nobody: Promise<string> | undefined

/** Whether the password fits. Without a hash (no such user) it takes the same time and says no. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  if (queue.length >= QUEUED) throw new PasswordsBusy()
  if (running >= CONCURRENT) await new Promise<void>((resolve) => queue.push(resolve))
  running++
  try {
    nobody ??= hashPassword(crypto.randomUUID())
    const fits = await Bun.password.verify(password, hash ?? (await nobody))
    return fits && hash !== undefined
  } finally {
    running--
    queue.shift()?.()
  }
}
