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

test('a zone that is made for an import is not left empty when the other server gives nothing', async () => {
  const from = 'import --from 127.0.0.1:1 --zone moved.example'
  const { err, code } = await waymark(`${from} --create-zone`)
  expect(code).toBe(4)
  expect(err).toContain('WAYMARK.0801')
  expect(err).toContain('Zone moved.example. deleted again')
  expect((await waymark('zones list')).out).not.toContain('moved.example')

  await waymark('zones create moved.example')
  expect((await waymark(from)).code).toBe(4)
  expect((await waymark('zones list')).out).toContain('moved.example')
}, 120_000)
