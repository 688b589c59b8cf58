import { randomInt } from 'node:crypto'
import type { Edns } from '@waymark/dns/message/edns'
import { makeQuery } from '@waymark/dns/message/encode'
import { RCODE_FORMERR, RCODE_NOERROR, RCODE_NOTIMP, RCODE_NXDOMAIN } from '@waymark/dns/message/header'
import type { Message, ResourceRecord } from '@waymark/dns/message/message'
import type { WireName } from '@waymark/dns/name'
import { askTcp, askUdp } from './exchange.ts'
import type { ServerAddress } from './server-address.ts'

/**
 * A stub resolver: it asks recursive servers and believes what they say. Each try has an id and a port of its own. Servers that
 * are silent or cannot tell are followed by the next one; when all of them were silent, they are asked again with more patience.
 */

/** How long one server is waited for, in the first round of tries, the second, the third. */
const PATIENCE_MS = [800, 1600, 3200]
const TIMEOUT_MS = 5000
/** What every path carries without fragments (DNS flag day 2020, RFC 9715 3.2). */
const EDNS: Edns = { payloadSize: 1232, version: 0, isDnssecOk: false, options: [] }

/** What the servers said; undefined: none of them has answered. */
export interface Answer {
  readonly rcode: number
  /** The answer section, with the aliases that lead to the records. */
  readonly records: readonly ResourceRecord[]
}

/** Asks for the records of one name and type. It takes `timeoutMs` at most, whatever the servers do. */
export async function lookUp(
  servers: readonly ServerAddress[],
  name: WireName,
  type: number,
  timeoutMs = TIMEOUT_MS,
): Promise<Answer | undefined> {
  const deadline = performance.now() + timeoutMs
  let unhelpful: Message | undefined
  for (const patienceMs of PATIENCE_MS) {
    for (const server of servers) {
      const giveUp = Math.min(performance.now() + patienceMs, deadline)
      const reply = await askServer(server, name, type, giveUp)
      const rcode = reply?.header.rcode
      if (rcode === RCODE_NOERROR || rcode === RCODE_NXDOMAIN) return answerOf(reply!)
      unhelpful = reply ?? unhelpful
      if (performance.now() >= deadline) break
    }
    // Asking the same servers again would not change their minds.
    if (unhelpful !== undefined) return answerOf(unhelpful)
    if (performance.now() >= deadline) break
  }
  return undefined
}

const answerOf = ({ header, answers }: Message): Answer => ({ rcode: header.rcode, records: answers })

/** `giveUp` is a time of `performance.now`. */
async function askServer(
  server: ServerAddress,
  name: WireName,
  type: number,
  giveUp: number,
): Promise<Message | undefined> {
  const left = () => giveUp - performance.now()
  let reply: Message | undefined
  for (const edns of [EDNS, undefined]) {
    const query = () => makeQuery(randomInt(0x10000), name, type, { edns, isRecursionDesired: true })
    const overUdp = await askUdp(server, query(), left())
    reply = overUdp === 'truncated' ? await askTcp(server, query(), left()) : overUdp
    // RFC 6891 7: this is how servers refuse that do not know EDNS.
    const rcode = reply?.header.rcode
    if (rcode !== RCODE_FORMERR && rcode !== RCODE_NOTIMP) return reply
  }
  return reply
}
