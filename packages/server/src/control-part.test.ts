import { afterAll, expect, spyOn, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { startControlPart } from './control-part.ts'
import { readSettings } from './settings.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'waymark-https-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

test('HTTP and HTTPS are served side by side, and links follow the way that the caller came', async () => {
  const read = readSettings('control', ['--http', '127.0.0.1:0', '--https', '127.0.0.1:0'], {})
  if (!read.ok) throw new Error(read.faults.join())
  const print = spyOn(console, 'log').mockImplementation(() => undefined)
  const control = await startControlPart(read.settings, dataDir, pino({ level: 'silent' }))
  try {
    const ca = readFileSync(join(dataDir, 'tls', 'authority.pem'), 'utf8')
    const linkAt = async (url: string) => {
      const response = await fetch(`${url}/v3`, { tls: { ca } })
      // biome-ignore lint/suspicious/noExplicitAny: the body of a version document
      return ((await response.json()) as any).version.links[0].href
    }
    expect(await linkAt(control.url)).toBe(`${control.url}/v3/`)
    expect(await linkAt(control.https!.url)).toBe(`${control.https!.url}/v3/`)
    expect(control.https!.url).toStartWith('https://127.0.0.1:')
  } finally {
    await control.stop()
    print.mockRestore()
  }
})
