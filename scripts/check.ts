/**
 * The quick look before a commit: types, lint, generated pages, and the tests beside the code.
 * `check types` does the types only.
 */
import { CHECKS, runChecks, TYPE_CHECKS } from './checks.ts'
import { runTestFiles, testFiles } from './test-files.ts'

if (process.argv[2] === 'types') process.exit((await runChecks(TYPE_CHECKS)) === 0 ? 0 : 1)

const failedChecks = await runChecks(CHECKS)
const result = await runTestFiles(await testFiles(['packages']))
console.log(`${result.passed} passed, ${result.failed + failedChecks} failed`)
process.exit(result.failed + failedChecks === 0 ? 0 : 1)
