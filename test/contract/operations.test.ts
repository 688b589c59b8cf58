/** Every documented operation has a route and every route is documented; one good request of each is answered as documented. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type ContractLab, openContractLab } from './contract-lab.ts'
import { callOf, OPERATIONS, SDK_NAMES } from './operations.ts'
import { NOT_OFFERED, SOURCES } from './other-routes.ts'
import { SAMPLES } from './samples/all.ts'
import { faultOfRefusal, faultOfSuccess, routeOf, send } from './send.ts'

let lab: ContractLab
beforeAll(async () => {
  lab = await openContractLab()
})
afterAll(() => lab.stop())

test('every operation of the SDKs and of the contract has a route', () => {
  expect(SDK_NAMES).toHaveLength(117)
  const names = new Set(OPERATIONS.map(({ name }) => name))
  expect(SDK_NAMES.filter((name) => !names.has(name))).toEqual([])
  const missing = OPERATIONS.filter((operation) => routeOf(operation, lab.control.routes) === undefined)
  expect(missing.map(({ name }) => name)).toEqual([])
})

test('every route is an operation of the catalogue or has another source, and closed sources are complete', () => {
  const catalogued = new Set([...OPERATIONS.map(callOf), 'GET /v2'])
  const others = lab.control.routes.filter((route) => !catalogued.has(callOf(route)))
  const strange = others.filter(({ path }) => SOURCES.filter(({ paths }) => paths.test(path)).length !== 1)
  expect(strange.map(({ method, path, operation }) => `${operation} ${method} ${path}`)).toEqual([])
  for (const { paths, operations } of SOURCES) {
    const served = others.filter(({ path }) => paths.test(path)).map(({ operation }) => operation)
    expect(served).not.toEqual([])
    if (operations !== undefined) expect(served.sort()).toEqual(operations.toSorted())
  }
})

test('names of routes are those of the operations, but where one route serves several', () => {
  const others = OPERATIONS.flatMap((operation) => {
    const route = routeOf(operation, lab.control.routes)
    if (route === undefined || route.operation.toLowerCase() === operation.name.toLowerCase()) return []
    return OPERATIONS.filter((each) => callOf(each) === callOf(operation)).length > 1 ? [] : [operation.name]
  })
  expect(others).toEqual([])
})

test('the permission of a route is the action that the contract gives', () => {
  const others = OPERATIONS.flatMap((operation) => {
    const permission = routeOf(operation, lab.control.routes)?.permission
    if (operation.action === null || permission === undefined || permission === operation.action) return []
    return [`${operation.name} ${permission} for ${operation.action}`]
  })
  expect(others).toEqual([])
})

test('there is one sample for every operation', () => {
  expect(Object.keys(SAMPLES).sort()).toEqual(OPERATIONS.map(({ name }) => name).sort())
})

for (const operation of OPERATIONS)
  test(`${operation.name} is answered as documented`, async () => {
    const answer = await send(lab, operation, await SAMPLES[operation.name]!(lab))
    const refusal = NOT_OFFERED[operation.name]
    if (refusal !== undefined) {
      expect(faultOfRefusal(operation, answer)).toBeUndefined()
      expect(answer.json.code).toBe(refusal.code)
    } else expect(faultOfSuccess(operation, answer)).toBeUndefined()
  })
