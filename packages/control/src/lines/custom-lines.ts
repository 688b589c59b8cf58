import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { CustomLine, Tenant, Tx } from '../store/store.ts'
import { readMembers } from '../zones/zone-input.ts'
import { commitLines } from './commit-lines.ts'
import { MAX_LINE_NAME, readDescription, readLineId, readLineName, readSegments } from './line-input.ts'
import { overlapBetween, readSegment, type Segment } from './segments.ts'

/**
 * Creates a custom line from a request body. Codes: DNS.0002, 1602, 1605, 1608 for the members; 0408 quota, 1603 name, 1606
 * segments of another line.
 */
export async function createCustomLine(context: Context, tenant: Tenant, body: unknown): Promise<CustomLine> {
  const sent = readMembers(body)
  const line: CustomLine = {
    lineId: `custom_${context.newId()}`,
    domainId: tenant.domainId,
    name: readLineName(sent.name, MAX_LINE_NAME),
    ipSegments: readSegments(sent.ip_segments, context),
    status: 'ACTIVE',
    description: readDescription(sent.description),
    createdAt: context.now(),
    updatedAt: null,
  }
  await context.store.transaction(async (tx) => {
    await tx.lockLines(tenant)
    const others = await tx.listCustomLines(tenant)
    if (others.length >= context.settings.customLineQuota) throw apiError('CUSTOM_LINE_QUOTA')
    await refuseClash(tx, tenant, line, others)
    await tx.insertCustomLine(line)
    await commitLines(tx, tenant)
  })
  return line
}

/**
 * Changes a custom line; absent members stay. Codes: DNS.1601, 0807, 0002, 1604 unknown, 1607 frozen, then those of the members, 1603
 * and 1606.
 */
export async function updateCustomLine(
  context: Context,
  tenant: Tenant,
  lineId: string,
  body: unknown,
): Promise<CustomLine> {
  readLineId(lineId)
  const sent = readMembers(body)
  return context.store.transaction(async (tx) => {
    await tx.lockLines(tenant)
    const lines = await tx.listCustomLines(tenant)
    const existing = steady(lines, lineId)
    const line: CustomLine = {
      ...existing,
      name: sent.name == null ? existing.name : readLineName(sent.name, MAX_LINE_NAME),
      ipSegments: sent.ip_segments == null ? existing.ipSegments : readSegments(sent.ip_segments, context),
      description: sent.description == null ? existing.description : readDescription(sent.description),
      updatedAt: context.now(),
    }
    await refuseClash(
      tx,
      tenant,
      line,
      lines.filter((other) => other !== existing),
    )
    await tx.updateCustomLine(line)
    if (line.ipSegments !== existing.ipSegments) await commitLines(tx, tenant)
    return line
  })
}

/** Removes a custom line and returns it as it was. Codes: DNS.1601, 0807, 1604 unknown, 1607 frozen, 0608 in use. */
export async function removeCustomLine(
  context: Context,
  tenant: Tenant,
  lineId: string,
): Promise<CustomLine> {
  readLineId(lineId)
  return context.store.transaction(async (tx) => {
    await tx.lockLines(tenant)
    const line = steady(await tx.listCustomLines(tenant), lineId)
    const groups = await tx.listLineGroups(tenant)
    if (groups.some((group) => group.members.includes(lineId)) || (await tx.isLineInUse(tenant, lineId))) {
      throw apiError('LINE_IN_USE')
    }
    await tx.removeCustomLine(tenant, lineId)
    await commitLines(tx, tenant)
    return line
  })
}

function steady(lines: readonly CustomLine[], lineId: string): CustomLine {
  const line = lines.find((each) => each.lineId === lineId)
  if (line === undefined) throw apiError('LINE_NOT_FOUND')
  if (line.status !== 'ACTIVE') throw apiError('LINE_NOT_STEADY')
  return line
}

/** A name stands for one line or group of the account, an address belongs to one line. */
async function refuseClash(
  tx: Tx,
  tenant: Tenant,
  line: CustomLine,
  others: readonly CustomLine[],
): Promise<void> {
  const groups = await tx.listLineGroups(tenant)
  if ([...others, ...groups].some(({ name }) => name === line.name)) throw apiError('LINE_NAME_EXISTS')
  const segments = segmentsOf(line)
  if (others.some((other) => overlapBetween(segments, segmentsOf(other)))) throw apiError('SEGMENT_OVERLAP')
}

/** The stored segments, which are ascending and disjoint. */
export const segmentsOf = (line: CustomLine): Segment[] => line.ipSegments.map((text) => readSegment(text)!)
