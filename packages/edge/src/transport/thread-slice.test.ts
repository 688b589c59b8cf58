import { expect, test } from 'bun:test'
import { release } from 'node:os'
import { shortenTurns } from './thread-slice.ts'

test('the turns of a thread become as short as the system makes them', () => {
  const [major = 0, minor = 0] = release().split('.').map(Number)
  const isKnown = process.platform === 'linux' && (major > 6 || (major === 6 && minor >= 12))
  const turn = shortenTurns()
  if (isKnown) expect(turn).toBe(100_000n)
  else expect(turn).toBeLessThanOrEqual(100_000n)
})
