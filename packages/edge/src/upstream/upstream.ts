import { RCODE_NOERROR, RCODE_NXDOMAIN } from '@waymark/dns/message/header'
import type { Message } from '@waymark/dns/message/message'
import { EDE_NETWORK_ERROR, EDE_NO_REACHABLE_AUTHORITY } from '../answer/extended-errors.ts'
import type { DnsAddress } from '../transport/worker-messages.ts'
import { askServer, type UpstreamQuestion } from './ask-server.ts'

/** What a recursive server says, or the info-code that tells why there is nothing (RFC 8914). */
export type UpstreamReply =
  | { readonly isReply: true; readonly message: Message }
  | { readonly isReply: false; readonly ede: number }

/** Each has a socket. */
const MAX_OUTSTANDING = 256
const ATTEMPT_MS = 1500
/** Resolvers of clients give up after five seconds. */
const MIN_ATTEMPTS = 2
const MAX_ATTEMPTS = 3

/** The recursive servers that names are looked up with which no zone here knows, one object a thread. Nothing is kept of what they say. */
export class Upstream {
  readonly #servers: readonly DnsAddress[]
  readonly #attemptMs: number
  readonly #maxOutstanding: number
  #outstanding = 0

  constructor(
    servers: readonly DnsAddress[],
    { attemptMs = ATTEMPT_MS, maxOutstanding = MAX_OUTSTANDING } = {},
  ) {
    this.#servers = servers
    this.#attemptMs = attemptMs
    this.#maxOutstanding = maxOutstanding
  }

  /** Asks one server after the other until one knows. */
  async ask(question: UpstreamQuestion): Promise<UpstreamReply> {
    if (this.#outstanding >= this.#maxOutstanding) return { isReply: false, ede: EDE_NETWORK_ERROR }
    this.#outstanding++
    try {
      return await this.#askAll(question)
    } finally {
      this.#outstanding--
    }
  }

  async #askAll(question: UpstreamQuestion): Promise<UpstreamReply> {
    let ede = EDE_NETWORK_ERROR
    const attempts = Math.min(MAX_ATTEMPTS, Math.max(MIN_ATTEMPTS, this.#servers.length))
    for (let i = 0; i < attempts; i++) {
      const message = await askServer(this.#servers[i % this.#servers.length]!, question, this.#attemptMs)
      if (message === undefined) continue
      const { rcode } = message.header
      if (rcode === RCODE_NOERROR || rcode === RCODE_NXDOMAIN) return { isReply: true, message }
      ede = EDE_NO_REACHABLE_AUTHORITY
    }
    return { isReply: false, ede }
  }
}
