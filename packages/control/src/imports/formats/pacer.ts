/**
 * Cuts long synchronous work into slices, so that reading a file of 100,000 rows never holds up other requests: ask
 * `pause()` between small steps and await what it returns. It is undefined while the slice lasts, which costs no turn.
 */
export interface Pacer {
  readonly pause: () => Promise<void> | undefined
}

export function createPacer(sliceMs = 15): Pacer {
  let sliceStart = performance.now()
  return {
    pause() {
      if (performance.now() - sliceStart < sliceMs) return undefined
      return new Promise((resolve) => {
        setImmediate(() => {
          sliceStart = performance.now()
          resolve()
        })
      })
    },
  }
}
