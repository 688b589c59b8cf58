import { type Flag, parseArguments } from '@waymark/server/arguments'
import type { Client } from './client/client.ts'
import { usageFailure } from './failures.ts'
import type { Style } from './terminal/style.ts'

export interface Argument {
  /** Shown in capitals; a final `…` means one or more. */
  readonly name: string
  readonly isOptional?: true
  readonly sentence: string
}

export interface CommandFlag extends Flag {
  /** What stands for the value in help. */
  readonly placeholder?: string
  readonly sentence: string
}

/** What a command works with. `client` is made on first use, so commands without a server need no credentials. */
export interface Invocation {
  readonly argument: (name: string) => string
  readonly rest: (name: string) => string[]
  readonly text: (flag: string) => string | undefined
  readonly number: (flag: string) => number | undefined
  readonly isSet: (flag: string) => boolean
  readonly client: Client
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Writes a line to standard output, `note` to standard error. */
  readonly print: (line: string) => void
  readonly note: (line: string) => void
  readonly output: Style
  readonly notes: Style
}

/** A command as data: `waymark <name>`, where the name may be two words. */
export interface Command {
  readonly name: string
  readonly summary: string
  readonly arguments?: readonly Argument[]
  readonly flags?: readonly CommandFlag[]
  /** Command line without `waymark`, and what it does. */
  readonly examples: readonly (readonly [string, string])[]
  /** Paragraphs for `--help`. */
  readonly details?: string
  /** false: needs no server, so no --url and --data. */
  readonly usesServer?: boolean
  /** Resolves to the exit code. */
  readonly run: (invocation: Invocation) => Promise<number> | number
  /** Commands that take the settings of the server parse their own command line. */
  readonly runRaw?: (argv: readonly string[]) => Promise<number>
  readonly settingsHelp?: () => string
}

export const SERVER_FLAGS: readonly CommandFlag[] = [
  {
    name: 'url',
    takesValue: true,
    placeholder: 'URL',
    sentence: 'Where the API is. Default: WAYMARK_URL, else http://127.0.0.1:8080.',
  },
  {
    name: 'data',
    takesValue: true,
    placeholder: 'FOLDER',
    sentence: 'Data folder of the server, for its credentials.json. Default: WAYMARK_DATA, else ./data.',
  },
]
export const JSON_FLAG: CommandFlag = {
  name: 'json',
  takesValue: false,
  sentence: 'Print JSON for scripts in place of tables.',
}

export const flagsOf = (command: Command): readonly CommandFlag[] => [
  ...(command.flags ?? []),
  ...(command.usesServer === false ? [] : SERVER_FLAGS),
]

/** Arguments and flags of one call, checked against the command. Throws a usage failure that names every fault. */
export function parseCall(command: Command, argv: readonly string[]) {
  const { values, positionals, faults } = parseArguments(argv, flagsOf(command))
  const wanted = command.arguments ?? []
  const takesMore = wanted.at(-1)?.name.endsWith('…') === true
  const missing = wanted.filter(
    (argument, index) => argument.isOptional !== true && positionals[index] === undefined,
  )
  const tooMany = takesMore ? [] : positionals.slice(wanted.length)
  const all = [
    ...faults,
    ...missing.map((argument) => `${argument.name.replace('…', '')} is missing`),
    ...tooMany.map((word) => `unexpected "${word}"`),
  ]
  if (all.length > 0) throw usageFailure(all.join('; '), `see: waymark ${command.name} --help`)
  const indexOf = (name: string): number => wanted.findIndex((argument) => argument.name === name)
  const text = (flag: string): string | undefined => values.get(flag)?.toString()
  return {
    argument: (name: string): string => positionals[indexOf(name)] ?? '',
    rest: (name: string): string[] => positionals.slice(indexOf(name)),
    text,
    number(flag: string): number | undefined {
      const value = text(flag)
      if (value === undefined) return undefined
      if (!/^\d+$/.test(value)) throw usageFailure(`--${flag} "${value}" is no whole number`)
      return Number(value)
    },
    isSet: (flag: string): boolean => values.get(flag) === true || values.get(flag) === 'true',
  }
}
