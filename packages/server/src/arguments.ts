import { nearest } from './nearest.ts'

/** One flag that a command understands, without the dashes. */
export interface Flag {
  readonly name: string
  /** Another spelling: a second long name, or one letter for `-x`. */
  readonly alias?: string
  /** false: a switch, set by `--name`, unset by `--no-name`. */
  readonly takesValue: boolean
}

/** `values` has `true` or `false` for switches. `faults` are sentences for the user, all that were found. */
export interface ParsedArguments {
  readonly values: Map<string, string | boolean>
  readonly positionals: string[]
  readonly faults: string[]
}

/** Splits a command line into flags and positionals. `--` ends the flags; the last of a repeated flag counts. */
export function parseArguments(argv: readonly string[], flags: readonly Flag[]): ParsedArguments {
  const byName = new Map<string, Flag>()
  for (const flag of flags) {
    byName.set(flag.name, flag)
    if (flag.alias !== undefined) byName.set(flag.alias, flag)
  }
  const values = new Map<string, string | boolean>()
  const positionals: string[] = []
  const faults: string[] = []
  const unknown = (written: string, name: string): void => {
    const near = nearest(name, byName.keys())
    faults.push(`unknown flag ${written}${near === undefined ? '' : `; did you mean --${near}?`}`)
  }
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!
    if (word === '--') {
      positionals.push(...argv.slice(at + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      positionals.push(word)
      continue
    }
    const equals = word.indexOf('=')
    const written = equals < 0 ? word : word.slice(0, equals)
    const name = written.replace(/^--?/, '')
    const negated =
      byName.get(name) === undefined && name.startsWith('no-') ? byName.get(name.slice(3)) : undefined
    if (negated !== undefined && !negated.takesValue && equals < 0) {
      values.set(negated.name, false)
      continue
    }
    const flag = byName.get(name)
    const isShort = !written.startsWith('--')
    if (flag === undefined || isShort !== (name.length === 1)) {
      unknown(written, name)
      continue
    }
    if (equals >= 0) {
      values.set(flag.name, word.slice(equals + 1))
    } else if (!flag.takesValue) {
      values.set(flag.name, true)
    } else if (argv[at + 1] === undefined || argv[at + 1]!.startsWith('--')) {
      faults.push(`${written} needs a value`)
    } else {
      values.set(flag.name, argv[++at]!)
    }
  }
  return { values, positionals, faults }
}
