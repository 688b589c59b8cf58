/** The zone and the questions of the DNS bench: the same for every server. */

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { encodeMessage, makeQuery } from '@waymark/dns/message/encode'
import { parseName } from '@waymark/dns/name'
import { TYPE_A } from '@waymark/dns/rr-types/type-codes'

export const ZONE = 'bench.example.'

export const ownerOf = (i: number): string => `h${i.toString(36)}.${ZONE}`
export const addressOf = (i: number): string => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`

/** Small deterministic generator, so that every run asks the same questions. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

async function writeLines(file: string, count: number, line: (i: number) => string): Promise<void> {
  const out = createWriteStream(file)
  for (let from = 0; from < count; from += 10_000) {
    let text = ''
    for (let i = from; i < Math.min(count, from + 10_000); i++) text += line(i)
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
}

/** A zone file with `names` address records. */
export async function writeZoneFile(file: string, names: number): Promise<void> {
  const head = `$ORIGIN ${ZONE}\n$TTL 300\n@ SOA ns1 hostmaster 1 7200 900 1209600 300\n@ NS ns1\n@ NS ns2\nns1 A 192.0.2.1\nns2 A 192.0.2.2\n`
  await writeLines(file, names + 1, (i) => (i === 0 ? head : `${ownerOf(i - 1)} A ${addressOf(i - 1)}\n`))
}

/** dnsperf input: `questions` names in random order, one in ten of which does not exist. */
export async function writeQuestions(file: string, names: number, questions: number): Promise<void> {
  const next = random(names)
  await writeLines(file, questions, () => {
    const i = Math.floor(next() * names)
    return next() < 0.1 ? `x${i.toString(36)}.${ZONE} A\n` : `${ownerOf(i)} A\n`
  })
}

/**
 * Prepared questions for `dnsperf -B`: the packets of {@link writeQuestions} with EDNS, and with a client subnet (RFC 7871) of a
 * random /24 of IPv4 each when `hasSubnet` is set.
 */
export async function writePackets(
  file: string,
  names: number,
  questions: number,
  hasSubnet: boolean,
): Promise<void> {
  const next = random(names)
  const parts: Uint8Array[] = []
  for (let n = 0; n < questions; n++) {
    const i = Math.floor(next() * names)
    const name = parseName(next() < 0.1 ? `x${i.toString(36)}.${ZONE}` : ownerOf(i))
    if (!name.ok) throw new Error(name.problems[0]?.detail)
    const prefix = [1 + Math.floor(next() * 222), Math.floor(next() * 256), Math.floor(next() * 256)]
    // Family 1 (IPv4), 24 bits, no scope
    const options = hasSubnet ? [{ code: 8, data: Uint8Array.of(0, 1, 24, 0, ...prefix) }] : []
    const edns = { payloadSize: 1232, version: 0, isDnssecOk: false, options }
    const packet = encodeMessage(makeQuery(n & 0xffff, name.value, TYPE_A, { edns }))
    if (!packet.ok) throw new Error(packet.problems[0]?.detail)
    parts.push(Uint8Array.of(packet.value.length >> 8, packet.value.length & 255), packet.value)
  }
  await Bun.write(file, new Blob(parts as Uint8Array<ArrayBuffer>[]))
}

/** dnsperf input: the addresses of `count` names from number `first` on, each once. */
export const writeNames = (file: string, first: number, count: number): Promise<void> =>
  writeLines(file, count, (i) => `${ownerOf(first + i)} A\n`)
