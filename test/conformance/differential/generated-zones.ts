import type { Random } from './random.ts'
import type { ZoneText } from './zone-text.ts'

/** So few labels that wildcards, cuts, redirections and plain names meet at the same places. */
export const LABELS = ['a', 'b', 'c', '*', 'ns', '_t', 'A1', 'xn--a'] as const

/** A number of families: an apex, and often zones below it on the same server, with or without a delegation above. */
export function generateZones(random: Random, families: number): ZoneText[] {
  const apexes: string[] = []
  for (let i = 0; i < families; i++) {
    const apex = `g${i}.example.`
    apexes.push(apex)
    if (random.chance(0.5)) apexes.push(`${random.pick(['a', 'b', 'ns'])}.${apex}`)
    if (random.chance(0.25)) apexes.push(`${random.pick(['a', 'b'])}.${random.pick(['a', 'c'])}.${apex}`)
  }
  return [...new Set(apexes)].map((apex) => ({ apex, text: writeZone(random, apex, apexes) }))
}

function writeZone(random: Random, apex: string, apexes: readonly string[]): string {
  const rows: string[] = []
  const sets = 4 + random.below(40)
  // A zone of many redirections, cuts or wildcards has others than a mixture has.
  const kinds = random.pick(MIXTURES)
  for (let i = 0; i < sets; i++) {
    const owner = random.chance(0.08) ? apex : nameBelow(random, apex)
    const type = random.weighted(kinds)
    // RFC 6672 2.3: nothing stands below a DNAME. NSD counts names of other zones there, and refuses the zone.
    const isRelated = (other: string) => `.${other}`.endsWith(`.${owner}`) || owner.endsWith(`.${other}`)
    if (type === 'DNAME' && apexes.some((other) => other !== apex && isRelated(other))) continue
    const target = () => randomTarget(random, apex, apexes)
    // The API lets a CNAME stand at an apex, beside SOA and NS; RFC 1034 3.6.2 does not, and nobody else loads it.
    if (type === 'CNAME' && owner === apex) continue
    const isSingle = type === 'CNAME' || type === 'DNAME'
    const records = isSingle || random.chance(0.7) ? 1 : 1 + random.below(4)
    const ttl = random.pick([0, 60, 300, 86400])
    for (let k = 0; k < records; k++) rows.push(`${owner} ${ttl} ${type} ${rdata(random, type, target)}`)
    // What is delegated often has glue, and a DS now and then.
    if (type === 'NS' && random.chance(0.5)) {
      rows.push(`ns.${owner} 300 A 192.0.2.${random.below(256)}`, `${owner} ${ttl} NS ns.${owner}`)
      if (random.chance(0.3)) rows.push(`${owner} 300 DS ${rdata(random, 'DS', target)}`)
    }
  }
  return rows.join('\n')
}

type Mixture = readonly (readonly [number, string])[]

const EVERYTHING: Mixture = [
  [10, 'A'],
  [4, 'AAAA'],
  [4, 'TXT'],
  [6, 'CNAME'],
  [3, 'MX'],
  [2, 'SRV'],
  [4, 'NS'],
  [2, 'DNAME'],
  [2, 'SVCB'],
  [2, 'HTTPS'],
  [1, 'NAPTR'],
  [1, 'CAA'],
  [1, 'RP'],
  [1, 'TYPE65280'],
  [1, 'HINFO'],
]
const MIXTURES: readonly Mixture[] = [
  EVERYTHING,
  EVERYTHING,
  [...EVERYTHING, [20, 'CNAME'], [5, 'DNAME']],
  [...EVERYTHING, [15, 'NS']],
  [...EVERYTHING, [15, 'MX'], [10, 'SVCB'], [10, 'HTTPS'], [10, 'SRV']],
  [...EVERYTHING, [20, 'DNAME']],
  [
    [1, 'A'],
    [1, 'TXT'],
    [1, 'AAAA'],
  ],
]

export function nameBelow(random: Random, apex: string): string {
  let name = apex
  for (
    let depth = random.weighted([
      [4, 1],
      [5, 2],
      [3, 3],
      [1, 4],
    ]);
    depth > 0;
    depth--
  ) {
    name = `${random.pick(LABELS)}.${name}`
  }
  return name
}

function randomTarget(random: Random, apex: string, apexes: readonly string[]): string {
  const target = random.weighted<() => string>([
    [12, () => nameBelow(random, apex)],
    [1, () => apex],
    [3, () => nameBelow(random, random.pick(apexes))],
    [1, () => `x.elsewhere.example.net.`],
    [1, () => nameBelow(random, apex.slice(apex.indexOf('.') + 1))],
    [1, () => 'www.trap.example.'],
  ])()
  // Targets are host names: an asterisk stands for itself there, and the API takes none.
  return target.replaceAll('*', random.pick(['a', 'b', 'q']))
}

function rdata(random: Random, type: string, target: () => string): string {
  switch (type) {
    case 'A':
      return `192.0.2.${random.below(256)}`
    case 'AAAA':
      return `2001:db8::${random.below(0x10000).toString(16)}`
    case 'TXT':
      return `"${'t'.repeat(random.pick([1, 10, 100, 250]))}" "${'u'.repeat(random.pick([1, 200, 255]))}${random.below(100)}"`.replace(
        /u{254,}/,
        'u'.repeat(250),
      )
    case 'MX':
      return `${random.below(50)} ${target()}`
    case 'SRV':
      return `${random.below(5)} ${random.below(5)} ${random.below(65536)} ${target()}`
    case 'SVCB':
    case 'HTTPS':
      return random.chance(0.3)
        ? `0 ${target()}`
        : `${1 + random.below(5)} ${random.chance(0.4) ? '.' : target()} alpn=h2`
    case 'NAPTR':
      return `${random.below(9)} 10 "${random.pick(['s', 'a', 'u'])}" "X" "" ${target()}`
    case 'CAA':
      return `0 issue "ca${random.below(9)}.example"`
    case 'RP':
      return `${target()} ${target()}`
    case 'TYPE65280':
      return `\\# 4 ${random.next().toString(16).padStart(8, '0')}`
    case 'HINFO':
      return `"cpu${random.below(3)}" "os"`
    case 'DS':
      return `${random.below(65536)} 13 2 ${'0123456789abcdef'.repeat(4)}`
    default:
      return target()
  }
}
