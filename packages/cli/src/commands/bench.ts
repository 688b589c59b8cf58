import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from '../command.ts'
import { CommandFailure, EXIT, usageFailure } from '../failures.ts'

const FOLDER = fileURLToPath(new URL('../../../../bench/', import.meta.url))
const BENCHES = ['dns', 'bulk', 'memory']

/** The benchmarks are programs of the repository (bench/); this only starts them. */
async function runBench(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || !BENCHES.includes(name)) {
    throw usageFailure(`which benchmark? One of ${BENCHES.join(', ')}`, 'see: waymark bench --help')
  }
  const file = `${FOLDER}${name}.ts`
  if (!existsSync(file)) {
    throw new CommandFailure(
      EXIT.usage,
      'the benchmarks are not part of this installation',
      'run it in a clone of the repository',
    )
  }
  const child = Bun.spawn({
    cmd: [process.execPath, file, ...rest],
    stdio: ['inherit', 'inherit', 'inherit'],
  })
  return child.exited
}

export const bench: Command = {
  name: 'bench',
  summary: 'Measure this machine: queries answered, bulk changes taken, memory',
  arguments: [{ name: 'BENCHMARK', sentence: `${BENCHES.join(', ')}; what follows goes to it.` }],
  examples: [
    ['bench dns --names 100000 --rounds 3', 'queries per second beside the DNS servers that are installed'],
    ['bench bulk --sizes 2000,10000', 'bulk change until the last record set is answered'],
  ],
  details:
    'See bench/README.md. scripts/install-test-tools.sh --bench installs the servers it compares with.',
  usesServer: false,
  run: () => runBench([]),
  runRaw: runBench,
}
