/**
 * Compiles files of line data: `waymark line-data FILE… --output lines.bin`. It is also what the server runs beside itself when the files
 * of --line-data have changed, so that reading millions of rows holds nobody up.
 */
import { renameSync, statSync, writeFileSync } from 'node:fs'
import { parseArguments } from '../arguments.ts'
import { compileFiles } from './read-source.ts'

/** Resolves to the exit code: 0 when the file was written, 1 when one could not be read, 2 for a wrong command line. */
export function main(argv: readonly string[]): number {
  const { values, positionals, faults } = parseArguments(argv, [{ name: 'output', takesValue: true }])
  const output = values.get('output')
  const all = [
    ...faults,
    ...(positionals.length === 0 ? ['FILE is missing'] : []),
    ...(output === undefined ? ['--output is missing'] : []),
  ]
  if (all.length > 0) {
    console.error(`waymark: ${all.join('; ')}\n  see: waymark line-data --help`)
    return 2
  }
  try {
    const { octets, rows } = compileFiles(positionals, newestOf(positionals))
    const draft = `${output}.new`
    writeFileSync(draft, octets)
    // An edge that looks at this moment sees the old file or the new one, never half of it.
    renameSync(draft, String(output))
    for (const { path, count } of rows) console.log(`${path}: ${count} ranges`)
    console.log(`${output}: ${octets.length} octets`)
    return 0
  } catch (error) {
    console.error(`waymark: ${(error as Error).message}`)
    return 1
  }
}

/** The time of the file that was changed last, milliseconds since 1970 UTC. */
const newestOf = (paths: readonly string[]): number =>
  Math.max(0, ...paths.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0))

if (import.meta.main) process.exitCode = main(process.argv.slice(2))
