/** Files of line data of several kinds, changed while visitors ask: the answers follow, and none is missing. */
import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeMmdb, writeXdb } from '@waymark/server/line-data/testing'
import { ask, recordLines } from '../support/dns-client.ts'
import { startService } from '../support/service.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-line-data-'))
const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
afterAll(async () => {
  for (const end of ends.reverse()) await end()
})

test('files are layered, taken up when they change, and no query is lost meanwhile', async () => {
  const [city, carriers, own] = ['city.mmdb', 'carriers.xdb', 'own.csv'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  const put = (path: string, octets: Uint8Array | string): void => {
    writeFileSync(`${path}.part`, octets)
    renameSync(`${path}.part`, path)
  }
  const cityOf = (code: string) =>
    writeMmdb([['127.0.0.0/8', { country: { iso_code: 'CN' }, subdivisions: [{ iso_code: code }] }]], {
      bits: 28,
      version: 6,
    })
  put(city, cityOf('BJ'))
  put(carriers, writeXdb([['127.0.0.0', '127.255.255.255', '中国|0|0|0|移动']], 2))
  put(own, '198.51.100.0/24,HK\n')
  const service = await startService({ args: ['--line-data', `${city},${carriers},${own}`] })
  ends.push(() => service.stop())
  const zone = await service.call('POST', '/v2/zones', { name: 'lines.example.' })
  const addresses = new Map([
    ['default_view', '192.0.2.1'],
    ['Yidong_Beijing', '192.0.2.2'],
    ['Yidong_Sichuan', '192.0.2.3'],
    ['HK', '192.0.2.4'],
  ])
  for (const [line, address] of addresses) {
    const body = { name: 'www.lines.example.', type: 'A', ttl: 60, records: [address], line }
    const made = await service.call('POST', `/v2.1/zones/${zone.json.id}/recordsets`, body)
    expect(made.status).toBe(202)
  }
  const askLine = async (): Promise<string> => {
    const { answers } = await ask(service.dnsPort, 'www.lines.example.', 'A')
    const [line] = [...addresses].find(([, address]) => recordLines(answers)[0]?.endsWith(address)) ?? [
      'none',
    ]
    return line
  }
  // A query that is not answered throws; one that never is on the line runs into the time limit of the test.
  const untilLine = async (line: string): Promise<void> => {
    while ((await askLine()) !== line);
  }
  await untilLine('Yidong_Beijing')
  put(city, cityOf('SC'))
  await untilLine('Yidong_Sichuan')
  put(own, '127.0.0.1/32,Nowhere\n')
  while (!(await service.output()).includes('own.csv:1: Nowhere')) await Bun.sleep(100)
  expect(await askLine()).toBe('Yidong_Sichuan')
  put(own, '127.0.0.1/32,HK\n')
  await untilLine('HK')
}, 120_000)
