import { afterAll, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LineDataFiles } from './line-data-files.ts'
import { openLineData } from './open-line-data.ts'
import { readSource } from './read-source.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-line-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Files kept up with, what was told of them, and a wait for the next word. */
function keep(files: readonly string[], output: string) {
  const told: string[] = []
  let wake = (): void => {}
  const tell = (word: string): void => {
    told.push(word)
    wake()
  }
  const taken = (): void => tell('taken')
  const keeper = new LineDataFiles(files, output, { taken, refused: tell }, 20)
  const until = async (count: number): Promise<string[]> => {
    while (told.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return told
  }
  return { keeper, until }
}

const linesOf = (path: string): string[] => readSource(path).map(({ line }) => line)

test('changed files are compiled anew, broken ones leave what was there, and nothing is done twice', async () => {
  const [places, operators, output] = ['places.csv', 'operators.csv', 'out.bin'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  writeFileSync(places, '192.0.2.0/24,Beijing\n')
  const { keeper, until } = keep(['none', places, operators], output)
  await keeper.start()
  expect((await until(1))[0]).toContain('operators.csv: ENOENT')
  expect(existsSync(output)).toBe(false)
  writeFileSync(operators, '192.0.2.0/24,AS4134\n')
  expect((await until(2))[1]).toBe('taken')
  expect(linesOf(output)).toEqual(['Dianxin_Beijing'])
  writeFileSync(places, '192.0.2.0/24,Nowhere\n')
  expect((await until(3))[2]).toContain('places.csv:1: Nowhere')
  expect(linesOf(output)).toEqual(['Dianxin_Beijing'])
  writeFileSync(places, '192.0.2.0/24,Shanghai\n')
  expect((await until(4))[3]).toBe('taken')
  expect(linesOf(output)).toEqual(['Dianxin_Shanghai'])
  await keeper.stop()

  const { mtimeMs } = statSync(output)
  const again = keep(['none', places, operators], output)
  await again.keeper.start()
  await again.keeper.stop()
  expect(statSync(output).mtimeMs).toBe(mtimeMs)
  expect(readFileSync(`${output}.of`, 'utf8')).toContain('places.csv')
}, 120_000)

test('one lines.bin is read as it is, and is looked for in the data folder', async () => {
  const report = { taken() {}, refused() {} }
  expect((await openLineData(undefined, '/data', '/data/edge', report)).path).toBe('/data/lines.bin')
  expect((await openLineData(['/x/y.bin'], '/data', '/data/edge', report)).path).toBe('/x/y.bin')
})
