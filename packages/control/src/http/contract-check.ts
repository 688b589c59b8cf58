import Ajv, { type ValidateFunction } from 'ajv'
import contract from '../catalogue/contract.json' with { type: 'json' }

/** Test support: holds answers against the schemas of the API's own contract. Not used by the running server. */

interface Operation {
  readonly operation: string
  /** null: an answer that clients expect nothing of. */
  readonly responses: Readonly<Record<string, object | null>>
}

// The schemas are of Swagger 2 and carry its formats (int32), which say nothing that `type` does not.
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
ajv.addSchema({ $id: 'contract', definitions: withNulls(contract.definitions) })
const operations = new Map(
  (contract.operations as unknown as Operation[]).map((entry) => [entry.operation, entry]),
)
const compiled = new Map<string, ValidateFunction>()

/**
 * Throws, with every fault in the message, unless `body` is what the contract says `operation` answers with `status`.
 * A status that the contract does not give for the operation is a fault too, unless it is an error.
 */
export function expectFitsContract(operation: string, status: number, body: unknown): void {
  const validate = validator(operation, status)
  if (validate(body)) return
  const faults = (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath || '/'} ${message}`,
  )
  throw new Error(
    `${operation} ${status} does not fit the contract: ${faults.join('; ')}\n${JSON.stringify(body)}`,
  )
}

function validator(operation: string, status: number): ValidateFunction {
  const key = `${operation} ${status}`
  let validate = compiled.get(key)
  if (validate === undefined) {
    validate = ajv.compile(absolute(withNulls(responseSchema(operation, status))))
    compiled.set(key, validate)
  }
  return validate
}

function responseSchema(operation: string, status: number): object {
  const entry = operations.get(operation)
  if (entry === undefined) throw new Error(`the contract has no operation ${operation}`)
  const schema = entry.responses[status]
  if (schema !== undefined) return schema ?? {}
  if (status >= 400) return { $ref: '#/definitions/ErrorResponse' }
  throw new Error(`${operation} does not answer ${status} in the contract`)
}

/** Names `#/definitions/X` by the schema that holds the definitions. */
const absolute = (schema: object): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', '"contract#/definitions/'))

/** Swagger 2 cannot say "or null", which the API answers where an optional member is empty (`updated_at`, `weight`). */
function withNulls(schema: unknown): object {
  if (typeof schema !== 'object' || schema === null) return schema as never
  if (Array.isArray(schema)) return schema.map(withNulls)
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withNulls(value)]))
  const { properties, required = [] } = copy as { properties?: Record<string, object>; required?: string[] }
  if (properties !== undefined && !Array.isArray(properties))
    copy.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [
        name,
        required.includes(name) ? property : { anyOf: [property, { type: 'null' }] },
      ]),
    )
  return copy
}
