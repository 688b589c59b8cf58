/**
 * The short fuzz of the API: a few made-up requests for every operation of a running service, and those at the limits of
 * each value, from the description that the service gives of itself. `npm run test:fuzz` makes many more.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Service, startService } from '../support/service.ts'
import { runSchemathesis } from './schemathesis.ts'

let service: Service

beforeAll(async () => {
  service = await startService()
}, 120_000)

afterAll(() => service?.stop())

test('no made-up request gets an answer that is not described, and none is a failure of the server', async () => {
  const { report, isClean } = await runSchemathesis(service, { examples: 10, seed: 1 })
  if (!isClean) console.log(report)
  expect(isClean).toBe(true)
  const [, generated] = /(\d+) generated/.exec(report) ?? []
  expect(Number(generated)).toBeGreaterThan(5000)
  console.log(`${generated} requests`)
  const failures = (await service.output()).split('\n').filter((line) => line.includes('"level":"error"'))
  expect(failures).toEqual([])
})
