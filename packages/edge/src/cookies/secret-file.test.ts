import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownCookieSecrets, parseSecrets } from './secret-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-cookie-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a secret is made once, kept for the owner alone, and found again', async () => {
  const data = join(folder, 'data')
  const [first] = await ownCookieSecrets(data)
  expect(first!.length).toBe(16)
  expect(await ownCookieSecrets(data)).toEqual([first!])
  expect(statSync(join(data, 'cookie.secret')).mode & 0o777).toBe(0o600)
  expect(await ownCookieSecrets(undefined)).not.toEqual([first!])
})

test('a file that holds no secret is a fault and not a weak secret', async () => {
  writeFileSync(join(folder, 'cookie.secret'), 'abc\n')
  await expect(ownCookieSecrets(folder)).rejects.toThrow('32 hexadecimal digits')
})

test('an operator may write several, the current one first', () => {
  const [first, second] = ['0'.repeat(32), 'f'.repeat(32)]
  expect(parseSecrets(`${first},${second}`).map((secret) => secret[0])).toEqual([0, 255])
  expect(() => parseSecrets(`${first},`)).toThrow()
})
