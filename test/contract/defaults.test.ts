/** A field that is left out means its default: what is answered and made is the same as with the default sent, and other with another. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { ABSENT, changed, valueAt } from './change-sample.ts'
import { type ContractLab, NO_UUID, openContractLab } from './contract-lab.ts'
import { ruled } from './field-rules.ts'
import { type Field, OPERATIONS, type Operation } from './operations.ts'
import { SAMPLES } from './samples/all.ts'
import type { Sample } from './samples/sample.ts'
import { send } from './send.ts'

let lab: ContractLab
beforeAll(async () => {
  lab = await openContractLab()
})
afterAll(() => lab.stop())

/** What no two requests have in common: ids, names, addresses, times. */
const OWN =
  /[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+|\bn\d+\b|(198\.18|100\.64)\.\d+\.\d+|"total_count":\d+/g

/** What a request leads to: its answer and, for what works on zones, their record sets afterwards. */
async function outcome(operation: Operation, sample: Sample, field: Field, value: unknown): Promise<string> {
  const { marker: _marker, health_check_id: _id, ...query } = sample.query ?? {}
  // A marker counts more than an offset, and is of one list only.
  const isFree = ['limit', 'offset', 'type', 'zone_type'].includes(field.name)
  const whole: Sample = isFree && field.in === 'query' ? { ...sample, query: { ...query } } : sample
  const answer = await send(lab, operation, changed(whole, field, value))
  if (answer.status >= 300) return `${answer.status} ${answer.text}`
  return (answer.text + (await madeBy(whole))).replaceAll(OWN, '').replaceAll(/"links":\{[^}]*\}/g, '')
}

const sampleOf = ({ name }: Operation): Promise<Sample> | Sample => SAMPLES[name]!(lab)

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
type Json = any

/** Zone and record sets that the request is about, when everything is done. */
async function madeBy({ path, body }: Sample): Promise<string> {
  const sent = body as Json
  const name: string | undefined = sent?.zone_names?.[0] ?? sent?.recordsets?.[0]?.zone_name
  if (name === undefined && path?.zone_id === undefined) return ''
  await lab.untilIdle()
  const named =
    name === undefined ? [] : (await lab.done('GET', `/v2/zones?search_mode=equal&name=${name}`)).zones
  const id = path?.zone_id ?? named[0]?.id
  if (id === undefined) return ''
  const { recordsets } = await lab.done('GET', `/v2.1/zones/${id}/recordsets`)
  return JSON.stringify([named, recordsets.filter((set: Json) => !set.default)])
}

/** Another value of the field, which has to make a difference. */
function otherOf(operation: Operation, field: Field, sample: unknown): unknown {
  const own = field.schema.default
  if (field.name === 'enterprise_project_id') return NO_UUID
  if (field.in === 'query' && typeof own === 'number') return own === 0 ? 1 : 0
  if (typeof own === 'boolean') return !own
  if (field.name === 'zone_type' && operation.method === 'POST') return undefined
  if (/type$/.test(field.name)) return 'private'
  if (operation.name === 'ListTag') return field.name === 'limit' ? 1 : 1_000_000
  return sample
}

for (const operation of OPERATIONS) {
  const fields = operation.fields.map(ruled).filter(({ schema }) => schema.default !== undefined)
  if (fields.length === 0) continue
  test(`${operation.name} has the defaults of ${fields.map(({ name }) => name).join(', ')}`, async () => {
    for (const field of fields) {
      const sample = await sampleOf(operation)
      // What reads is asked the same three times, what writes makes three of a kind.
      const isRead = operation.method === 'GET' || operation.name === 'ListTag'
      const outcomeOf = async (value: unknown) =>
        outcome(operation, isRead ? sample : await sampleOf(operation), field, value)
      const absent = await outcomeOf(ABSENT)
      expect(absent).not.toMatch(/^4/)
      expect(await outcomeOf(field.schema.default)).toBe(absent)
      const other = otherOf(operation, field, valueAt(sample, field))
      if (other !== undefined) expect(await outcomeOf(other)).not.toBe(absent)
    }
  }, 120_000)
}
