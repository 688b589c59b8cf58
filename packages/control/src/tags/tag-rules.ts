import { type Failure, failure } from '../errors.ts'
import type { Tag } from '../store/store.ts'

/** Tags of one resource. */
export const MAX_TAGS = 20
const MAX_KEY_LENGTH = 128
const MAX_VALUE_LENGTH = 255

const KEY = /^[\p{L}\p{M}\p{N} _.:=+\-@]+$/u
const VALUE = /^[\p{L}\p{M}\p{N} _.:=+\-@/]*$/u

/** Judges the tags given to a resource: form of keys and values, keys unique, then their number. */
export function tagFault(tags: readonly Tag[]): Failure | undefined {
  if (!Array.isArray(tags)) return failure('TAG_INVALID')
  const keys = new Set<string>()
  for (const tag of tags as readonly (Partial<Tag> | null)[]) {
    const { key } = tag ?? {}
    const value = tag?.value ?? ''
    if (typeof key !== 'string' || typeof value !== 'string') return failure('TAG_INVALID')
    if (!isKey(key) || value.length > MAX_VALUE_LENGTH || !VALUE.test(value) || keys.has(key)) {
      return failure('TAG_INVALID')
    }
    keys.add(key)
  }
  return keys.size > MAX_TAGS ? failure('TAG_LIMIT') : undefined
}

function isKey(key: string): boolean {
  return key.length <= MAX_KEY_LENGTH && key.trim() === key && !key.startsWith('_sys_') && KEY.test(key)
}

/** The tags as kept: an absent value is an empty one, other members are dropped. */
export const keptTags = (tags: readonly Tag[]): readonly Tag[] =>
  tags.length === 0 ? tags : tags.map(({ key, value }) => ({ key, value: value ?? '' }))
