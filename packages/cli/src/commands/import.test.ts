import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { type Lab, openLab } from '@waymark/control/tenants/testing'

const entry = join(import.meta.dir, '..', 'main.ts')
let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(async () => {
  await lab.stop()
})

async function waymark(line: string) {
  const { PATH = '', HOME = '' } = process.env
  const { access_key, secret_key } = lab.operator
  const key = { WAYMARK_ACCESS_KEY: access_key, WAYMARK_SECRET_KEY: secret_key }
  const child = Bun.spawn({
    cmd: [process.execPath, entry, ...line.split(' ')],
    env: { PATH, HOME, WAYMARK_URL: lab.control.url, ...key },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { out, err, code }
}

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
