import { wrap } from '@waymark/server/settings-text'
import { type Command, type CommandFlag, flagsOf } from './command.ts'
import { COMMANDS } from './commands/commands.ts'
import { EXIT_MEANINGS } from './failures.ts'
import type { Style } from './terminal/style.ts'

const WIDTH = 100

/** Two columns, the second wrapped. */
function pairs(rows: readonly (readonly [string, string])[], style: Style): string[] {
  const width = Math.min(36, Math.max(...rows.map(([left]) => left.length)))
  return rows.flatMap(([left, right]) => {
    const [first = '', ...more] = wrap(right, WIDTH - width - 4)
    const indent = ' '.repeat(width + 4)
    const head =
      left.length > width
        ? [`  ${left}`, `${indent}${style.dim(first)}`]
        : [`  ${left.padEnd(width)}  ${style.dim(first)}`]
    return [...head, ...more.map((line) => indent + style.dim(line))]
  })
}

/** `waymark --help` */
export function overview(style: Style): string {
  const lines = [
    'Waymark: a managed DNS service that you run yourself.',
    '',
    `${style.bold('Usage:')} waymark COMMAND [ARGUMENTS] [FLAGS]`,
  ]
  for (const [heading, commands] of COMMANDS) {
    lines.push(
      '',
      style.bold(heading),
      ...pairs(
        commands.map(({ name, summary }) => [name, summary]),
        style,
      ),
    )
  }
  lines.push(
    '',
    style.bold('Start here'),
    ...pairs(
      [
        ['waymark serve', 'in one terminal; then in another:'],
        ['waymark import records.csv --zone example.org --create-zone', ''],
        ['dig @127.0.0.1 -p 5353 www.example.org', ''],
      ],
      style,
    ),
    '',
    style.bold('Exit codes'),
    ...pairs(
      EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning]),
      style,
    ),
    '',
    'waymark COMMAND --help tells more. NO_COLOR turns colours off.',
  )
  return lines.join('\n')
}

const flagText = (flag: CommandFlag): string => {
  const alias = flag.alias === undefined ? '' : `${flag.alias.length === 1 ? '-' : '--'}${flag.alias}, `
  return `${alias}--${flag.name}${flag.takesValue ? ` ${flag.placeholder ?? 'VALUE'}` : ''}`
}

/** `waymark COMMAND --help` */
export function commandHelp(command: Command, style: Style): string {
  const positionals = command.arguments ?? []
  const usage = positionals
    .map(({ name, isOptional }) => (isOptional === true ? `[${name}]` : name))
    .join(' ')
  const lines = [
    command.summary,
    '',
    `${style.bold('Usage:')} waymark ${command.name}${usage === '' ? '' : ` ${usage}`} [FLAGS]`,
  ]
  if (command.details !== undefined) lines.push('', ...wrap(command.details, WIDTH))
  if (positionals.length > 0) {
    lines.push(
      '',
      style.bold('Arguments'),
      ...pairs(
        positionals.map(({ name, sentence }) => [name, sentence]),
        style,
      ),
    )
  }
  const flags = flagsOf(command)
  if (flags.length > 0) {
    lines.push(
      '',
      style.bold('Flags'),
      ...pairs(
        flags.map((flag) => [flagText(flag), flag.sentence]),
        style,
      ),
    )
  }
  lines.push('', style.bold('Examples'))
  for (const [line, meaning] of command.examples)
    lines.push(`  waymark ${line}`, `      ${style.dim(meaning)}`)
  if (command.settingsHelp !== undefined) lines.push('', style.bold('Settings'), '', command.settingsHelp())
  if (command.usesServer !== false) {
    lines.push(
      '',
      style.bold('Exit codes'),
      ...pairs(
        EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning]),
        style,
      ),
    )
  }
  return lines.join('\n')
}
