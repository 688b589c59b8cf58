import { expect, test } from 'bun:test'
import { createIdSource } from './new-id.ts'

test('ids are 32 hexadecimal digits and grow, also within a millisecond and when the clock goes back', () => {
  let now = 1_790_000_000_000
  const newId = createIdSource(() => now)
  const ids: string[] = []
  for (let i = 0; i < 3000; i++) {
    if (i === 1000) now += 5
    if (i === 2000) now -= 100
    ids.push(newId())
  }
  expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true)
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})

test('two sources at the same time give different ids', () => {
  const [a, b] = [createIdSource(() => 1), createIdSource(() => 1)]
  expect(a()).not.toBe(b())
})
