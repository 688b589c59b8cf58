// needs: dig nsd knotd named
/**
 * Our server, NSD, Knot and BIND with the same zones answer the same questions alike, but for what the table of known
 * differences explains. The short, seeded run; `npm run test:differential` asks as many as wanted.
 */
import { expect, test } from 'bun:test'
import { KNOWN_DIFFERENCES } from './differential/known-differences.ts'
import { formatReport } from './differential/print-report.ts'
import { runDifferential } from './differential/run-differential.ts'

test('20,000 questions are answered as NSD, Knot and BIND answer them, or the difference is explained', async () => {
  const report = await runDifferential({ questions: 20_000, seed: 1, families: 30 })
  if (report.unexplained > 0) throw new Error(formatReport(report))
  expect(report.questions).toBeGreaterThanOrEqual(20_000)
  expect(report.zones).toBeGreaterThan(40)
}, 180_000)

test('every known difference names its RFC and has a name of its own', () => {
  for (const { rfc } of KNOWN_DIFFERENCES) expect(rfc).toMatch(/RFC \d+ \d/)
  expect(new Set(KNOWN_DIFFERENCES.map(({ name }) => name)).size).toBe(KNOWN_DIFFERENCES.length)
})
