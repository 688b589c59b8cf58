import { afterAll, describe } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from './open.ts'
import { storeContract } from './store.contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('SQLite in memory', () => storeContract(() => openStore({ file: ':memory:' })))
describe('SQLite in a file', () => storeContract(() => openStore({ dataDir: join(folder, 'contract') })))
