/**
 * Writes the generated pages of docs/. With `--check` it writes nothing and fails when a page is not as it would be written.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { settingsPage } from '@waymark/server/settings-text'
import { apiCoveragePage } from './api-coverage.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const PAGES: Record<string, () => string | Promise<string>> = {
  'docs/settings.md': settingsPage,
  'docs/api-coverage.md': apiCoveragePage,
}

const isCheck = process.argv.includes('--check')
let stale = 0
for (const [page, write] of Object.entries(PAGES)) {
  const wanted = await write()
  const path = root + page
  if (existsSync(path) && readFileSync(path, 'utf8') === wanted) continue
  if (isCheck) {
    console.error(`${page} is stale; run "npm run docs" and commit it`)
    stale++
  } else {
    writeFileSync(path, wanted)
    console.log(`wrote ${page}`)
  }
}
process.exit(stale === 0 ? 0 : 1)
