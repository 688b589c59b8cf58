import type { Client, Query } from './client/client.ts'

const PAGE = 500

interface Page {
  readonly metadata: { readonly total_count: number }
  readonly [rows: string]: unknown
}

/** Rows of a paged list until `limit` of them are there or the list ends, and how many there are in all. */
export async function listAll<T extends { readonly id: string }>(
  client: Client,
  path: string,
  member: string,
  query: Query,
  limit: number,
): Promise<{ rows: T[]; total: number }> {
  const rows: T[] = []
  let total = 0
  while (rows.length < limit) {
    const size = Math.min(PAGE, limit - rows.length)
    const page = await client.json<Page>('GET', path, {
      query: { ...query, limit: size, marker: rows.at(-1)?.id },
    })
    const found = page[member] as T[]
    rows.push(...found)
    total = page.metadata.total_count
    if (found.length < size) break
  }
  return { rows, total }
}
