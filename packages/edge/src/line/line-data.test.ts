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

test('what comes with the edge knows countries and operators', async () => {
  const { buffer } = await LineData.load(undefined, log)
  expect(chainOf(buffer, 0x08080808)).toEqual(['US', 'NA', 'Abroad'])
  // 202.96.128.86, 202.106.0.20, 221.130.13.133, 166.111.8.28, 110.96.0.1
  for (const [address, operator] of [
    [0xca608056, 'Dianxin'],
    [0xca6a0014, 'Liantong'],
    [0xdd820d85, 'Yidong'],
    [0xa66f081c, 'Jiaoyuwang'],
    [0x6e600001, 'Tietong'],
  ] as const) {
    expect(chainOf(buffer, address)).toEqual([operator, 'CN'])
  }
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
