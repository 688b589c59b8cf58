import { sleep } from './process.ts'

/** A machine that does other things as well may take this long for what takes a moment. */
export const PATIENCE_MS = 60_000
const PAUSE_MS = 20

/** Asks again and again until the answer is the expected one; a question that fails is asked again. How many milliseconds that took. */
export async function until<T>(expected: T, ask: () => Promise<T>): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    const isLast = performance.now() - startedAt > PATIENCE_MS
    try {
      const answer = await ask()
      if (Bun.deepEquals(answer, expected)) return performance.now() - startedAt
      if (isLast) throw new Error(`${Bun.inspect(answer)} did not become ${Bun.inspect(expected)}`)
    } catch (error) {
      if (isLast) throw error
    }
    await sleep(PAUSE_MS)
  }
}

/** Waits until it is true; `what` stands in the complaint when it does not come true. */
export async function untilTrue(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  await until([what, true], async () => [what, await isTrue()])
}

/** The middle one of times that were measured: any single one may be held up by what else the machine does. */
export const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!
