/** Fills zones of a running service by batch tasks. */
import type { Service } from '../../test/support/service.ts'
import { addressOf, ownerOf, ZONE } from './zone.ts'

/** Items of one task; the service has to be started with these {@link FILL_ARGUMENTS}. */
const BATCH = 100_000

export const FILL_ARGUMENTS: readonly string[] = [
  ...['--account-rate', '0', '--batch-items', String(BATCH), '--body-bytes', String(256 << 20)],
]

/** Calls the API and throws when it answers with another status. */
export async function must(
  service: Service,
  status: number,
  method: string,
  path: string,
  body?: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
): Promise<any> {
  const answer = await service.call(method, path, body)
  if (answer.status !== status)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.json)}`)
  return answer.json
}

/** Creates the addresses of `count` names in a zone, one task after the other. */
export async function fillZone(
  service: Service,
  zone: { readonly id: string; readonly name: string },
  count: number,
): Promise<void> {
  const path = `/v2.1/zones/${zone.id}/recordsets/batch-create-task`
  for (let first = 0; first < count; first += BATCH) {
    const recordsets = Array.from({ length: Math.min(BATCH, count - first) }, (_, i) => ({
      name: ownerOf(first + i).replace(ZONE, zone.name),
      type: 'A',
      records: [addressOf(first + i)],
    }))
    await must(service, 202, 'POST', path, { recordsets })
    for (;;) {
      const task = await must(service, 200, 'GET', `${path}?error_item_limit=1`)
      if (task.status !== 'DONE') {
        await Bun.sleep(50)
        continue
      }
      if (task.error_count > 0) throw new Error(`${path}: ${JSON.stringify(task).slice(0, 500)}`)
      break
    }
    // A zone has one task of a kind at a time.
    const gone = await service.call('DELETE', path)
    if (gone.status >= 300) throw new Error(`DELETE ${path}: ${gone.status} ${JSON.stringify(gone.json)}`)
  }
}
