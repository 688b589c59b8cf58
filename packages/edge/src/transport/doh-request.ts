import type { Http2ServerRequest } from 'node:http2'

export const DOH_PATH = '/dns-query'
export const DOH_MEDIA_TYPE = 'application/dns-message'
const MAX_MESSAGE = 65535

/** What is wrong with a request. */
export interface Refusal {
  readonly status: number
  readonly text: string
}

const NOT_FOUND: Refusal = { status: 404, text: `DNS over HTTPS is at ${DOH_PATH}` }
const NOT_ALLOWED: Refusal = { status: 405, text: 'use GET or POST' }
const NO_PARAMETER: Refusal = { status: 400, text: 'the parameter dns is missing' }
const NOT_BASE64: Refusal = { status: 400, text: 'the parameter dns is not base64url' }
const WRONG_TYPE: Refusal = { status: 415, text: `the body has to be ${DOH_MEDIA_TYPE}` }
const TOO_LONG: Refusal = { status: 413, text: 'the message is too long' }

/** Takes the DNS message out of a request (RFC 8484 4.1) and calls `done` once: with the message, or with what is wrong. */
export function readDohRequest(
  request: Http2ServerRequest,
  done: (outcome: Uint8Array | Refusal) => void,
): void {
  const { method, url } = request
  const mark = url.indexOf('?')
  if ((mark < 0 ? url : url.slice(0, mark)) !== DOH_PATH) done(NOT_FOUND)
  else if (method === 'GET') done(messageOf(mark < 0 ? '' : url.slice(mark)))
  else if (method !== 'POST') done(NOT_ALLOWED)
  else readBody(request, done)
}

function messageOf(search: string): Uint8Array | Refusal {
  const text = new URLSearchParams(search).get('dns')
  if (text === null) return NO_PARAMETER
  // Padding is left out by RFC 8484 6, and sent by some.
  if (!/^[\w-]+={0,2}$/.test(text)) return NOT_BASE64
  const message = Buffer.from(text, 'base64url')
  return message.length > MAX_MESSAGE ? TOO_LONG : message
}

function readBody(request: Http2ServerRequest, done: (outcome: Uint8Array | Refusal) => void): void {
  const { headers } = request
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== DOH_MEDIA_TYPE) {
    done(WRONG_TYPE)
    return
  }
  if (Number(headers['content-length'] ?? 0) > MAX_MESSAGE) {
    done(TOO_LONG)
    return
  }
  const chunks: Uint8Array[] = []
  let size = 0
  request.on('data', (chunk: Uint8Array) => {
    const wasTooLong = size > MAX_MESSAGE
    size += chunk.length
    if (size <= MAX_MESSAGE) chunks.push(chunk)
    else if (!wasTooLong) done(TOO_LONG)
  })
  request.on('end', () => {
    if (size <= MAX_MESSAGE) done(Buffer.concat(chunks))
  })
  request.on('error', () => {
    // The client went away.
  })
}
