/**
 * An exception that carries its whole answer, for failures whose body is not the service's `{code, message}`: those of
 * the gateway in front of it and those of the identity API.
 */
export abstract class ReplyError extends Error {
  abstract readonly status: number
  readonly headers?: Record<string, string>
  abstract body(requestId: string): object
}
