import { apiError } from '../errors.ts'
import { readPage } from '../http/paging.ts'
import type { Call } from '../http/route.ts'
import type { Page } from '../store/store.ts'
import { isUuid } from './registry-input.ts'

const BY_ID = { keys: ['id'], defaultKey: 'id', defaultDir: 'asc', dirOfKey: 'asc' } as const

/** A page of a list whose rows have UUIDs and come in their order. Codes: DNS.0006, 0017, 0007. */
export function readRegistryPage({ query }: Call): Page {
  const { marker, limit, offset } = query
  if (marker !== undefined && !isUuid(marker)) throw apiError('MARKER_INVALID')
  // Without the members that are not there: an undefined one would count as sent.
  const counts = Object.fromEntries(
    Object.entries({ limit, offset }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  return { ...readPage(counts, BY_ID), marker: marker?.toLowerCase() }
}
