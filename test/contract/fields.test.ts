/** Every field of every request, at the limits of what is documented of it: inside it is taken, outside it is refused. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Answer } from '../../packages/control/src/tenants/testing.ts'
import { ABSENT, changed, valueAt } from './change-sample.ts'
import { type ContractLab, openContractLab } from './contract-lab.ts'
import { DEPARTURES, departureOf } from './departures.ts'
import { checksOf } from './field-checks.ts'
import { FIELD_RULES, ruled } from './field-rules.ts'
import { type Field, OPERATIONS, type Operation } from './operations.ts'
import { refusalCodesOf } from './refusal-codes.ts'
import { SAMPLES, VARIANTS } from './samples/all.ts'
import type { Sample } from './samples/sample.ts'
import { faultOfRefusal, faultOfSuccess, send } from './send.ts'

let lab: ContractLab
beforeAll(async () => {
  lab = await openContractLab()
})
afterAll(() => lab.stop())

const departuresMet = new Set<unknown>()

const shown = (value: unknown): string => {
  const text = value === ABSENT ? 'absent' : JSON.stringify(value)
  return text.length > 60
    ? `${text.slice(0, 50)}… of ${Array.isArray(value) ? value.length : text.length}`
    : text
}

/** A fresh request that has the field. */
const sampleFor = async ({ operation, name }: Field): Promise<Sample> =>
  (VARIANTS[`${operation} ${name.split('.')[0]}`] ?? SAMPLES[operation]!)(lab)

async function faultsOf(operation: Operation, field: Field): Promise<string[]> {
  const own = valueAt(await sampleFor(field), field)
  if (own === undefined) return [`${field.name}: not in the sample`]
  const faults: string[] = []
  for (const [n, check] of checksOf(field, own).entries()) {
    const departure = departureOf(field, check)
    if (departure !== undefined) departuresMet.add(departure)
    const isAllowed = check.isAllowed !== (departure !== undefined)
    const sample = await sampleFor(field)
    // Made again for this request, as values may be made of what the request names.
    const { value } = checksOf(field, valueAt(sample, field))[n]!
    const answer = await send(lab, operation, changed(sample, field, value))
    const fault = isAllowed ? faultOfSuccess(operation, answer) : refusalFault(operation, field, answer)
    if (fault !== undefined)
      faults.push(
        `${field.name} ${check.rule} ${shown(value)} to be ${isAllowed ? 'taken' : 'refused'}: ${fault}`,
      )
  }
  return faults
}

/** A refusal of a field has a code of the field. */
function refusalFault(operation: Operation, field: Field, answer: Answer): string | undefined {
  const code = answer.json?.code ?? answer.json?.error_code
  const codes = refusalCodesOf(field)
  return (
    faultOfRefusal(operation, answer) ??
    (codes.includes(code) ? undefined : `${code} in place of ${codes.join(' or ')}`)
  )
}

for (const operation of OPERATIONS.filter(({ fields }) => fields.length > 0))
  test(`${operation.name} takes and refuses what its fields allow`, async () => {
    const faults: string[] = []
    for (const field of operation.fields) faults.push(...(await faultsOf(operation, ruled(field))))
    expect(faults).toEqual([])
  }, 120_000)

test('no rule and no departure is for a field that does not exist or a value that is not tried', () => {
  const all = OPERATIONS.flatMap(({ fields }) => fields)
  const idle = FIELD_RULES.filter(
    (rule) => !all.some(({ operation, name }) => rule.operations.test(operation) && rule.field.test(name)),
  )
  expect(idle).toEqual([])
  expect(DEPARTURES.filter((each) => !departuresMet.has(each))).toEqual([])
})
