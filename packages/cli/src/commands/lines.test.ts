import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Lab, openLab } from '@waymark/control/tenants/testing'
import { asOperator, runWaymark } from '../testing.ts'
import { segmentOf } from './lines.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(async () => {
  await lab.stop()
})

const waymark = (line: string) => runWaymark(line, asOperator(lab))

test('prefixes and addresses become the segments of the API, what is neither is left to it', () => {
  expect(segmentOf('192.0.2.77/24')).toBe('192.0.2.0-192.0.2.255')
  expect(segmentOf('255.255.255.255')).toBe('255.255.255.255-255.255.255.255')
  expect(segmentOf('0.0.0.0/0')).toBe('0.0.0.0-255.255.255.255')
  expect(segmentOf('192.0.2.1-192.0.2.9')).toBe('192.0.2.1-192.0.2.9')
  expect(segmentOf('192.0.2.0/33')).toBe('192.0.2.0/33')
  expect(segmentOf('2001:db8::/32')).toBe('2001:db8::/32')
})

test('a custom line is made from prefixes, named by record sets, changed and deleted', async () => {
  expect((await waymark('lines create office 198.51.100.0/25 203.0.113.7')).out).toMatch(
    /^Line office made, id custom_\w{32}\n$/,
  )
  expect((await waymark('lines list --own')).out).toMatch(
    /custom_\w+ +office +198\.51\.100\.0-198\.51\.100\.127, 203\.0\.113\.7-203\.0\.113\.7\n/,
  )
  await waymark('zones create lined.example')
  await waymark('records create lined.example www A 192.0.2.1 --line office')
  const { out } = await waymark('records list lined.example --line office --json')
  expect(JSON.parse(out)).toMatchObject([
    { name: 'www.lined.example.', line: expect.stringMatching(/^custom_/) },
  ])
  expect((await waymark('records list lined.example')).out).toMatch(/www\.lined\.example\. +A +office /)
  expect((await waymark('lines delete office --yes')).err).toContain('DNS.0608')
  await waymark('records delete lined.example www A --line office --yes')
  expect((await waymark('lines update office 198.51.100.0/24')).out).toBe('Line office changed\n')
  expect((await waymark('lines list --own')).out).toContain('198.51.100.0-198.51.100.255')
  expect((await waymark('lines update office')).code).toBe(2)
  expect((await waymark('lines delete office --yes')).out).toBe('Line office deleted\n')
  expect((await waymark('lines delete office --yes')).err).toContain('there is no custom line office')
}, 120_000)

test('a line group stands for its members, and keeps them when only its name changes', async () => {
  expect((await waymark('line-groups create mobile Yidong Tietong')).code).toBe(0)
  expect((await waymark('line-groups update mobile --name cellular')).out).toBe(
    'Line group cellular changed\n',
  )
  expect((await waymark('line-groups list')).out).toMatch(/lgroup_\w+ +cellular +Yidong, Tietong\n/)
  await waymark('zones create grouped.example')
  expect((await waymark('records create grouped.example www A 192.0.2.1 --line cellular')).code).toBe(0)
  expect((await waymark('line-groups delete cellular --yes')).code).toBe(4)
}, 120_000)

test('built-in lines are found by part of their name, unknown ones are told with where to look', async () => {
  const { out } = await waymark('lines list --name beijing')
  expect(out).toMatch(/^LINE +NAME +INSIDE\n/)
  expect(out).toMatch(/\nDianxin_Beijing +Beijing +Dianxin_Huabei\n/)
  expect(out).not.toContain('Shanghai')
  await waymark('zones create unlined.example')
  const refused = await waymark('records create unlined.example www A 192.0.2.1 --line china')
  expect(refused.code).toBe(4)
  expect(refused.err).toContain('there is no line china')
  expect(refused.err).toContain('waymark lines list')
  expect((await waymark('records create unlined.example www A 192.0.2.1 --line CN')).code).toBe(0)
}, 120_000)
