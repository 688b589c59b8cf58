/**
 * The one test command: every test of packages/ and test/. Its last line is `N passed, N failed`.
 *
 *     npm test                          everything
 *     npm test -- store end-to-end      files whose path has one of the words
 *     npm test -- --checks              types, lint and generated pages as well; each that fails counts as a failed test
 *     npm test -- --clients             the suites of real client programs and the short fuzz of the API as well
 *     npm run test:clients              these suites alone; `npm run test:clients -- python` one of them
 *
 * Tests against other DNS servers and PostgreSQL need those programs (scripts/install-test-tools.sh). As root they are
 * installed; otherwise the files that need them are named and left out, which counts as failed where CI is set.
 */
import { CHECKS, runChecks } from './checks.ts'
import { installClientTools, isClientSuite } from './client-tools.ts'
import { runTestFiles, testFiles } from './test-files.ts'
import { installTestTools, missingTools } from './test-tools.ts'

const words = process.argv.slice(2)
const filters = words.filter((word) => !word.startsWith('--'))
const all = await testFiles(['packages', 'test'], filters)
const onlyClients = words.includes('--only-clients')
const withClients = onlyClients || words.includes('--clients')
const files = all.filter(({ path }) => (isClientSuite(path) ? withClients : !onlyClients))

const needed = files.flatMap(({ needs }) => needs)
if (missingTools(needed).length > 0) await installTestTools(withClients)
const missing = missingTools(needed)
const runnable = files.filter(({ needs }) => !needs.some((name) => missing.includes(name)))

let failed = words.includes('--checks') ? await runChecks(CHECKS) : 0
failed += await installClientTools(runnable)
const result = await runTestFiles(runnable)
failed += result.failed

for (const { path, needs } of files) {
  const lacking = needs.filter((name) => missing.includes(name))
  if (lacking.length === 0) continue
  console.log(`not run: ${path}: ${lacking.join(', ')} missing; install with scripts/install-test-tools.sh`)
  if (process.env.CI) failed++
}
if (files.length === 0) {
  console.log(`no test file has ${filters.join(' or ')} in its path`)
  failed++
}
console.log(`${result.passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
