import { ReplyError } from './reply-error.ts'

/** Failures raised before the service proper is reached: routing, authentication, sizes. Texts as in catalogue/errors.json. */
export const GATEWAY_ERRORS = {
  ROUTE_UNKNOWN: {
    status: 404,
    code: 'APIGW.0101',
    message: 'The API does not exist or has not been published in the environment.',
  },
  BODY_TOO_LARGE: { status: 413, code: 'APIGW.0201', message: 'Request entity too large.' },
  REQUEST_BROKEN: { status: 400, code: 'APIGW.0201', message: 'API request error.' },
  UNAUTHENTICATED: { status: 401, code: 'APIGW.0301', message: 'Incorrect IAM authentication information' },
  NOT_AUTHORIZED: {
    status: 403,
    code: 'APIGW.0302',
    message: 'The IAM user is not authorized to access the API.',
  },
  THROTTLED: { status: 429, code: 'APIGW.0308', message: 'The throttling threshold has been reached.' },
  PROJECT_UNAVAILABLE: { status: 403, code: 'APIGW.0310', message: 'The project is unavailable.' },
} as const

export type GatewayErrorKey = keyof typeof GATEWAY_ERRORS

/** Answered as `{"error_code", "error_msg", "request_id"}`; `reason` is appended to the text after a colon. */
export class GatewayError extends ReplyError {
  override readonly status: number
  readonly #code: string

  constructor(key: GatewayErrorKey, reason?: string) {
    const { status, code, message } = GATEWAY_ERRORS[key]
    super(reason === undefined ? message : `${message}: ${reason}`)
    this.status = status
    this.#code = code
  }

  override body(requestId: string): object {
    return { error_code: this.#code, error_msg: this.message, request_id: requestId }
  }
}

/** More requests than the limits allow; another may come in `seconds`. */
export class ThrottledError extends GatewayError {
  override readonly headers: Record<string, string>

  constructor(seconds: number) {
    super('THROTTLED')
    this.headers = { 'Retry-After': String(seconds) }
  }
}
