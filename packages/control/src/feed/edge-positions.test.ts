import { describe, expect, test } from 'bun:test'
import { EdgePositions, LIVE_MS, PRESUMED_MS } from './edge-positions.ts'

function at(startMs = 1000) {
  const clock = { now: startMs }
  const edges = new EdgePositions(() => clock.now)
  const report = (id: string, seq: number) =>
    edges.report({ id, seq, dns: [], zones: 0, recordSets: 0, startedAt: 0 })
  return { clock, edges, report }
}

describe('EdgePositions', () => {
  test('nothing is answered while no edge is there', () => {
    expect(at().edges.isAnswered(0)).toBe(false)
  })

  test('answered means by every live edge', () => {
    const { edges, report } = at()
    report('a', 5)
    report('b', 3)
    expect(edges.isAnswered(3)).toBe(true)
    expect(edges.isAnswered(4)).toBe(false)
    expect(edges.slowest()).toBe(3)
  })

  test('an edge that fell silent is not waited for', () => {
    const { clock, edges, report } = at()
    report('gone', 1)
    clock.now += LIVE_MS
    report('a', 5)
    expect(edges.isAnswered(5)).toBe(false)
    clock.now += 1
    expect(edges.isAnswered(5)).toBe(true)
    expect(edges.all().map((edge) => edge.id)).toEqual(['a'])
    expect(edges.slowest()).toBe(5)
  })

  test('an edge whose reports are late is taken to answer on for a while, though nobody waits for it', () => {
    const { clock, edges, report } = at()
    report('late', 5)
    clock.now += PRESUMED_MS
    expect([edges.isAnswered(5), edges.isPresumedAnswered(5), edges.isPresumedAnswered(6)]).toEqual([
      ...[false, true, false],
    ])
    clock.now += 1
    expect([edges.isPresumedAnswered(5), edges.presumed()]).toEqual([false, []])
  })

  test('waiting ends with the report that makes it true', async () => {
    const { edges, report } = at()
    report('a', 1)
    const answered = edges.whenAnswered(2, 10_000)
    report('a', 2)
    expect(await answered).toBe(true)
  })

  test('waiting ends in time when it does not come true', async () => {
    const { edges, report } = at()
    report('a', 1)
    expect(await edges.whenAnswered(2, 10)).toBe(false)
  })
})
