import type { z } from 'zod'
import type { ControlSettings } from '../context.ts'
import type { Tenant } from '../store/store.ts'

/** Who is calling, as authentication found. */
export interface Principal extends Tenant {
  readonly userId: string
  readonly userName: string
  readonly domainName: string
  readonly via: 'signature' | 'token'
}

/** What a handler gets: path and query already decoded, the body already parsed (see `Route.input`). */
export interface Call<Body = unknown> {
  readonly params: Readonly<Record<string, string>>
  /** Decoded query values; a name sent without value or with an empty one is absent here, as if not sent. */
  readonly query: Readonly<Record<string, string>>
  readonly body: Body
  readonly headers: Headers
  readonly principal: Principal
  /** `principal` seen as the tenant of store calls. */
  readonly tenant: Tenant
  readonly requestId: string
  /** Scheme and host the caller used, no final slash: prefix of every `links.self`. */
  readonly baseUrl: string
  /** The request target as received, path and query. */
  readonly target: string
  /** Address at the other end of the connection; absent where there is none. */
  readonly clientAddress?: string
}

/** Answer of a handler: a JSON body, octets (a workbook) or nothing. */
export type Reply =
  | { readonly status: number; readonly json: object; readonly headers?: Record<string, string> }
  | {
      readonly status: number
      readonly bytes: Uint8Array | ReadableStream<Uint8Array>
      readonly headers: Record<string, string>
    }
  | { readonly status: 204; readonly headers?: Record<string, string> }

/** An uploaded file of a multipart body. */
export interface Upload {
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * A route is data and a handler. From the table come registration, authentication, body reading and OpenAPI.
 * `input`: how the body is read. `json` gives the parsed value (DNS.0002 when it is none; an absent body is undefined),
 * unvalidated: field rules own the code of each fault. `upload` gives `{ uploadfile?: Upload }`. `raw` gives the octets.
 * `bodySchema` and `responses` describe the shapes for OpenAPI and for tests that validate every answer.
 */
export interface Route<Services> {
  /** Name in the operations catalogue, or ours. */
  readonly operation: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  /** With `{name}` for path parameters; a literal segment wins over a parameter. */
  readonly path: string
  readonly summary: string
  /** Action name checked for the caller; null: any authenticated caller; 'none': no authentication. */
  readonly permission: string | null
  readonly input?: 'none' | 'json' | 'upload' | 'raw'
  /** Largest body, bytes, fixed or from a setting; the server's default otherwise. */
  readonly maxBodyBytes?: number | ((settings: ControlSettings) => number)
  readonly query?: z.ZodType
  readonly bodySchema?: z.ZodType
  readonly responses: Readonly<Record<number, z.ZodType | null>>
  /** Media types of an answer that is no JSON object of `responses`: a workbook, a text. */
  readonly media?: readonly string[]
  /** Request headers that it does not work without, beyond those of authentication. */
  readonly needsHeaders?: readonly string[]
  /** Response headers beyond those that every answer has. */
  readonly headers?: readonly string[]
  /** Statuses of refusals that do not follow from method and path (openapi-failures.ts). */
  readonly refusals?: readonly number[]
  // biome-ignore lint/suspicious/noExplicitAny: bodies are checked by the rules of each feature
  readonly handler: (call: Call<any>, services: Services) => Promise<Reply> | Reply
}

export const route = <Services>(definition: Route<Services>): Route<Services> => definition
