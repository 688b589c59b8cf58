import { expect, test } from 'bun:test'
import { KeptValues } from './kept-values.ts'

test('the value that was not asked for the longest makes room', () => {
  const kept = new KeptValues<number>(2)
  kept.set('a', 1)
  kept.set('b', 2)
  expect(kept.get('a')).toBe(1)
  kept.set('c', 3)
  expect([kept.get('a'), kept.get('b'), kept.get('c')]).toEqual([1, undefined, 3])
})

test('a value set again takes the place of the other, one removed is gone', () => {
  const kept = new KeptValues<number>(2)
  kept.set('a', 1)
  kept.set('b', 2)
  kept.set('a', 3)
  expect([kept.get('a'), kept.get('b')]).toEqual([3, 2])
  kept.delete('a')
  expect(kept.get('a')).toBeUndefined()
})
