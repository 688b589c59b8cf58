import { rcodeName } from '@waymark/dns/message/header'
import { typeName } from '@waymark/dns/rr-types/type-codes'
import { QuestionSource } from './ask-questions.ts'
import { type Aspect, compareReplies, type Difference, typeOf } from './compare.ts'
import { BATCH_SIZE, Line } from './exchange.ts'
import { generateZones } from './generated-zones.ts'
import { HAND_WRITTEN_ZONES } from './hand-written-zones.ts'
import { isKnownAs, KNOWN_DIFFERENCES, type KnownDifference } from './known-differences.ts'
import { type Lab, openLab } from './lab.ts'
import type { Question } from './question.ts'
import { Random } from './random.ts'
import { type Reply, readReply } from './reply.ts'

export interface DifferentialOptions {
  readonly questions: number
  readonly seed: number
  /** Families of generated zones beside the hand-written ones. */
  readonly families: number
  /** Told now and then how many questions are done. */
  readonly onProgress?: (questions: number, report: DifferentialReport) => void
}

export interface DifferentialReport {
  questions: number
  zones: number
  records: number
  refusedSets: number
  /** Questions that every peer has answered as we did, but for known differences. */
  agreed: number
  /** How often each known difference was met. */
  readonly known: Map<KnownDifference, number>
  unexplained: number
  /** The first of the unexplained ones of each kind, with both replies. */
  readonly samples: Map<string, { count: number; readonly first: Difference[] }>
}

const SAMPLES = 3
/** Every tenth batch goes over TCP. */
const TCP_EVERY = 10
/** These hold questions of an unusual form, which some do not reply to: a batch of them, once, takes the wait for all. */
const ODD_EVERY = 400

/** Starts all servers with the zones of the seed, asks, compares, and stops them. */
export async function runDifferential(options: DifferentialOptions): Promise<DifferentialReport> {
  const random = new Random(options.seed)
  const lab = await openLab([...HAND_WRITTEN_ZONES, ...generateZones(random, options.families)])
  const report: DifferentialReport = {
    questions: 0,
    zones: lab.zones.length,
    records: lab.zones.reduce((sum, { records }) => sum + records.length, 0),
    refusedSets: lab.zones.reduce((sum, { refused }) => sum + refused, 0),
    agreed: 0,
    known: new Map(KNOWN_DIFFERENCES.map((entry) => [entry, 0])),
    unexplained: 0,
    samples: new Map(),
  }
  const servers = [lab.ours, ...lab.peers]
  const lines = [false, true].map((isTcp) => servers.map(({ port }) => new Line(port, isTcp)))
  try {
    await askAll(options, lab, lines as [Line[], Line[]], new QuestionSource(random, lab.zones), report)
  } finally {
    for (const line of lines.flat()) line.close()
    await lab.stop()
  }
  return report
}

async function askAll(
  options: DifferentialOptions,
  lab: Lab,
  [udp, tcp]: [Line[], Line[]],
  source: QuestionSource,
  report: DifferentialReport,
): Promise<void> {
  let firstId = 0
  const askBatch = (batchNumber: number) => {
    const isTcp = batchNumber % TCP_EVERY === TCP_EVERY - 1
    const isOdd = batchNumber % ODD_EVERY === 0
    const questions = Array.from({ length: BATCH_SIZE }, () =>
      isOdd ? source.nextOdd() : source.next(isTcp),
    )
    firstId = (firstId + BATCH_SIZE) & 0xffff
    const start = firstId
    questions.forEach(({ octets }, i) => {
      octets[0] = ((start + i) >> 8) & 255
      octets[1] = (start + i) & 255
    })
    const packets = questions.map(({ octets }) => octets)
    const replies = Promise.all((isTcp ? tcp : udp).map((line) => line.ask(packets, start)))
    return { questions, replies }
  }
  const batches = Math.ceil(options.questions / BATCH_SIZE)
  for (let i = 0; i < batches; i++) {
    const { questions, replies } = askBatch(i)
    judge(questions, await replies, lab, report)
    if (i % 500 === 499) options.onProgress?.(report.questions, report)
  }
}

function judge(
  questions: readonly Question[],
  replies: readonly (readonly (Uint8Array | undefined)[])[],
  lab: Lab,
  report: DifferentialReport,
): void {
  questions.forEach((question, i) => {
    const [ours, ...theirs] = replies.map((list) => read(list[i]))
    let agrees = true
    theirs.forEach((reply, k) => {
      for (const aspect of compareReplies(ours, reply)) {
        const { apexOf, isForeign, isOwner } = lab
        const peer = lab.peers[k]!.name
        const difference = { question, peer, aspect, ours, theirs: reply, apexOf, isForeign, isOwner }
        if (!explain(difference, report)) agrees = false
      }
    })
    report.questions++
    if (agrees) report.agreed++
  })
}

const read = (octets: Uint8Array | undefined): Reply | undefined =>
  octets === undefined ? undefined : readReply(octets)

function explain(difference: Difference, report: DifferentialReport): boolean {
  for (const entry of KNOWN_DIFFERENCES) {
    if (!entry.peers.includes(difference.peer) || !entry.aspects.includes(difference.aspect)) continue
    if (!isKnownAs(entry, difference)) continue
    report.known.set(entry, report.known.get(entry)! + 1)
    return true
  }
  report.unexplained++
  const kind = kindOf(difference)
  const sample = report.samples.get(kind) ?? { count: 0, first: [] }
  sample.count++
  if (sample.first.length < SAMPLES) sample.first.push(difference)
  report.samples.set(kind, sample)
  return false
}

/** What differs in short, so that a report shows one of each. */
function kindOf({ peer, aspect, ours, theirs }: Difference): string {
  if (ours === undefined || theirs === undefined) return `${peer} ${aspect}`
  const types = (records: readonly string[]) =>
    [...new Set(records.map((record) => typeName(typeOf(record))))].sort().join(' ')
  const parts: Partial<Record<Aspect, (reply: Reply) => string>> = {
    rcode: (reply) => rcodeName(reply.rcode),
    answer: (reply) => `[${types(reply.answers)}]`,
    authority: (reply) => `[${types(reply.authorities)}]`,
    additional: (reply) => `[${types(reply.additionals)}]`,
    header: (reply) => reply.flags.toString(16),
    EDNS: (reply) => `${reply.edns?.options}`,
  }
  const part = parts[aspect] ?? (() => '')
  return `${peer} ${aspect} ${part(ours)} ${part(theirs)}`
}
