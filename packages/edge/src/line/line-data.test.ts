import { afterAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LineData } from './line-data.ts'
import { encodeRanges, RangeTable } from './ranges.ts'

const folder = await mkdtemp(join(tmpdir(), 'waymark-line-data-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const warnings: unknown[] = []
const log = { info() {}, warn: (_: string, fields?: object) => void warnings.push(fields), error() {} }

const chainOf = (buffer: SharedArrayBuffer | undefined, address: number): string[] => {
  const table = new RangeTable(buffer!)
  const lines: string[] = []
  for (let i = 0; ; i++) {
    const line = table.lineAt(table.chainOfIpv4(address), i)
    if (line < 0) return lines
    lines.push(table.lines[line]!)
  }
}

test('what comes with the edge knows countries, operators and provinces', async () => {
  const { buffer, madeAt } = await LineData.load(undefined, log)
  expect(madeAt).toBeGreaterThan(Date.UTC(2026, 0))
  expect(chainOf(buffer, 0x08080808)).toEqual(['US', 'NA', 'Abroad'])
  // 202.96.128.86, 202.106.0.20, 211.136.112.50, 166.111.8.28, 202.102.192.68
  for (const [address, operator, region, province] of [
    [0xca608056, 'Dianxin', 'Huanan', 'Guangdong'],
    [0xca6a0014, 'Liantong', 'Huabei', 'Beijing'],
    [0xd3887032, 'Yidong', 'Huadong', 'Shanghai'],
    [0xa66f081c, 'Jiaoyuwang', 'Huabei', 'Beijing'],
    [0xca66c044, 'Dianxin', 'Huadong', 'Anhui'],
  ] as const) {
    expect(chainOf(buffer, address)).toEqual([
      ...[`${operator}_${province}`, `${operator}_${region}`, operator, province, region, 'CN'],
    ])
  }
  // 110.96.0.1
  expect(chainOf(buffer, 0x6e600001)).toContain('Tietong')
  expect(chainOf(buffer, 0x7f000001)).toEqual([])
})

test("the operator's own file goes before it, unless it is none", async () => {
  const path = join(folder, 'lines.bin')
  await Bun.write(path, encodeRanges({ chains: [['HK', 'AP']], ipv4: [{ first: 0, chain: 0 }], ipv6: [] }))
  expect(chainOf((await LineData.load(path, log)).buffer, 0x08080808)).toEqual(['HK', 'AP'])
  await Bun.write(path, 'nonsense')
  expect(chainOf((await LineData.load(path, log)).buffer, 0x08080808)).toEqual(['US', 'NA', 'Abroad'])
  expect(warnings).toEqual([{ path, reason: 'This is no file of line data.' }])
})
