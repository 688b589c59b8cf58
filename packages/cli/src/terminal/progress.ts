import type { Style } from './style.ts'

export interface Progress {
  /** `done` of `total`, of which `failed` failed, at `nowMs`. */
  readonly update: (done: number, total: number, failed: number, nowMs: number) => void
  /** Removes the bar, so that the summary stands alone. */
  readonly finish: () => void
}

const BAR_WIDTH = 24
const LINE_EVERY_MS = 2000

export const formatNumber = (value: number): string => Math.round(value).toLocaleString('en-US')

export function formatDuration(ms: number): string {
  if (ms < 995) return `${Math.round(ms)} ms`
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`
  if (ms < 119_500) return `${Math.round(ms / 1000)} s`
  const minutes = Math.round(ms / 60_000)
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Numbers of a bar: part done, rate since the start, and time left at that rate (undefined before there is a rate). */
export function progressText(done: number, total: number, failed: number, elapsedMs: number): string {
  const parts = [`${formatNumber(done)} of ${formatNumber(total)}`]
  if (failed > 0) parts.push(`${formatNumber(failed)} failed`)
  if (done > 0 && elapsedMs > 100) {
    const perMs = done / elapsedMs
    parts.push(`${formatNumber(perMs * 1000)}/s`)
    if (done < total) parts.push(`${formatDuration((total - done) / perMs)} left`)
  }
  return parts.join(' · ')
}

/** A bar that redraws one line on a terminal; elsewhere a plain line every two seconds, so that logs stay short. */
export function startProgress(write: (text: string) => void, style: Style, startMs: number): Progress {
  let shown = false
  let lastLineAt = startMs
  return {
    update(done, total, failed, nowMs) {
      const text = progressText(done, total, failed, nowMs - startMs)
      if (!style.isTerminal) {
        if (nowMs - lastLineAt < LINE_EVERY_MS) return
        lastLineAt = nowMs
        write(`${text}\n`)
        return
      }
      const filled = total === 0 ? BAR_WIDTH : Math.floor((done / total) * BAR_WIDTH)
      const bar = style.green('━'.repeat(filled)) + style.dim('━'.repeat(BAR_WIDTH - filled))
      write(`\r\x1b[K${bar} ${text}`)
      shown = true
    },
    finish() {
      if (shown) write('\r\x1b[K')
    },
  }
}
