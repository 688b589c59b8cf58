import { run } from './run.ts'

process.exitCode = await run(process.argv.slice(2))
// Kept-alive connections to the server must not hold a finished command back.
process.exit()
