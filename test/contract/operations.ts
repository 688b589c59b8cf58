/**
 * What the API documents of itself, as data: operations with their request fields (catalogue/contract.json), and the operations of
 * the SDKs (catalogue/operations.json), four of which the contract does not have.
 */
import contract from '../../packages/control/src/catalogue/contract.json' with { type: 'json' }
import sdk from '../../packages/control/src/catalogue/operations.json' with { type: 'json' }

/** JSON schema as far as the contract uses it. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly pattern?: string
  readonly default?: unknown
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** One field of a request: a parameter, or a member of the body however deep. */
export interface Field {
  readonly operation: string
  readonly in: 'path' | 'query' | 'body'
  /** `limit`; in bodies `recordsets[].ttl`, and `records[]` for the elements of an array. */
  readonly name: string
  readonly schema: Schema
  readonly isRequired: boolean
}

export interface Operation {
  /** As the contract spells it, with a capital. */
  readonly name: string
  readonly method: string
  readonly path: string
  /** Action of policies, where the contract gives one. */
  readonly action: string | null
  readonly fields: readonly Field[]
  /** Documented statuses; none for what only the SDKs have. */
  readonly statuses: readonly number[]
}

interface ContractOperation {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly action: string | null
  readonly parameters: readonly (Schema & {
    readonly name: string
    readonly in: 'path' | 'query'
    readonly required?: boolean
  })[]
  readonly body: Schema | null
  readonly responses: Readonly<Record<string, Schema>>
}

interface SdkOperation {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly path_params: readonly string[]
  readonly query: Readonly<Record<string, Schema>>
}

const definitions = contract.definitions as unknown as Readonly<Record<string, Schema>>

export const resolved = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : resolved(definitions[schema.$ref.split('/').at(-1)!]!)

const CONTRACT_OPERATIONS: readonly Operation[] = (
  contract.operations as unknown as readonly ContractOperation[]
).map(({ operation, method, path, action, parameters, body, responses }) => ({
  ...{ name: operation, method, path, action },
  fields: [
    ...parameters.map(({ name, in: place, required = false, ...schema }) => ({
      ...{ operation, in: place, name, schema, isRequired: required },
    })),
    ...(body === null ? [] : membersOf(operation, resolved(body), '')),
  ],
  statuses: Object.keys(responses).map(Number),
}))

const known = new Set(CONTRACT_OPERATIONS.map(({ name }) => name))

/** All operations: those of the contract, then those that only the SDKs have. */
export const OPERATIONS: readonly Operation[] = [
  ...CONTRACT_OPERATIONS,
  ...(sdk.operations as unknown as readonly SdkOperation[])
    .map((each) => ({ ...each, name: each.operation[0]!.toUpperCase() + each.operation.slice(1) }))
    .filter(({ name }) => !known.has(name))
    .map(({ name, method, path, path_params, query }) => ({
      ...{ name, method, path, action: null, statuses: [] },
      fields: [
        ...path_params.map((each) => parameter(name, 'path', each, { type: 'string' })),
        ...Object.entries(query).map(([each, schema]) => parameter(name, 'query', each, schema)),
      ],
    })),
]

function parameter(operation: string, place: 'path' | 'query', name: string, schema: Schema): Field {
  const own = schema.type === 'number' ? { ...schema, type: 'integer' } : schema
  return { operation, in: place, name, schema: own, isRequired: place === 'path' }
}

/** Names of the operations that the SDKs have. */
export const SDK_NAMES: readonly string[] = sdk.operations.map(
  ({ operation }) => operation[0]!.toUpperCase() + operation.slice(1),
)

function membersOf(operation: string, schema: Schema, prefix: string): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([member, raw]) => {
    const own = resolved(raw)
    const isRequired = schema.required?.includes(member) ?? false
    return fieldsOf(operation, `${prefix}${member}`, own, isRequired)
  })
}

/** The field itself, then what is inside it. */
function fieldsOf(operation: string, name: string, schema: Schema, isRequired: boolean): Field[] {
  const own: Field = { operation, in: 'body', name, schema, isRequired }
  if (schema.type === 'array' && schema.items !== undefined)
    return [own, ...fieldsOf(operation, `${name}[]`, resolved(schema.items), true)]
  return schema.properties === undefined ? [own] : [own, ...membersOf(operation, schema, `${name}.`)]
}

/** How calls are compared with routes: parameters without their names, and the two parts of the id of an address as one. */
export const callOf = ({ method, path }: { readonly method: string; readonly path: string }): string =>
  `${method} ${path.replaceAll(/\{\w+\}(:\{\w+\})?/g, '{}')}`
