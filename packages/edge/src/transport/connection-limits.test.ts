import { expect, test } from 'bun:test'
import { ConnectionLimits, connectionMemory } from './connection-limits.ts'

const limits = (total: number, perAddress: number, memory = connectionMemory()): ConnectionLimits =>
  new ConnectionLimits({ total, perAddress, memory, seed: 7 })

test('an address has its share and no more, others have theirs', () => {
  const one = limits(100, 2)
  const places = ['192.0.2.1', '192.0.2.1', '192.0.2.1'].map((source) => one.enter(source))
  expect(places.map((place) => place > 0)).toEqual([true, true, false])
  expect(one.enter('192.0.2.2')).toBeGreaterThan(0)
  one.leave(places[0]!)
  expect(one.enter('192.0.2.1')).toBeGreaterThan(0)
})

test('a /64 of IPv6 counts as one address', () => {
  const one = limits(100, 2)
  expect([1, 2, 3].map((i) => one.enter(`2001:db8::${i}`) > 0)).toEqual([true, true, false])
  expect(one.enter('2001:db8:0:1::1')).toBeGreaterThan(0)
})

test('all threads count together, and what was refused is not counted', () => {
  const memory = connectionMemory()
  const [one, other] = [limits(3, 3, memory), limits(3, 3, memory)]
  const places = [one.enter('192.0.2.1'), other.enter('192.0.2.2'), one.enter('192.0.2.3')]
  expect(places.every((place) => place > 0)).toBe(true)
  for (let i = 0; i < 5; i++) expect(other.enter('192.0.2.4')).toBe(-1)
  other.leave(places[0]!)
  expect(other.enter('192.0.2.4')).toBeGreaterThan(0)
  expect(one.enter('192.0.2.4')).toBe(-1)
})
