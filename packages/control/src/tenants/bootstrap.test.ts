import { afterEach, beforeEach, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createIdSource } from '../new-id.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { type BootstrapOptions, ensureFirstCredentials } from './bootstrap.ts'
import { Identities } from './identities.ts'
import { isPassword } from './passwords.ts'
import { createSecretBox, StartError } from './secrets.ts'

let dataDir: string
let store: Store
let options: BootstrapOptions
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'waymark-bootstrap-'))
  store = await openStore({ dataDir })
  await store.migrate()
  options = {
    dataDir,
    regions: ['region-a', 'region-b'],
    secrets: createSecretBox(new Uint8Array(32)),
    now: Date.now,
    newId: createIdSource(Date.now),
  }
})
afterEach(async () => {
  await store.close()
  rmSync(dataDir, { recursive: true, force: true })
})
const file = () => join(dataDir, 'credentials.json')

test('the first start makes an account that can sign and log in, and keeps its credentials', async () => {
  const made = await ensureFirstCredentials(store, options)
  expect(statSync(file()).mode & 0o777).toBe(0o600)
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual(made)
  const found = await new Identities(store, options.secrets, Date.now).byAccessKey(made!.access_key)
  expect(found?.secretKey).toBe(made!.secret_key)
  expect(found?.identity.projects.map(({ name }) => name).toSorted()).toEqual(['region-a', 'region-b'])
  expect(found?.identity.user.passwordHash).toStartWith('$argon2id$')
  expect(await isPassword(made!.password, found?.identity.user.passwordHash)).toBe(true)
  expect((await store.findProject(made!.project_id))?.name).toBe('region-a')
  expect((await store.findAccessKey(made!.access_key))?.sealedSecret).not.toContain(made!.secret_key)
})

test('later starts make nothing but the projects of new regions', async () => {
  const made = await ensureFirstCredentials(store, options)
  const regions = [...options.regions, 'region-c']
  expect(await ensureFirstCredentials(store, { ...options, regions })).toBeUndefined()
  expect(await store.listAccounts()).toHaveLength(1)
  expect((await store.listProjects(made!.domain_id)).map(({ name }) => name).toSorted()).toEqual(regions)
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual(made)
})

test('credentials chosen by the operator are taken', async () => {
  const chosen = { accessKey: 'CHOSENKEY', secretKey: 'chosen-secret', password: 'chosen password' }
  expect(await ensureFirstCredentials(store, { ...options, ...chosen })).toMatchObject({
    access_key: 'CHOSENKEY',
    secret_key: 'chosen-secret',
    password: 'chosen password',
  })
})

test('what the operator has not chosen is made up', async () => {
  const made = await ensureFirstCredentials(store, { ...options, accessKey: 'CHOSENKEY' })
  expect(made?.access_key).toBe('CHOSENKEY')
  expect(made?.secret_key).toMatch(/^[A-Za-z0-9]{40}$/)
})

test('an access key that cannot stand in a header is refused before anything is made', async () => {
  const chosen = { accessKey: 'a b', secretKey: 'secret' }
  await expect(ensureFirstCredentials(store, { ...options, ...chosen })).rejects.toThrow(StartError)
  expect(await store.listAccounts()).toHaveLength(0)
  expect(existsSync(file())).toBe(false)
})

test('nodes that start at the same moment make one account', async () => {
  const other = await openStore({ dataDir })
  const made = await Promise.all([
    ensureFirstCredentials(store, options),
    ensureFirstCredentials(other, options),
    ensureFirstCredentials(store, options),
  ])
  await other.close()
  expect(made.filter((credentials) => credentials !== undefined)).toHaveLength(1)
  expect(await store.listAccounts()).toHaveLength(1)
})
