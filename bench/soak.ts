/**
 * Hours in short: a whole server answers a steady load, half of what it can take unless told otherwise, while zones change without end.
 * Ends with 1 when a query is lost, an answer fails or memory grows by more than the tolerance behind the warm-up.
 *
 *     npm run bench:soak -- [--minutes 10] [--qps half] [--tolerance-mb 24]
 */
import { parseArgs } from 'node:util'
import { faultsOf, soak } from './support/soak.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    qps: { type: 'string', default: 'half' },
    'tolerance-mb': { type: 'string', default: '24' },
  },
})
let shown = 0
const result = await soak({
  seconds: Number(values.minutes) * 60,
  queriesPerSecond: values.qps === 'half' ? 'half' : Number(values.qps),
  onProgress(line) {
    if (shown++ % 10 === 0) console.log(line)
  },
})
console.log(JSON.stringify(result, null, 2))
const faults = faultsOf(result, Number(values['tolerance-mb']) * 1e6)
for (const fault of faults) console.error(`soak: ${fault}`)
process.exitCode = faults.length === 0 ? 0 : 1
