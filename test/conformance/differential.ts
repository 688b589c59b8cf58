/**
 * The differential test at length: our server, NSD, Knot and BIND with the same zones are asked the same questions.
 *
 *     npm run test:differential -- --questions 1000000 --seed 7 --families 100
 *
 * Ends with 1 when a difference is not in the table of known ones (differential/known-differences.ts), and names the
 * entries that the run did not meet.
 */
import { parseArgs } from 'node:util'
import { formatReport } from './differential/print-report.ts'
import { runDifferential } from './differential/run-differential.ts'

const { values } = parseArgs({
  options: {
    questions: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    families: { type: 'string', default: '100' },
  },
})
const startedAt = performance.now()
const report = await runDifferential({
  questions: Number(values.questions),
  seed: Number(values.seed),
  families: Number(values.families),
  onProgress: (questions, { unexplained }) => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
    process.stderr.write(`\r${questions} questions, ${unexplained} unexplained, ${seconds} s `)
  },
})
process.stderr.write('\n')
console.log(formatReport(report))
console.log(`seed ${values.seed}, ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
process.exit(report.unexplained === 0 ? 0 : 1)
