import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { environmentName, type Part, readSettings, SETTINGS, type Settings } from './settings.ts'
import { settingsHelp, settingsPage } from './settings-text.ts'

function read(part: Part, line: string[], environment: Record<string, string> = {}): Settings {
  const result = readSettings(part, line, environment)
  if (!result.ok) throw new Error(result.faults.join('\n'))
  return result.settings
}
function faults(part: Part, line: string[], environment: Record<string, string> = {}): readonly string[] {
  const result = readSettings(part, line, environment)
  return result.ok ? [] : result.faults
}

/** What an edge cannot do without. */
const EDGE = { WAYMARK_FEED_URL: 'http://control.example', WAYMARK_FEED_SECRET: 'secret' }

describe('readSettings', () => {
  test('without anything every setting has its documented default', () => {
    const settings = read('serve', [])
    expect(settings.http).toEqual({ host: '127.0.0.1', port: 8080 })
    expect(settings.dns).toEqual([{ host: '127.0.0.1', port: 5353 }])
    expect(settings.data).toBe('./data')
    expect(settings.database).toBeUndefined()
    expect(settings['batch-items']).toBe(2000)
    expect(settings['zone-quota']).toBe(2147483647)
    expect(settings['strict-types']).toBe(false)
    expect(settings.regions[0]).toBe('cn-north-4')
  })
  test('every default passes its own check', () => {
    for (const part of ['serve', 'control', 'edge'] as const) expect(faults(part, [], EDGE)).toEqual([])
  })
  test('flag and environment have the same names, and the flag wins', () => {
    expect(read('serve', [], { WAYMARK_HTTP: '0.0.0.0:80' }).http).toEqual({ host: '0.0.0.0', port: 80 })
    const both = read('serve', ['--http=[::1]:81'], { WAYMARK_HTTP: '0.0.0.0:80' })
    expect(both.http).toEqual({ host: '::1', port: 81 })
  })
  test('a switch is turned on by its flag and off by no-', () => {
    expect(read('serve', ['--strict-types'])['strict-types']).toBe(true)
    expect(read('serve', ['--no-strict-types'], { WAYMARK_STRICT_TYPES: 'yes' })['strict-types']).toBe(false)
    expect(read('serve', [], { WAYMARK_STRICT_TYPES: 'on' })['strict-types']).toBe(true)
  })
  test('an empty variable counts as not set', () => {
    expect(read('serve', [], { WAYMARK_DATABASE: '', WAYMARK_DATA: '' }).data).toBe('./data')
  })
  test('name servers are host names, kept in lower case with a final dot', () => {
    expect(read('serve', ['--name-servers', 'NS1.Example.ORG, ns2.example.org.'])['name-servers']).toEqual([
      'ns1.example.org.',
      'ns2.example.org.',
    ])
    expect(faults('serve', ['--name-servers', 'ns1.example.org,_x.example.org'])).toEqual([
      '--name-servers "ns1.example.org,_x.example.org" has "_x.example.org", which is no host name',
    ])
  })
  test('addresses are addresses, not host names', () => {
    const settings = read('control', [
      '--private-name-servers=10.0.0.53, fd00::53',
      '--resolver=[::1]:5353, 192.0.2.53,2001:db8::53',
    ])
    expect(settings['private-name-servers']).toEqual(['10.0.0.53', 'fd00::53'])
    expect(settings.resolver).toEqual(['[::1]:5353', '192.0.2.53:53', '[2001:db8::53]:53'])
    expect(read('control', ['--resolver=none']).resolver).toEqual([])
    expect(read('control', []).resolver).toBeUndefined()
    expect(faults('control', ['--private-name-servers=ns1', '--resolver=resolver:53'])).toEqual([
      '--private-name-servers "ns1" has "ns1", which is no IP address',
      '--resolver "resolver:53" must be ADDRESS:PORT, for example 192.0.2.1:53 or [::1]:53, or none',
    ])
  })
  test('all faults are told at once, each with what would be right', () => {
    const found = faults('serve', ['--htpp', 'x', '--dns', '5353', '--batch-items=0'], {
      WAYMARK_DATABASE: 'mysql://h/d',
    })
    expect(found).toEqual([
      'unknown flag --htpp; did you mean --http?',
      'unexpected "x"; serve takes flags only',
      '--dns "5353" must be HOST:PORT, for example 127.0.0.1:8080 or [::]:53',
      'WAYMARK_DATABASE must be a URL that begins with postgres:// or postgresql://',
      '--batch-items "0" must be a whole number from 1 to 1000000',
    ])
  })
  test('a flag of another part is unknown, its variable is passed over', () => {
    expect(faults('edge', ['--batch-items', '5'])[0]).toStartWith('unknown flag --batch-items')
    expect(faults('edge', [], { ...EDGE, WAYMARK_BATCH_ITEMS: 'wrong' })).toEqual([])
  })
  test('a secret is taken from the environment only', () => {
    expect(faults('serve', ['--feed-secret=x'])[0]).toStartWith('unknown flag --feed-secret')
    expect(read('serve', [], { WAYMARK_FEED_SECRET: 'x' })['feed-secret']).toBe('x')
  })
  test('a misspelled variable is a warning, foreign ones are not', () => {
    const result = readSettings('serve', [], { WAYMARK_DATABSE: 'x', WAYMARK_SERVICE_HOST: '10.0.0.1' })
    expect(result.ok && result.warnings).toEqual([
      'WAYMARK_DATABSE is no setting; did you mean WAYMARK_DATABASE?',
    ])
  })
})

describe('texts', () => {
  test('help names every flag of the part with its default', () => {
    const help = settingsHelp('serve')
    expect(help).toContain('--http HOST:PORT')
    expect(help).toContain('(default 127.0.0.1:8080)')
    expect(help).not.toContain('--feed-url')
    expect(settingsHelp('edge')).toContain('--from, --feed-url URL')
  })
  test('the settings page names every setting and is the one checked in', () => {
    const page = settingsPage()
    for (const name of Object.keys(SETTINGS)) expect(page).toContain(environmentName(name))
    expect(readFileSync(new URL('../../../docs/settings.md', import.meta.url), 'utf8')).toBe(page)
  })
})
