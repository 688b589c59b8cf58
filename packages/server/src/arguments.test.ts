import { describe, expect, test } from 'bun:test'
import { parseArguments } from './arguments.ts'
import { nearest } from './nearest.ts'

const FLAGS = [
  { name: 'zone', alias: 'z', takesValue: true },
  { name: 'feed-url', alias: 'from', takesValue: true },
  { name: 'json', takesValue: false },
]
const parse = (line: string) => parseArguments(line.split(' '), FLAGS)

describe('parseArguments', () => {
  test('takes values after a blank and after an equals sign, and leaves positionals in order', () => {
    const { values, positionals, faults } = parse('a.csv --zone example.org. b.csv --feed-url=http://x')
    expect(Object.fromEntries(values)).toEqual({ zone: 'example.org.', 'feed-url': 'http://x' })
    expect(positionals).toEqual(['a.csv', 'b.csv'])
    expect(faults).toEqual([])
  })
  test('an alias sets the flag it stands for', () => {
    expect(Object.fromEntries(parse('-z one --from http://x').values)).toEqual({
      zone: 'one',
      'feed-url': 'http://x',
    })
  })
  test('a switch is set by its name and unset by no- and its name', () => {
    expect(parse('--json').values.get('json')).toBe(true)
    expect(parse('--json --no-json').values.get('json')).toBe(false)
  })
  test('every fault is told, and a misspelled flag names the nearest', () => {
    expect(parse('--zoen x --what --zone').faults).toEqual([
      'unknown flag --zoen; did you mean --zone?',
      'unknown flag --what',
      '--zone needs a value',
    ])
  })
  test('after -- everything is a positional', () => {
    expect(parse('-- --json -').positionals).toEqual(['--json', '-'])
  })
  test('a value may be a lone hyphen or begin with one', () => {
    expect(parse('--zone -').values.get('zone')).toBe('-')
    expect(parse('--zone -x').values.get('zone')).toBe('-x')
  })
})

test('nearest finds swaps and small slips, and nothing far off', () => {
  const words = ['import', 'export', 'zones']
  expect(nearest('improt', words)).toBe('import')
  expect(nearest('zone', words)).toBe('zones')
  expect(nearest('whoami', words)).toBeUndefined()
})
