import { CommandFailure, EXIT, ServerRefusal } from '../failures.ts'
import type { Connection } from './credentials.ts'
import { authorization, encodeQuery, signatureDate } from './signature.ts'

export type Query = Readonly<Record<string, string | number | undefined>>

export interface Request {
  readonly query?: Query
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is. */
  readonly bytes?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  /** How often a request that got no answer is sent again. Only for requests that may be repeated. */
  readonly retries?: number
}

/** Calls the API with signed requests. */
export class Client {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get url(): string {
    return this.#connection.url
  }

  /** The decoded JSON of a successful answer (undefined when it has no body); throws `ServerRefusal` otherwise. */
  async json<T>(method: string, path: string, request: Request = {}): Promise<T> {
    const response = await this.#send(method, path, request)
    const text = await response.text()
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  /** The octets of a successful answer. */
  async bytes(method: string, path: string, request: Request = {}): Promise<Uint8Array> {
    const response = await this.#send(method, path, request)
    return new Uint8Array(await response.arrayBuffer())
  }

  async #send(method: string, path: string, request: Request): Promise<Response> {
    const { url, accessKey, secretKey } = this.#connection
    const body =
      request.bytes ??
      (request.json === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(request.json)))
    const query = encodeQuery(request.query ?? {})
    const base = new URL(url)
    const target = `${base.pathname.replace(/\/$/, '')}${path}${query === '' ? '' : `?${query}`}`
    for (let attempt = 0; ; attempt++) {
      const signed: Record<string, string> = { Host: base.host, 'X-Sdk-Date': signatureDate(new Date()) }
      if (body.length > 0) {
        signed['Content-Type'] = request.bytes === undefined ? 'application/json' : 'application/octet-stream'
      }
      const headers = {
        ...signed,
        ...request.headers,
        Authorization: authorization({ method, target, headers: signed, body }, accessKey, secretKey),
      }
      let response: Response
      try {
        response = await fetch(`${base.origin}${target}`, {
          method,
          headers,
          body: body.length > 0 ? body : undefined,
        })
      } catch (error) {
        if (attempt < (request.retries ?? 0)) {
          await Bun.sleep(200 * 2 ** attempt)
          continue
        }
        throw unreachable(url, error)
      }
      if (!response.ok) throw await refusal(response)
      return response
    }
  }
}

function unreachable(url: string, error: unknown): CommandFailure {
  const { code, message } = error as { code?: string; message: string }
  const reason = code === 'ConnectionRefused' || code === 'ECONNREFUSED' ? 'nothing listens there' : message
  return new CommandFailure(
    EXIT.unreachable,
    `cannot reach ${url}: ${reason}`,
    'is the server running (waymark serve)? Another address is given with --url or WAYMARK_URL',
  )
}

/** Reads the three shapes of error bodies: the service's, the gateway's and that of identity calls. */
async function refusal(response: Response): Promise<ServerRefusal> {
  const text = await response.text()
  let code = ''
  let message = text.slice(0, 300) || response.statusText
  try {
    const body = JSON.parse(text)
    const shape = typeof body.error === 'object' && body.error !== null ? body.error : body
    code = String(shape.code ?? shape.error_code ?? '')
    message = String(shape.message ?? shape.error_msg ?? message)
  } catch {
    // no JSON: a proxy in between answered, its text is the best there is
  }
  return new ServerRefusal(response.status, code, message, response.headers.get('x-request-id') ?? '')
}
