/** Holds answers against the description that the service gives of itself. */
import Ajv, { type ValidateFunction } from 'ajv/dist/2020'
import type { Answer } from '../support/service.ts'

export interface Operation {
  readonly name: string
  readonly method: string
  /** With `{name}` for path parameters. */
  readonly path: string
  readonly hasBody: boolean
  readonly hasJsonBody: boolean
  /** Asks for no authentication. */
  readonly isOpen: boolean
}

/** The operations of an OpenAPI document, and what is wrong with an answer; undefined when it is as described. */
export function describedAnswers(
  // biome-ignore lint/suspicious/noExplicitAny: the description of the API is read as it comes
  document: any,
): {
  readonly operations: readonly Operation[]
  readonly faultOf: (operation: Operation, answer: Answer) => string | undefined
} {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema({ $id: 'api', components: document.components })
  const compiled = new Map<object, ValidateFunction>()
  const compile = (schema: object): ValidateFunction => {
    let validate = compiled.get(schema)
    if (validate === undefined) {
      validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')))
      compiled.set(schema, validate)
    }
    return validate
  }
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const operations = Object.entries<Record<string, any>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, requestBody, security }]) => ({
      name: operationId,
      method: method.toUpperCase(),
      path,
      hasBody: requestBody !== undefined,
      hasJsonBody: requestBody?.content['application/json'] !== undefined,
      isOpen: security.length === 0,
    })),
  )
  return {
    operations,
    faultOf({ path, method }, { status, json, headers }) {
      const described = document.paths[path][method.toLowerCase()].responses[status]
      if (described === undefined) return `${status} is not described: ${JSON.stringify(json)}`
      const type = (headers.get('content-type') ?? '').split(';')[0]!
      if (described.content === undefined) return json === undefined ? undefined : `${status} has a body`
      if (json === undefined && method === 'HEAD') return undefined
      const content = Object.entries<{ schema?: object }>(described.content).find(
        ([name]) => name.split(';')[0] === type,
      )?.[1]
      if (content === undefined) return `${status} is of the media type ${type}`
      if (content.schema === undefined) return undefined
      const validate = compile(content.schema)
      if (validate(json)) return undefined
      return `${status}: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(json)?.slice(0, 300)}`
    },
  }
}
