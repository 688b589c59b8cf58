import { expect, test } from 'bun:test'
import { RateLimiter, rateMemory } from './rate-limiter.ts'

function limiter(rate: number) {
  const time = { now: 1_700_000_000_000 }
  const memory = rateMemory()
  const make = () => new RateLimiter(memory, 4711, rate, () => time.now)
  return { time, make, one: make() }
}

const allowed = (one: RateLimiter, source: string, count: number): number => {
  let sum = 0
  for (let i = 0; i < count; i++) if (one.allows(source)) sum++
  return sum
}

test('a prefix gets its answers of a second at once, and then as many as the rate gives', () => {
  const { time, one } = limiter(10)
  expect(allowed(one, '192.0.2.1', 100)).toBe(10)
  time.now += 100
  expect(allowed(one, '192.0.2.1', 100)).toBe(1)
  time.now += 500
  expect(allowed(one, '192.0.2.1', 100)).toBe(5)
  time.now += 60_000
  expect(allowed(one, '192.0.2.1', 100)).toBe(10)
})

test('addresses of one /24 or /56 share, others do not', () => {
  const { one } = limiter(5)
  expect(allowed(one, '192.0.2.1', 5)).toBe(5)
  expect(allowed(one, '192.0.2.254', 5)).toBe(0)
  expect(allowed(one, '::ffff:192.0.2.7', 5)).toBe(0)
  expect(allowed(one, '192.0.3.1', 5)).toBe(5)
  expect(allowed(one, '2001:db8:1:200::1', 5)).toBe(5)
  expect(allowed(one, '2001:db8:1:2ff::1', 5)).toBe(0)
  expect(allowed(one, '2001:db8:1:300::1', 5)).toBe(5)
})

test('threads count together', () => {
  const { one, make } = limiter(4)
  const other = make()
  expect(allowed(one, '192.0.2.1', 2) + allowed(other, '192.0.2.1', 10)).toBe(4)
})

test('a flood of many prefixes takes the share of few others', () => {
  const { one } = limiter(2)
  for (let i = 0; i < 3000; i++) allowed(one, `10.${i >> 8}.${i & 255}.1`, 3)
  let limited = 0
  for (let i = 0; i < 2000; i++) if (!one.allows(`172.${16 + (i >> 8)}.${i & 255}.1`)) limited++
  expect(limited).toBeLessThan(20)
})

test('a clock that is set back limits nobody', () => {
  const { time, one } = limiter(10)
  expect(allowed(one, '192.0.2.1', 100)).toBe(10)
  time.now -= 3_600_000
  expect(allowed(one, '192.0.2.1', 100)).toBe(10)
})

test('a rate of one gives one answer a second', () => {
  const { time, one } = limiter(1)
  expect(allowed(one, '192.0.2.1', 9)).toBe(1)
  time.now += 999
  expect(allowed(one, '192.0.2.1', 9)).toBe(0)
  time.now += 1
  expect(allowed(one, '192.0.2.1', 9)).toBe(1)
})
