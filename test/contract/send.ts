import type { Context } from '../../packages/control/src/context.ts'
import { expectFitsContract } from '../../packages/control/src/http/contract-check.ts'
import type { Route } from '../../packages/control/src/http/route.ts'
import type { Answer } from '../../packages/control/src/tenants/testing.ts'
import type { ContractLab } from './contract-lab.ts'
import { callOf, type Operation } from './operations.ts'
import type { Sample } from './samples/sample.ts'

/** The route that serves an operation; a literal version stands for the parameter in the path of the version document. */
export const routeOf = (
  operation: Operation,
  routes: readonly Route<Context>[],
): Route<Context> | undefined => {
  const wanted = operation.name === 'ShowApiInfo' ? 'GET /v2' : callOf(operation)
  return routes.find((route) => callOf(route) === wanted)
}

export function send(lab: ContractLab, { method, path }: Operation, sample: Sample): Promise<Answer> {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(sample.path?.[name] ?? ''))
  const query = new URLSearchParams(sample.query).toString()
  return lab.call(method, filled + (query === '' ? '' : `?${query}`), sample.body)
}

/** What is wrong with an answer that should be good; undefined when nothing is. */
export function faultOfSuccess({ name, statuses }: Operation, answer: Answer): string | undefined {
  const wanted = statuses.length === 0 ? [200, 202] : statuses.filter((status) => status < 300)
  if (!wanted.includes(answer.status)) return `${answer.status} ${answer.text.slice(0, 200)}`
  if (statuses.length === 0 || NO_BODY.has(answer.status) || FREE_ANSWERS.has(name)) return undefined
  if (answer.text === '' && EMPTY_ANSWERS.has(name)) return undefined
  return shapeFault(name, answer)
}

/** What is wrong with an answer that should be a refusal; undefined when nothing is. */
export function faultOfRefusal({ name, statuses }: Operation, answer: Answer): string | undefined {
  if (answer.status < 400 || answer.status >= 500) return `${answer.status} ${answer.text.slice(0, 200)}`
  if (!REFUSALS.has(answer.status)) return `${answer.status} is no documented refusal`
  if (statuses.length === 0) return undefined
  // An unknown version is an unknown path.
  if (answer.json?.error_code === 'APIGW.0101') return name === 'ShowApiInfo' ? undefined : 'no route'
  return shapeFault(name, answer)
}

const NO_BODY = new Set([204])
/** Statuses that the pages give for refusals of what was sent. */
const REFUSALS = new Set([400, 401, 403, 404, 409, 413])
/** SDKs fail on the JSON null of the samples: an empty body is what all clients take. */
export const EMPTY_ANSWERS: ReadonlySet<string> = new Set([
  ...['RestorePtrRecord', 'BatchDeletePtrRecords', 'DeletePtr'],
  // Restores where no name is sent.
  'UpdatePtrRecord',
])

/** The contract gives no shape for the answer. */
const FREE_ANSWERS: ReadonlySet<string> = new Set(['SetPrivateZoneProxyPattern', 'RestorePtrRecord'])

function shapeFault(operation: string, { status, json, text }: Answer): string | undefined {
  if (json === undefined) return `${status} without JSON: ${text.slice(0, 100)}`
  try {
    expectFitsContract(operation, status, json)
    return undefined
  } catch (error) {
    return (error as Error).message.slice(0, 300)
  }
}
