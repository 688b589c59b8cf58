import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Lab, openLab } from '@waymark/control/tenants/testing'
import { asOperator, runWaymark } from '../testing.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(async () => {
  await lab.stop()
})

const waymark = (line: string) => runWaymark(line, asOperator(lab))

test('a private zone is made in a network by name, seen by another, and has its pattern changed', async () => {
  await waymark('networks create office --clients 10.1.0.0/16')
  await waymark('networks create branch --listeners 10.2.0.53')
  expect((await waymark('networks list')).out).toMatch(/branch .*10\.2\.0\.53\n/)
  expect((await waymark('zones create corp.example --private-in office --recursive')).code).toBe(0)
  expect((await waymark('zones show corp.example')).out).toMatch(/networks +office\npattern +RECURSIVE\n/)
  expect((await waymark('networks attach branch corp.example')).out).toBe(
    'Network branch sees corp.example.\n',
  )
  expect((await waymark('zones update corp.example --no-recursive')).code).toBe(0)
  expect((await waymark('zones show corp.example')).out).toMatch(
    /networks +office, branch\npattern +AUTHORITY\n/,
  )
  await waymark('networks detach office corp.example')
  expect((await waymark('networks detach branch corp.example')).err).toContain('DNS.0706')
  await waymark('zones create corp.example --private-in office')
  const { err, code } = await waymark('zones show corp.example')
  expect(code).toBe(2)
  expect(err).toContain('private in office')
  expect(err).toContain('private in branch')
}, 120_000)

test('what cannot be is told before anything is made', async () => {
  const { err, code } = await waymark('zones create open.example --recursive')
  expect(code).toBe(2)
  expect(err).toContain('--recursive is for private zones')
  expect((await waymark('zones create lost.example --private-in nowhere')).err).toContain(
    'there is no network nowhere',
  )
  expect((await waymark('zones list')).out).not.toMatch(/open|lost/)
}, 120_000)
