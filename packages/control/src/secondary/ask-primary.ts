import { connect, type Socket } from 'node:net'
import { decodeMessage } from '@waymark/dns/message/decode'
import { encodeMessage, makeQuery } from '@waymark/dns/message/encode'
import { OPCODE_QUERY, RCODE_NOERROR, rcodeName } from '@waymark/dns/message/header'
import type { Message, ResourceRecord } from '@waymark/dns/message/message'
import { equalNames, formatName, type WireName } from '@waymark/dns/name'
import { CLASS_IN, TYPE_AXFR, TYPE_IXFR, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import { type ReadTransfer, soaNumbers, TransferReader } from '@waymark/dns/transfer/read-transfer'
import type { TsigKey } from '@waymark/dns/tsig/tsig'
import { SignedExchange } from './sign-requests.ts'

/** Why nothing could be had of a primary, in a sentence for the operator. `rcode` where it has answered with one. */
export class TransferError extends Error {
  override name = 'TransferError'
  readonly rcode: number | undefined

  constructor(message: string, rcode?: number) {
    super(message)
    this.rcode = rcode
  }
}

export interface PrimaryServer {
  readonly host: string
  readonly port: number
  readonly key: TsigKey | undefined
}

/** How much of a primary is taken. Times in milliseconds. */
export interface AskLimits {
  readonly connectMs: number
  /** Longest wait for the next octets. */
  readonly idleMs: number
  readonly totalMs: number
  readonly maxOctets: number
  readonly maxRecords: number
}

export const ASK_LIMITS: AskLimits = {
  connectMs: 5_000,
  idleMs: 15_000,
  totalMs: 600_000,
  maxOctets: 1 << 28,
  maxRecords: 2_000_000,
}

/** Messages have at most 65535 octets and two in front of them: nothing larger has to be kept. */
const LENGTH_SIZE = 2

/** The serial of the zone at the primary. Throws TransferError. */
export async function askSerial(server: PrimaryServer, apex: WireName, limits: AskLimits): Promise<number> {
  let serial: number | undefined
  await exchange(server, apex, TYPE_SOA, [], limits, (message) => {
    const soa = message.answers.find(({ type, owner }) => type === TYPE_SOA && equalNames(owner, apex))
    // A server that does not have the zone may refer to others, or answer from a cache.
    if (soa === undefined || soa.class !== CLASS_IN || soa.rdata.length < 22)
      throw new TransferError(`The primary answers without an SOA record of ${formatName(apex)}`)
    if (!message.header.isAuthoritative)
      throw new TransferError(`The primary is not authoritative for ${formatName(apex)}`)
    serial = soaNumbers(soa.rdata).serial
    return true
  })
  return serial!
}

/**
 * The zone as the primary has it now: by AXFR (RFC 5936), or where `soa` is the SOA record that we have, what has changed since
 * by IXFR (RFC 1995). Throws TransferError; nothing of a transfer that breaks off is given.
 */
export async function askZone(
  server: PrimaryServer,
  apex: WireName,
  soa: ResourceRecord | undefined,
  limits: AskLimits,
): Promise<ReadTransfer> {
  const have = soa && soaNumbers(soa.rdata).serial
  const reader = new TransferReader(apex, have, limits)
  let transfer: ReadTransfer | undefined
  const type = soa === undefined ? TYPE_AXFR : TYPE_IXFR
  await exchange(server, apex, type, soa === undefined ? [] : [soa], limits, (message) => {
    const result = reader.push(message)
    if (!result.ok) throw new TransferError(result.problems.map(({ detail }) => detail).join(' '))
    transfer = result.value
    return transfer !== undefined
  })
  return transfer!
}

/** One question over TCP. `take` gets each message of the answer and says whether it was the last. */
async function exchange(
  server: PrimaryServer,
  apex: WireName,
  type: number,
  authorities: readonly ResourceRecord[],
  limits: AskLimits,
  take: (message: Message) => boolean,
): Promise<void> {
  const id = crypto.getRandomValues(new Uint16Array(1))[0]!
  const query = { ...makeQuery(id, apex, type), authorities }
  const encoded = encodeMessage(query)
  if (!encoded.ok) throw new TransferError(encoded.problems[0]!.detail)
  const signed = server.key && new SignedExchange(server.key, () => Math.floor(Date.now() / 1000))
  const request = signed?.sign(encoded.value) ?? encoded.value
  let isFirst = true
  await converse(server, request, limits, (octets) => {
    const fault = signed?.check(octets)
    const message = decoded(octets)
    // The reason in the header is of more use than the signature that such an answer often lacks.
    refuseUnfit(message, query, isFirst, fault)
    if (fault !== undefined) throw new TransferError(`TSIG: ${fault}.`)
    isFirst = false
    const isLast = take(message)
    if (isLast && signed !== undefined && !signed.isComplete)
      throw new TransferError('TSIG: the last message of the answer is not signed.')
    return isLast
  })
}

function decoded(octets: Uint8Array): Message {
  const message = decodeMessage(octets)
  if (!message.ok) throw new TransferError(`The answer cannot be read: ${message.problems[0]!.detail}`)
  return message.value
}

function refuseUnfit(message: Message, query: Message, isFirst: boolean, fault: string | undefined): void {
  const { header, questions } = message
  if (header.id !== query.header.id || !header.isResponse || header.opcode !== OPCODE_QUERY)
    throw new TransferError('The answer is not one to our question.')
  if (header.rcode !== RCODE_NOERROR) {
    const why = fault === undefined ? '' : ` (TSIG: ${fault})`
    throw new TransferError(`The primary answers ${rcodeName(header.rcode)}${why}.`, header.rcode)
  }
  if (header.isTruncated) throw new TransferError('The answer is truncated, over TCP.')
  // RFC 5936 2.2.1: later messages may leave the question out.
  const [asked] = query.questions
  const [question] = questions
  if (question === undefined && !isFirst) return
  const isOurs =
    question !== undefined &&
    questions.length === 1 &&
    question.type === asked!.type &&
    question.class === asked!.class &&
    equalNames(question.name, asked!.name)
  if (!isOurs) throw new TransferError('The answer repeats another question than ours.')
}

/** Sends one message and hands on those that come back, until `take` is done with them. */
async function converse(
  { host, port }: PrimaryServer,
  request: Uint8Array,
  limits: AskLimits,
  take: (octets: Uint8Array) => boolean,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket: Socket = connect({ host, port })
  const give = (reason: string) => reject(new TransferError(reason))
  let isConnected = false
  let total = 0
  let kept: Buffer = Buffer.alloc(0)
  const overall = setTimeout(
    () => give(`The transfer takes longer than ${limits.totalMs / 1000} s.`),
    limits.totalMs,
  )
  let idle = setTimeout(
    () => give(`No connection to ${host} port ${port} within ${limits.connectMs / 1000} s.`),
    limits.connectMs,
  )
  const wait = (): void => {
    clearTimeout(idle)
    idle = setTimeout(() => give(`Nothing more came for ${limits.idleMs / 1000} s.`), limits.idleMs)
  }
  socket.on('connect', () => {
    isConnected = true
    wait()
    socket.write(Buffer.concat([Uint8Array.of(request.length >> 8, request.length), request]))
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const what = isConnected ? 'The connection broke' : `No connection to ${host} port ${port}`
    give(`${what}: ${error.code ?? error.message}.`)
  })
  socket.on('close', () => give('The primary closed the connection before the transfer was complete.'))
  socket.on('data', (part: Buffer) => {
    wait()
    total += part.length
    if (total > limits.maxOctets) {
      give(`The transfer has more than ${limits.maxOctets} octets.`)
      socket.destroy()
      return
    }
    kept = kept.length === 0 ? part : Buffer.concat([kept, part])
    try {
      let at = 0
      while (kept.length - at >= LENGTH_SIZE) {
        const end = at + LENGTH_SIZE + kept.readUInt16BE(at)
        if (end > kept.length) break
        if (take(Uint8Array.from(kept.subarray(at + LENGTH_SIZE, end)))) {
          resolve()
          socket.destroy()
          return
        }
        at = end
      }
      kept = kept.subarray(at)
    } catch (error) {
      reject(error)
      socket.destroy()
    }
  })
  return promise.finally(() => {
    clearTimeout(overall)
    clearTimeout(idle)
    socket.destroy()
  })
}
