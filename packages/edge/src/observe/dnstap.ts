import { parseIpv4, parseIpv6 } from '@waymark/dns/address'
import { DOH, DOQ, DOT, TCP, type Transport, UDP } from '../counters.ts'
import type { TapRecord } from './tap.ts'

/**
 * dnstap (dnstap.info) messages and the frames they travel in: Protocol Buffers in Frame Streams. Written by hand because it is
 * a dozen fields of one message; names and numbers are those of `dnstap.proto`.
 */
const CONTENT_TYPE = new TextEncoder().encode('protobuf:dnstap.Dnstap')

const AUTH_QUERY = 1
const AUTH_RESPONSE = 2
const INET = 1
const INET6 = 2
const PROTOCOLS: Readonly<Record<Transport, number>> = { [UDP]: 1, [TCP]: 2, [DOT]: 3, [DOH]: 4, [DOQ]: 7 }

/** Wire types of Protocol Buffers. */
const VARINT = 0
const OCTETS = 2
const FIXED32 = 5

/** Writes the fields of a message into a buffer that grows. */
class MessageWriter {
  #octets = new Uint8Array(4096)
  #length = 0

  reset(): void {
    this.#length = 0
  }

  get octets(): Uint8Array {
    return this.#octets.subarray(0, this.#length)
  }

  number(field: number, value: number): void {
    this.#room(20)
    this.#varint((field << 3) | VARINT)
    this.#varint(value)
  }

  fixed32(field: number, value: number): void {
    this.#room(20)
    this.#varint((field << 3) | FIXED32)
    for (let i = 0; i < 4; i++) this.#octets[this.#length++] = value >>> (i * 8)
  }

  data(field: number, value: Uint8Array): void {
    this.#room(20 + value.length)
    this.#varint((field << 3) | OCTETS)
    this.#varint(value.length)
    this.#octets.set(value, this.#length)
    this.#length += value.length
  }

  /** Seven bits an octet, the lowest first. Exact up to 2^53. */
  #varint(value: number): void {
    let rest = value
    while (rest >= 128) {
      this.#octets[this.#length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    this.#octets[this.#length++] = rest
  }

  #room(size: number): void {
    if (this.#length + size <= this.#octets.length) return
    const larger = new Uint8Array(Math.max(this.#octets.length * 2, this.#length + size))
    larger.set(this.octets)
    this.#octets = larger
  }
}

/** Makes dnstap frames of what a tap has taken. */
export class DnstapEncoder {
  readonly #identity: Uint8Array
  readonly #version: Uint8Array
  readonly #message = new MessageWriter()
  readonly #outer = new MessageWriter()
  readonly #address = new Uint8Array(16)

  constructor(identity: string, version: string) {
    this.#identity = new TextEncoder().encode(identity)
    this.#version = new TextEncoder().encode(version)
  }

  /** The data frames of one query: AUTH_QUERY and AUTH_RESPONSE. */
  encode(record: TapRecord): Uint8Array {
    const query = this.#dnstap(record, AUTH_QUERY)
    const answer = this.#dnstap(record, AUTH_RESPONSE)
    const frames = new Uint8Array(8 + query.length + answer.length)
    const view = new DataView(frames.buffer)
    view.setUint32(0, query.length)
    frames.set(query, 4)
    view.setUint32(4 + query.length, answer.length)
    frames.set(answer, 8 + query.length)
    return frames
  }

  #dnstap(record: TapRecord, type: number): Uint8Array {
    const message = this.#message
    message.reset()
    message.number(1, type)
    const isIpv4 = this.#readAddress(record.address)
    message.number(2, isIpv4 ? INET : INET6)
    message.number(3, PROTOCOLS[record.transport])
    message.data(4, this.#address.subarray(0, isIpv4 ? 4 : 16))
    message.number(6, record.port)
    const seconds = Math.floor(record.time / 1000)
    const nanoseconds = (record.time - seconds * 1000) * 1e6
    message.number(8, seconds)
    message.fixed32(9, nanoseconds)
    if (type === AUTH_QUERY) {
      message.data(10, record.query)
    } else {
      message.number(12, seconds)
      message.fixed32(13, nanoseconds)
      message.data(14, record.answer)
    }
    const outer = this.#outer
    outer.reset()
    outer.data(1, this.#identity)
    outer.data(2, this.#version)
    outer.data(14, message.octets)
    // Dnstap.type MESSAGE
    outer.number(15, 1)
    return outer.octets.slice()
  }

  /** True for IPv4, also where a socket for both families shows it as `::ffff:a.b.c.d`. */
  #readAddress(text: string): boolean {
    const mapped = text.startsWith('::ffff:') ? text.slice(7) : text
    if (parseIpv4(mapped, this.#address)) return true
    const zone = text.indexOf('%')
    parseIpv6(zone < 0 ? text : text.slice(0, zone), this.#address)
    return false
  }
}

export const FRAME_ACCEPT = 1
export const FRAME_START = 2
export const FRAME_STOP = 3
export const FRAME_READY = 4
export const FRAME_FINISH = 5

/** A control frame of Frame Streams: an empty length, its own length, its type, and the content type where it names one. */
export function controlFrame(type: number): Uint8Array {
  const hasContentType = type === FRAME_READY || type === FRAME_START || type === FRAME_ACCEPT
  const length = hasContentType ? 12 + CONTENT_TYPE.length : 4
  const frame = new Uint8Array(8 + length)
  const view = new DataView(frame.buffer)
  view.setUint32(4, length)
  view.setUint32(8, type)
  if (hasContentType) {
    // Field type 1: CONTENT_TYPE.
    view.setUint32(12, 1)
    view.setUint32(16, CONTENT_TYPE.length)
    frame.set(CONTENT_TYPE, 20)
  }
  return frame
}
