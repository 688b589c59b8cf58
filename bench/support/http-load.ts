/** Concurrent HTTP clients that each send the next request when the last one is answered. */

export interface Load {
  /** Requests a second over all clients. */
  readonly rate: number
  /** Milliseconds, ascending. */
  readonly latencies: readonly number[]
}

/** Requests number 0 to `count` - 1, each sent by the first of `clients` that is free. */
export async function load(
  clients: number,
  count: number,
  send: (request: number) => Promise<void>,
): Promise<Load> {
  const latencies: number[] = []
  let next = 0
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let request = next++; request < count; request = next++) {
        const sentAt = performance.now()
        await send(request)
        latencies.push(performance.now() - sentAt)
      }
    }),
  )
  const seconds = (performance.now() - begun) / 1000
  return { rate: count / seconds, latencies: latencies.sort((a, b) => a - b) }
}

/** The value that a share of all, 0 to 1, does not exceed. */
export const percentile = (ascending: ArrayLike<number>, share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.ceil(ascending.length * share) - 1)]!
