import type { Context } from '../context.ts'
import { ApiError, apiError } from '../errors.ts'
import type { Tag, Tenant } from '../store/store.ts'
import { readMembers } from '../zones/zone-input.ts'
import { keptTags, MAX_TAGS, tagFault } from './tag-rules.ts'
import { taggedKind } from './tagged-kinds.ts'

/** A resource as a path names it. */
export interface ResourcePath {
  readonly resource_type: string
  readonly resource_id: string
}

/** Codes: DNS.1002, then 404 as the kind of resource has it; here and below. */
export async function showTags(
  context: Context,
  tenant: Tenant,
  path: ResourcePath,
): Promise<readonly Tag[]> {
  return taggedKind(path.resource_type).find(context.store, tenant, path.resource_id)
}

/** Adds a tag, or gives the one of this key another value. Codes: DNS.0002, 1003, 1001. */
export function putTag(context: Context, tenant: Tenant, path: ResourcePath, body: unknown): Promise<void> {
  const { tag } = readMembers(body)
  return changeTags(context, tenant, path, additionOf([tag]))
}

/**
 * Adds several tags, or removes those of several keys; keys that are not there do not matter. Codes: DNS.0002, 1003, 1001. What is
 * removed is not held against the rules, so that any tag that got in can get out.
 */
export async function changeTagsInBatch(
  context: Context,
  tenant: Tenant,
  path: ResourcePath,
  body: unknown,
): Promise<void> {
  const { action, tags } = readMembers(body)
  if (action !== 'create' && action !== 'delete') throw apiError('REQUEST_INVALID')
  if (!Array.isArray(tags) || tags.length === 0) throw apiError('REQUEST_INVALID')
  await changeTags(context, tenant, path, action === 'create' ? additionOf(tags) : removalOf(tags))
}

/** Removes the tag of this key. Code: DNS.1003 as 404 when there is none. */
export const removeTag = (
  context: Context,
  tenant: Tenant,
  path: ResourcePath & { readonly key: string },
): Promise<void> =>
  changeTags(context, tenant, path, (present) => {
    const left = present.filter((tag) => tag.key !== path.key)
    if (left.length === present.length) throw apiError('TAG_NOT_FOUND')
    return left
  })

type TagChange = (present: readonly Tag[]) => readonly Tag[] | undefined

async function changeTags(
  context: Context,
  tenant: Tenant,
  path: ResourcePath,
  change: TagChange,
): Promise<void> {
  const kind = taggedKind(path.resource_type)
  await context.store.transaction((tx) => kind.change(tx, tenant, path.resource_id, change))
}

function additionOf(sent: readonly unknown[]): TagChange {
  const fault = tagFault(sent as readonly Tag[])
  if (fault !== undefined) throw new ApiError(fault)
  const added = keptTags(sent as readonly Tag[])
  return (present) => {
    const values = new Map(present.map((tag) => [tag.key, tag.value]))
    if (added.every((tag) => values.get(tag.key) === tag.value)) return undefined
    for (const tag of added) values.set(tag.key, tag.value)
    if (values.size > MAX_TAGS) throw apiError('TAG_LIMIT')
    return [...values].map(([key, value]) => ({ key, value }))
  }
}

function removalOf(sent: readonly unknown[]): TagChange {
  const keys = new Set<string>()
  for (const tag of sent as readonly (Partial<Tag> | null)[]) {
    if (typeof tag?.key !== 'string') throw apiError('TAG_INVALID')
    keys.add(tag.key)
  }
  return (present) => {
    const left = present.filter((tag) => !keys.has(tag.key))
    return left.length === present.length ? undefined : left
  }
}
