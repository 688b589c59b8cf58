/**
 * Time of the core's bulk paths: what an import or a batch task does with every name and value. Run it with
 * `bun bench/micro/dns-core.bench.ts`; each line is the median of several rounds, in nanoseconds a call.
 */
import { decodeMessage, encodeMessage, makeQuery } from '@waymark/dns'
import { compareNames, equalNames, formatName, lowerName, parseName, type WireName } from '@waymark/dns/name'
import { rrTypeByName } from '@waymark/dns/rr-types/registry'
import { formatZoneFile } from '@waymark/dns/zone-file/format'
import { parseZoneFile, type RecordData } from '@waymark/dns/zone-file/parse'

const COUNT = 100_000
const ROUNDS = 7

const name = (text: string, origin?: WireName): WireName => {
  const parsed = parseName(text, origin)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

/** Runs `call` for 0 to `count` - 1, several times over, and prints the median. */
function measure(title: string, call: (i: number) => unknown, count = COUNT): void {
  const rounds: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = Bun.nanoseconds()
    for (let i = 0; i < count; i++) call(i)
    rounds.push((Bun.nanoseconds() - start) / count)
  }
  const sorted = rounds.toSorted((a, b) => a - b)
  const spread = `${sorted[0]!.toFixed(0)}–${sorted.at(-1)!.toFixed(0)}`
  console.log(`${title.padEnd(36)} ${sorted[ROUNDS >> 1]!.toFixed(0).padStart(8)} ns   ${spread}`)
}

const origin = name('bulk.example.')
const texts = Array.from({ length: COUNT }, (_, i) => `host-${i}.bulk.example.`)
const names = texts.map((text) => name(text))

measure('parseName', (i) => parseName(texts[i]!))
measure('formatName', (i) => formatName(names[i]!))
measure('lowerName', (i) => lowerName(names[i]!))
measure('equalNames', (i) => equalNames(names[i]!, names[0]!))
measure('compareNames', (i) => compareNames(names[i]!, names[0]!))

const VALUES: Readonly<Record<string, (i: number) => string>> = {
  A: (i) => `192.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
  AAAA: (i) => `2001:db8::${i.toString(16).slice(-4)}`,
  CNAME: (i) => `target-${i}.bulk.example.`,
  MX: (i) => `${i % 100} mail-${i}.bulk.example.`,
  TXT: (i) => `"v=spf1 ip4:192.0.2.${i % 256} -all"`,
  SRV: (i) => `0 5 5060 sip-${i}.bulk.example.`,
  CAA: (i) => `0 issue "ca-${i}.example"`,
  HTTPS: (i) => `1 . alpn=h2,h3 port=${i % 65536}`,
}

for (const [typeName, makeValue] of Object.entries(VALUES)) {
  const type = rrTypeByName(typeName)!
  const values = Array.from({ length: COUNT }, (_, i) => makeValue(i))
  const rdatas = values.map((text) => {
    const parsed = type.parse(text)
    if (!parsed.ok) throw new Error(text)
    return parsed.value
  })
  measure(`${typeName} parse`, (i) => type.parse(values[i]!))
  measure(`${typeName} format`, (i) => type.format(rdatas[i]!))
  measure(`${typeName} comparable`, (i) => type.comparable(rdatas[i]!))
}

const records: RecordData[] = names.map((owner, i) => ({
  owner,
  type: 1,
  ttl: 300,
  rdata: Uint8Array.of(192, i >> 16, i >> 8, i),
}))
const file = formatZoneFile(records, { origin })
measure('formatZoneFile, a record', (i) => i === 0 && formatZoneFile(records, { origin }))
measure('parseZoneFile, a record', (i) => i === 0 && parseZoneFile(file, { origin }))

const answer = {
  ...makeQuery(1, names[0]!, 1),
  answers: records.slice(0, 8).map((record) => ({ ...record, class: 1 })),
}
const encoded = encodeMessage(answer)
if (!encoded.ok) throw new Error('the answer does not encode')
measure('encodeMessage, 8 answers', () => encodeMessage(answer), COUNT / 10)
measure('decodeMessage, 8 answers', () => decodeMessage(encoded.value), COUNT / 10)
