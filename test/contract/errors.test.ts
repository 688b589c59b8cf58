/** Every code of the catalogue is either answered here to the request that leads to it, or has a reason why none does. */
import { afterAll, expect, test } from 'bun:test'
import { ERRORS } from '../../packages/control/src/errors.ts'
import { GATEWAY_ERRORS } from '../../packages/control/src/http/gateway-error.ts'
import { type ContractLab, openContractLab } from './contract-lab.ts'
import { CATALOGUED, ERROR_CASES, reasonOf } from './errors/all.ts'
import { NOT_OCCURRING } from './errors/not-occurring.ts'

const codes = [...new Set(CATALOGUED.map(({ code }) => code))]

let shared: Promise<ContractLab> | undefined
afterAll(async () => {
  await (await shared)?.stop()
})

test('no code is in neither list or in both', () => {
  expect(CATALOGUED.length).toBe(205 + 41)
  const listed = NOT_OCCURRING.flatMap((each) => each.codes)
  expect(listed.filter((code, at) => listed.indexOf(code) !== at)).toEqual([])
  const wrong = codes.filter((code) => listed.includes(code) === Object.hasOwn(ERROR_CASES, code))
  expect(wrong).toEqual([])
  const known = [...listed, ...Object.keys(ERROR_CASES)]
  expect(known.filter((code) => !codes.includes(code))).toEqual([])
})

test('the service knows no code that has a reason why it does not occur, and has a case for each of its own', () => {
  const served = [...Object.values(ERRORS), ...Object.values(GATEWAY_ERRORS)]
    .map(({ code }) => code)
    .filter((code) => !code.startsWith('WAYMARK.'))
  expect([...new Set(served)].filter((code) => reasonOf(code) !== undefined)).toEqual([])
  expect([...new Set(served)].filter((code) => !Object.hasOwn(ERROR_CASES, code))).toEqual([])
})

for (const [code, { how, status, settings, reach }] of Object.entries(ERROR_CASES))
  test(`${code}: ${how}`, async () => {
    // The failure of the store is for the whole of its installation.
    const isOwn = settings !== undefined || status === 500
    if (!isOwn) shared ??= openContractLab()
    const lab = isOwn ? await openContractLab(settings) : await shared!
    try {
      expect(await reach(lab)).toEqual({ status, code })
      // 404 stands where the catalogue has 400 for a task that is not there: its address is empty.
      const documented = CATALOGUED.filter((each) => each.code === code).flatMap(({ http }) => http)
      if (!(code === 'DNS.1304' && status === 404)) expect(documented).toContain(status as number)
    } finally {
      if (isOwn) await lab.stop()
    }
  }, 120_000)
