import { decodeMessage } from '@waymark/dns/message/decode'
import { rcodeName } from '@waymark/dns/message/header'
import type { ResourceRecord } from '@waymark/dns/message/message'
import { formatName } from '@waymark/dns/name'
import { rrTypeByCode } from '@waymark/dns/rr-types/registry'
import { describeQuestion } from './ask-questions.ts'
import type { Difference } from './compare.ts'
import type { Reply } from './reply.ts'
import type { DifferentialReport } from './run-differential.ts'

/** The whole report as text: numbers, table of known differences, samples of the unexplained ones. */
export function formatReport(report: DifferentialReport): string {
  const rows = [
    `${report.questions} questions to ${report.zones} zones of ${report.records} records (${report.refusedSets} record sets were refused by the API)`,
    `${report.agreed} agreed, ${report.unexplained} unexplained differences`,
    '',
  ]
  for (const [{ name, peers, rfc, reason }, count] of report.known) {
    rows.push(`${String(count).padStart(8)}  ${name} (${peers.join(', ')}; ${rfc}): ${reason}`)
  }
  const unmet = [...report.known].filter(([, count]) => count === 0).map(([{ name }]) => name)
  if (unmet.length > 0) rows.push('', `known differences that this run has not met: ${unmet.join('; ')}`)
  for (const [kind, { count, first }] of report.samples) {
    rows.push('', `== ${kind}: ${count}`, ...first.map(formatDifference))
  }
  return rows.join('\n')
}

export function formatDifference({ question, peer, aspect, ours, theirs }: Difference): string {
  return [
    `--- ${aspect}: ${describeQuestion(question)}`,
    `Waymark ${formatReply(ours)}`,
    `${peer} ${formatReply(theirs)}`,
  ].join('\n')
}

function formatReply(reply: Reply | undefined): string {
  if (reply === undefined) return 'no reply'
  const decoded = decodeMessage(reply.octets)
  if (!decoded.ok)
    return `unreadable: ${decoded.problems[0]?.detail} ${Buffer.from(reply.octets).toString('hex')}`
  const { answers, authorities, additionals } = decoded.value
  const edns = reply.edns
  return [
    `${rcodeName(reply.rcode)} flags ${reply.flags.toString(16)}${edns === undefined ? '' : ` EDNS ${edns.payloadSize} version ${edns.version} flags ${edns.flags.toString(16)} options [${edns.options}]`} ${reply.octets.length} octets ${reply.fault ?? ''}`,
    ...answers.map((record) => `  answer      ${formatRecord(record)}`),
    ...authorities.map((record) => `  authority   ${formatRecord(record)}`),
    ...additionals.map((record) => `  additional  ${formatRecord(record)}`),
  ]
    .slice(0, 40)
    .map((row) => row.slice(0, 300))
    .join('\n')
}

function formatRecord({ owner, ttl, type, rdata }: ResourceRecord): string {
  const rrType = rrTypeByCode(type)
  return `${formatName(owner)} ${ttl} ${rrType.name} ${rrType.format(rdata)}`
}
