import { typeName } from '@waymark/dns/rr-types/type-codes'
import { LABELS, nameBelow } from './generated-zones.ts'
import { type LoadedZone, ownersOf } from './lab.ts'
import { type Asking, makeQuestion, type Question } from './question.ts'
import type { Random } from './random.ts'

const IN = 1
const ANY = 255
const RD = 0x0100
const AD = 0x0020
const CD = 0x0010

/** Types of record sets, types nobody has, types that are questions only, and types that mean something to signers. */
const TYPES: readonly (readonly [number, number])[] = [
  [20, 1],
  [6, 2],
  [8, 5],
  [3, 6],
  [2, 12],
  [6, 15],
  [8, 16],
  [5, 28],
  [4, 33],
  [2, 35],
  [4, 39],
  [5, 43],
  [4, 64],
  [4, 65],
  [5, 255],
  [2, 257],
  [2, 65280],
  ...[13, 17, 29, 37, 44, 46, 47, 48, 50, 51, 52, 53, 59, 60, 61, 99, 256, 731, 65281].map(
    (type) => [1, type] as const,
  ),
  // Mail list types of RFC 1035, the question types of RFC 973 and RFC 5936, meta types, reserved ones
  ...[3, 4, 7, 10, 11, 14, 24, 25, 30, 38, 128, 249, 250, 251, 252, 253, 254, 62, 32769, 65535].map(
    (type) => [1, type] as const,
  ),
]
/** Knot closes a connection on which it has answered FORMERR, as it does for sizes below 512. */
const TCP_SIZES = [512, 1232, 4096, 65535]
const SIZES = [512, 512, 513, 600, 1231, 1232, 1232, 1233, 1400, 4096, 4096, 65535, 1, 100, 511]

/** An endless supply of questions around the zones. Those over TCP are a tenth. */
export class QuestionSource {
  readonly #random: Random
  readonly #zones: readonly { apex: string; owners: readonly string[]; types: readonly number[] }[]

  constructor(random: Random, zones: readonly LoadedZone[]) {
    this.#random = random
    this.#zones = zones.map((zone) => ({
      apex: zone.apex,
      owners: ownersOf(zone),
      types: zone.records.map(({ type }) => type),
    }))
  }

  next(isTcp: boolean): Question {
    const random = this.#random
    // Larger zones have more to ask about; among the small ones the first are the hand-written ones.
    const a = random.pick(this.#zones)
    const b = random.pick(this.#zones)
    const zone = random.chance(0.1) ? this.#zones[0]! : a.owners.length > b.owners.length ? a : b
    const name = this.#inSomeCase(this.#name(zone))
    const type = random.chance(0.3) ? random.pick(zone.types) : random.weighted(TYPES)
    const flags =
      (random.chance(0.3) ? RD : 0) | (random.chance(0.1) ? AD : 0) | (random.chance(0.1) ? CD : 0)
    const rrClass = random.chance(0.99) ? IN : random.pick([4, ANY, 254, 2, 0, 300])
    const hasEdns = random.chance(0.7)
    return makeQuestion(name, {
      type,
      rrClass,
      isTcp,
      flags,
      payloadSize: hasEdns ? random.pick(isTcp ? TCP_SIZES : SIZES) : 0,
      isDnssecOk: random.chance(0.3),
    })
  }

  /** Questions whose form is unusual: RFC 9619, RFC 6891 6.1.3, other opcodes. */
  nextOdd(): Question {
    const random = this.#random
    const asking = random.pick<Asking>([
      { type: 1, count: 0 },
      { type: 1, count: 0, payloadSize: 1232 },
      { type: 1, count: 2 },
      { type: 1, count: 2, payloadSize: 1232 },
      { type: 1, payloadSize: 1232, ednsVersion: 1 },
      { type: 6, payloadSize: 512, ednsVersion: 255, isDnssecOk: true },
      ...[1, 2, 3, 6, 15].map((opcode) => ({ type: 1, flags: opcode << 11 })),
      ...[1, 2, 15].map((opcode) => ({ type: 1, flags: opcode << 11, payloadSize: 4096 })),
      // BIND answers few questions of class CHAOS a second
      { type: 16, rrClass: 3 },
      // Z, and the flags of replies, in a query
      { type: 1, flags: 0x0040 },
      { type: 1, flags: 0x0400 },
      { type: 1, flags: 0x0200 },
      { type: 1, flags: 0x0080 },
      { type: 1, flags: 0x0005 },
    ])
    return makeQuestion(this.#inSomeCase(this.#name(random.pick(this.#zones))), asking)
  }

  #name(zone: { apex: string; owners: readonly string[] }): string {
    const random = this.#random
    const owner = random.pick(zone.owners)
    const label = () => random.pick(LABELS)
    return fit(
      random.weighted<() => string>([
        [30, () => owner],
        [14, () => `${label()}.${owner}`],
        [6, () => `${label()}.${label()}.${owner}`],
        [8, () => owner.replace(/^\*/, random.pick(['a', 'q', 'host', '*.*', 'x.y', 'www']))],
        [8, () => `${random.pick([...LABELS, 'q'])}.${parent(owner)}`],
        [6, () => parent(owner)],
        [4, () => `*.${parent(owner)}`],
        [10, () => nameBelow(random, zone.apex)],
        [2, () => zone.apex],
        [2, () => parent(zone.apex)],
        [2, () => owner.replace(/^./, 'x')],
        [1, () => `${'l'.repeat(63)}.${'m'.repeat(63)}.${'n'.repeat(60)}.${owner}`],
        [1, () => `${'l'.repeat(Math.max(1, Math.min(63, 252 - owner.length)))}.${owner}`],
        [1, () => random.pick(['.', 'example.', 'elsewhere.example.net.', 'a.b.c.d.', 'com.'])],
      ])(),
    )
  }

  #inSomeCase(name: string): string {
    const random = this.#random
    if (random.chance(0.7)) return name
    if (random.chance(0.5)) return name.toUpperCase()
    return name.replace(/[a-z]/g, (letter) => (random.chance(0.5) ? letter.toUpperCase() : letter))
  }
}

const parent = (name: string): string => (name === '.' ? name : name.slice(name.indexOf('.') + 1) || '.')

/** The name, shortened from the left until it is one: at most 255 octets. */
function fit(name: string): string {
  let fitting = name
  while (fitting.length > 254) fitting = parent(fitting)
  return fitting
}

/** `name type`, and in words how it was asked. */
export function describeQuestion(question: Question): string {
  const { text, type, rrClass, isTcp, payloadSize, isDnssecOk, octets } = question
  const flags = ((octets[2]! << 8) | octets[3]!).toString(16).padStart(4, '0')
  return [
    `${text} ${typeName(type)}`,
    rrClass === IN ? '' : `class ${rrClass}`,
    isTcp ? 'TCP' : 'UDP',
    payloadSize > 0 ? `EDNS ${payloadSize}${isDnssecOk ? ' DO' : ''} version ${octets.at(-5)}` : '',
    `flags ${flags} QDCOUNT ${octets[5]}`,
  ]
    .filter((word) => word !== '')
    .join(', ')
}
