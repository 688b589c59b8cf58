import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { LineGroup, Reads, Tenant, Tx } from '../store/store.ts'
import { readMembers } from '../zones/zone-input.ts'
import { commitLines } from './commit-lines.ts'
import {
  MAX_GROUP_NAME,
  readDescription,
  readLineId,
  readLineName,
  readMembersOfGroup,
} from './line-input.ts'
import { isKnownLine, lineByDisplayName } from './lines.ts'

/**
 * Creates a line group from a request body. Codes: DNS.0002, 1602, 1702, 1706 for the members; 0409 quota, 1704 name, 1702 a line
 * that is not there.
 */
export async function createLineGroup(context: Context, tenant: Tenant, body: unknown): Promise<LineGroup> {
  const sent = readMembers(body)
  const group: LineGroup = {
    lineId: `lgroup_${context.newId()}`,
    domainId: tenant.domainId,
    name: readLineName(sent.name, MAX_GROUP_NAME),
    members: readMembersOfGroup(sent.lines),
    status: 'ACTIVE',
    description: readDescription(sent.description),
    createdAt: context.now(),
    updatedAt: null,
  }
  await context.store.transaction(async (tx) => {
    await tx.lockLines(tenant)
    const others = await tx.listLineGroups(tenant)
    if (others.length >= context.settings.lineGroupQuota) throw apiError('LINE_GROUP_QUOTA')
    await refuseClash(tx, tenant, group, others)
    await tx.insertLineGroup(group)
    await commitLines(tx, tenant)
  })
  return group
}

/** Codes: DNS.1601, 0807, 1707 unknown. */
export async function showLineGroup(
  { store }: { readonly store: Reads },
  tenant: Tenant,
  lineId: string,
): Promise<LineGroup> {
  readLineId(lineId)
  return found(await store.listLineGroups(tenant), lineId)
}

/**
 * Changes a line group: name and members as sent, the description stays when it is absent. Codes: DNS.1601, 0807, 0002, 1707
 * unknown, 1607 frozen, then those of a creation.
 */
export async function updateLineGroup(
  context: Context,
  tenant: Tenant,
  lineId: string,
  body: unknown,
): Promise<LineGroup> {
  readLineId(lineId)
  const sent = readMembers(body)
  return context.store.transaction(async (tx) => {
    await tx.lockLines(tenant)
    const groups = await tx.listLineGroups(tenant)
    const existing = steady(groups, lineId)
    const group: LineGroup = {
      ...existing,
      name: readLineName(sent.name, MAX_GROUP_NAME),
      members: readMembersOfGroup(sent.lines),
      description: sent.description == null ? existing.description : readDescription(sent.description),
      updatedAt: context.now(),
    }
    await refuseClash(
      tx,
      tenant,
      group,
      groups.filter((other) => other !== existing),
    )
    await tx.updateLineGroup(group)
    await commitLines(tx, tenant)
    return group
  })
}

/** Removes a line group and returns it as it was. Codes: DNS.1601, 0807, 1707 unknown, 1607 frozen, 0608 in use. */
export async function removeLineGroup(context: Context, tenant: Tenant, lineId: string): Promise<LineGroup> {
  readLineId(lineId)
  return context.store.transaction(async (tx) => {
    await tx.lockLines(tenant)
    const group = steady(await tx.listLineGroups(tenant), lineId)
    if (await tx.isLineInUse(tenant, lineId)) throw apiError('LINE_IN_USE')
    await tx.removeLineGroup(tenant, lineId)
    await commitLines(tx, tenant)
    return group
  })
}

function found(groups: readonly LineGroup[], lineId: string): LineGroup {
  const group = groups.find((each) => each.lineId === lineId)
  if (group === undefined) throw apiError('LINE_GROUP_NOT_FOUND')
  return group
}

function steady(groups: readonly LineGroup[], lineId: string): LineGroup {
  const group = found(groups, lineId)
  if (group.status !== 'ACTIVE') throw apiError('LINE_NOT_STEADY')
  return group
}

/** A name stands for one line or group, built-in ones included; members are built-in or own custom lines. */
async function refuseClash(
  tx: Tx,
  tenant: Tenant,
  group: LineGroup,
  others: readonly LineGroup[],
): Promise<void> {
  const lines = await tx.listCustomLines(tenant)
  const isTaken = [...others, ...lines].some(({ name }) => name === group.name)
  if (isTaken || lineByDisplayName(group.name) !== undefined) throw apiError('LINE_GROUP_NAME_EXISTS')
  const custom = new Set(lines.map((line) => line.lineId))
  if (!group.members.every((id) => isKnownLine(id) || custom.has(id))) throw apiError('GROUP_LINES_INVALID')
}
