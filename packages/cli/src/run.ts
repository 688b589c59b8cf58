import { nearest } from '@waymark/server/nearest'
import manifest from '../package.json' with { type: 'json' }
import { Client } from './client/client.ts'
import { findConnection } from './client/credentials.ts'
import { type Command, parseCall } from './command.ts'
import { COMMANDS } from './commands/commands.ts'
import { CommandFailure, EXIT, ServerRefusal, usageFailure } from './failures.ts'
import { commandHelp, overview } from './help.ts'
import { styleOf } from './terminal/style.ts'

const ALL = COMMANDS.flatMap(([, commands]) => commands)

/** Finds the command that the line begins with, and what follows it. */
function findCommand(argv: readonly string[]): { command: Command; rest: readonly string[] } {
  const [first = '', second = ''] = argv
  for (const words of [2, 1]) {
    const command = ALL.find(({ name }) => name === argv.slice(0, words).join(' '))
    if (command !== undefined) return { command, rest: argv.slice(words) }
  }
  const group = ALL.filter(({ name }) => name.startsWith(`${first} `))
  if (group.length > 0) {
    const verbs = group.map(({ name }) => name.split(' ')[1]!)
    const near = nearest(second, verbs)
    const choice = `one of: ${group.map(({ name }) => `waymark ${name}`).join(', ')}`
    if (second === '' || second.startsWith('-')) throw usageFailure(`${first} what?`, choice)
    throw usageFailure(
      `there is no command "${first} ${second}"${near === undefined ? '' : `; did you mean "${first} ${near}"?`}`,
      choice,
    )
  }
  const near = nearest(first, new Set(ALL.map(({ name }) => name.split(' ')[0]!)))
  throw usageFailure(
    `there is no command "${first}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    'see: waymark --help',
  )
}

/** Help of a command, or of each command of a group such as `zones`; `edge` is both, and names its group. */
function helpFor(argv: readonly string[]): string {
  const style = styleOf(process.stdout, process.env)
  const words = argv.filter((word) => !word.startsWith('-'))
  if (words.length === 0) return overview(style)
  const group = words.length === 1 ? ALL.filter(({ name }) => name.startsWith(`${words[0]} `)) : []
  const itself = group.length > 0 && ALL.find(({ name }) => name === words[0])
  if (itself) {
    const others = group.map(({ name, summary }) => `  waymark ${name}\n      ${style.dim(summary)}`)
    return [commandHelp(itself, style), '', style.bold('See also'), ...others].join('\n')
  }
  if (group.length > 0) {
    return group.map((command) => commandHelp({ ...command, usesServer: false }, style)).join('\n\n\n')
  }
  return commandHelp(findCommand(words).command, style)
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const [first] = argv
  const end = argv.indexOf('--')
  const asksHelp = (end < 0 ? argv : argv.slice(0, end)).some((word) => word === '--help' || word === '-h')
  if (first === undefined || first === 'help' || asksHelp) {
    console.log(helpFor(first === 'help' ? argv.slice(1) : asksHelp ? leadingWords(argv) : []))
    return first === undefined ? EXIT.usage : EXIT.ok
  }
  if (first === '--version' || first === '-V' || first === 'version') {
    console.log(manifest.version)
    return EXIT.ok
  }
  const { command, rest } = findCommand(argv)
  if (command.runRaw !== undefined) return command.runRaw(rest)
  const call = parseCall(command, rest)
  let client: Client | undefined
  return command.run({
    ...call,
    get client() {
      client ??= new Client(findConnection({ url: call.text('url'), data: call.text('data') }, process.env))
      return client
    },
    environment: process.env,
    // Bun's console paints what goes to the standard error of a terminal.
    print: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${line}\n`),
    output: styleOf(process.stdout, process.env),
    notes: styleOf(process.stderr, process.env),
  })
}

/** The words before the first flag: what `waymark zones list --json --help` asks help for. */
function leadingWords(argv: readonly string[]): string[] {
  const flag = argv.findIndex((word) => word.startsWith('-'))
  const words = argv.slice(0, flag < 0 ? argv.length : flag)
  const command = [words.slice(0, 2), words.slice(0, 1)].find((part) =>
    ALL.some(({ name }) => name === part.join(' ')),
  )
  return command ?? words.slice(0, 1)
}

/** Runs one command line and resolves to the exit code; failures are told on standard error. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv)
  } catch (error) {
    const style = styleOf(process.stderr, process.env)
    const tell = (line: string): void => void process.stderr.write(`${line}\n`)
    if (!(error instanceof CommandFailure)) {
      tell(`${style.red('waymark: unexpected fault:')} ${(error as Error).stack ?? error}`)
      return EXIT.someFailed
    }
    tell(`${style.red('waymark:')} ${error.message}`)
    if (error instanceof ServerRefusal && error.requestId !== '') tell(`  request id: ${error.requestId}`)
    if (error.advice !== undefined) tell(`  ${error.advice}`)
    return error.exitCode
  }
}
