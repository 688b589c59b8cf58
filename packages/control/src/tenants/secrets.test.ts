import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { createSecretBox, loadMasterKey, StartError } from './secrets.ts'

const KEY = 'a1'.repeat(32)

describe('a sealed secret', () => {
  const box = createSecretBox(Buffer.from(KEY, 'hex'))

  test('opens for its owner and never looks the same twice', () => {
    const sealed = box.seal('secret ü', 'AK1')
    expect(box.open(sealed, 'AK1')).toBe('secret ü')
    expect(box.seal('secret ü', 'AK1')).not.toBe(sealed)
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('secret')
  })
  test('does not open for another owner, under another key, or changed', () => {
    const sealed = box.seal('secret', 'AK1')
    expect(() => box.open(sealed, 'AK2')).toThrow()
    expect(() => createSecretBox(Buffer.alloc(32)).open(sealed, 'AK1')).toThrow()
    const octets = Buffer.from(sealed, 'base64')
    octets[13]! ^= 1
    expect(() => box.open(octets.toString('base64'), 'AK1')).toThrow()
    expect(() => box.open(octets.subarray(0, 20).toString('base64'), 'AK1')).toThrow()
  })
})

describe('the master key', () => {
  let dataDir: string
  let store: Store
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'waymark-key-'))
    store = await openStore({ file: ':memory:' })
    await store.migrate()
  })
  afterEach(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const file = () => join(dataDir, 'master.key')

  test('is made once, readable by its owner only, and found again', async () => {
    const key = await loadMasterKey(store, dataDir, undefined)
    expect(key).toHaveLength(32)
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(readFileSync(file(), 'utf8').trim()).toBe(Buffer.from(key).toString('hex'))
    expect(await loadMasterKey(store, dataDir, undefined)).toEqual(key)
  })
  test('may be given, and is then not written down', async () => {
    expect(Buffer.from(await loadMasterKey(store, dataDir, KEY)).toString('hex')).toBe(KEY)
    expect(() => statSync(file())).toThrow()
  })
  test('of another installation is refused, and so is a start without it', async () => {
    await loadMasterKey(store, dataDir, KEY)
    await expect(loadMasterKey(store, dataDir, 'b2'.repeat(32))).rejects.toThrow(StartError)
    await expect(loadMasterKey(store, dataDir, undefined)).rejects.toThrow('Copy master.key')
    expect(() => statSync(file())).toThrow()
  })
  test('must be 64 hexadecimal digits', async () => {
    writeFileSync(file(), 'too short')
    await expect(loadMasterKey(store, dataDir, undefined)).rejects.toThrow('64 hexadecimal digits')
  })
})
