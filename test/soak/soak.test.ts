/** One minute of what `npm run bench:soak` does for as long as one likes. */
import { expect, test } from 'bun:test'
import { faultsOf, soak } from '../../bench/support/soak.ts'

/** In a minute collectors have not settled: what leaks a little needs the longer run. */
const TOLERANCE_BYTES = 48e6

test('under load and endless changes no query is lost and memory does not grow', async () => {
  const result = await soak({ seconds: 55, queriesPerSecond: 500 })
  expect(faultsOf(result, TOLERANCE_BYTES)).toEqual([])
}, 240_000)
