import { expect, test } from 'bun:test'
import { formatName, parseName } from '@waymark/dns/name'
import { topZones, ZoneCounts, zoneCountsFor } from './top-zones.ts'

/** The apex behind its length, as it stands in the table. */
function apex(text: string): Uint8Array {
  const name = parseName(text)
  if (!name.ok) throw new Error(text)
  return Uint8Array.of(name.value.length, ...name.value)
}

test('the zones asked for most are found among many more than there is room for, over all threads', () => {
  const buffer = zoneCountsFor(2)
  const workers = [new ZoneCounts(buffer, 0), new ZoneCounts(buffer, 1)]
  const heavy = apex('heavy.example.')
  const middle = apex('middle.example.')
  for (let i = 0; i < 30_000; i++) {
    const worker = workers[i % 2]!
    worker.add(apex(`z${i % 3000}.example.`), 0, 1)
    if (i % 3 === 0) worker.add(heavy, 0, 2)
    if (i % 10 === 0) worker.add(middle, 0, 2)
  }
  const top = topZones(buffer, 2)
  expect(top.map((zone) => formatName(zone.apex))).toEqual(['heavy.example.', 'middle.example.'])
  for (const [i, real] of [20_000, 6000].entries()) {
    expect(top[i]!.count).toBeGreaterThanOrEqual(real)
    expect(top[i]!.count - top[i]!.error).toBeLessThanOrEqual(real)
  }
  expect(topZones(buffer, 1000).length).toBeLessThanOrEqual(256)
})

test('the root and the longest name are names like others', () => {
  const buffer = zoneCountsFor(1)
  const counts = new ZoneCounts(buffer, 0)
  const longest = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}.`
  for (const name of ['.', longest, '.']) counts.add(apex(name), 0, 16)
  expect(topZones(buffer, 5)).toEqual([
    { apex: apex('.').slice(1), count: 32, error: 0 },
    { apex: apex(longest).slice(1), count: 16, error: 0 },
  ])
})
