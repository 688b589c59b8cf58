/**
 * The long fuzz of the API: every operation of a service of its own, from its own description.
 *
 *     npm run test:fuzz                               200 made-up requests an operation, and more at the limits
 *     npm run test:fuzz -- --examples 1000 --seed 7   more of them, others
 *     npm run test:fuzz -- createZone listZones       these operations alone
 *     npm run test:fuzz -- --postgres                 with the database in PostgreSQL
 */
import { parseArgs } from 'node:util'
import { installClientTools } from '../../scripts/client-tools.ts'
import { startPostgres } from '../support/postgres.ts'
import { startService } from '../support/service.ts'
import { runSchemathesis } from './schemathesis.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    examples: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    postgres: { type: 'boolean', default: false },
  },
})
if ((await installClientTools([{ path: 'test/fuzz/api.test.ts', needs: [] }])) > 0) process.exit(1)
const postgres = values.postgres ? await startPostgres() : undefined
const args = postgres === undefined ? [] : ['--database', await postgres.createDatabase()]
const service = await startService({ args })
const { isClean } = await runSchemathesis(service, {
  examples: Number(values.examples),
  seed: Number(values.seed),
  operations: positionals,
  isShown: true,
})
const isReady = (await service.call('GET', '/readyz')).status === 200
if (!isReady) console.log('the service is not ready any more')
const failures = (await service.output()).split('\n').filter((line) => /"level":(50|"error")/.test(line))
for (const line of failures) console.log(line)
await service.stop()
await postgres?.stop()
process.exit(isClean && isReady && failures.length === 0 ? 0 : 1)
