import { ApiError } from '../../errors.ts'
import { expectFitsContract } from '../../http/contract-check.ts'
import type { Reply } from '../../http/route.ts'
import type { RecordSet, Zone } from '../../store/store.ts'
import { openTestBed, TENANT, type TestBedOptions } from '../testing.ts'
import { operationRoutes } from './routes.ts'
import { OperationTask } from './schemas.ts'

/** For tests only: operation tasks of one account, called without HTTP. */

/** Another account and its default project. */
export const RECEIVER = { domainId: 'b'.repeat(32), projectId: 'c'.repeat(32) }

const OPERATIONS: Readonly<Record<string, string>> = {
  'batch-create-recordset': 'BatchCreatePublicRecordsetsTask',
  'batch-create-combined-recordset': 'BatchCreateCombinedPublicRecordsetsTask',
  'batch-update-recordset': 'BatchUpdatePublicRecordsetsTask',
  'batch-delete-recordset': 'BatchDeletePublicRecordsetsTask',
  'batch-create-zone': 'BatchCreatePublicZonesTask',
  'batch-transfer': 'BatchTransferPublicZonesTask',
}

export async function openOperations(options: TestBedOptions & { isIdle?: boolean } = {}) {
  const bed = await openTestBed(options)
  if (!options.isIdle) bed.engine.start()

  const bodyOf = (reply: Reply): unknown => {
    if (!('json' in reply)) throw new Error('no body')
    return reply.json
  }

  async function submit(path: string, body: unknown, headers?: Record<string, string>): Promise<string> {
    const reply = await bed.call(operationRoutes, 'POST', `/v2.1/operation-task/${path}`, { body, headers })
    expectFitsContract(OPERATIONS[path]!, reply.status, bodyOf(reply))
    return (bodyOf(reply) as { task_id: string }).task_id
  }

  async function show(taskId: string, query = '') {
    const reply = await bed.call(operationRoutes, 'GET', `/v2.1/batch-operation-tasks/${taskId}${query}`)
    expectFitsContract('ShowBatchOperationTask', reply.status, bodyOf(reply))
    return OperationTask.parse(bodyOf(reply))
  }

  return {
    ...bed,
    submit,
    show,

    /** What a task did, once it is DONE: numbers of good and failed, and each failure as `item: message`. */
    async run(path: string, body: unknown): Promise<{ good: number; failed: string[] }> {
      const { id } = await bed.finished(await submit(path, body))
      const { status, success_count, error_count, error_items } = await show(id)
      if (status !== 'DONE' || error_count !== error_items.length) throw new Error(JSON.stringify(status))
      return {
        good: success_count,
        failed: error_items.map(({ item, error_message }) => `${item}: ${error_message}`),
      }
    },

    /** Code and message of what is refused at once. */
    async refusal(path: string, body: unknown): Promise<string> {
      try {
        await submit(path, body)
      } catch (error) {
        if (error instanceof ApiError) return `${error.failure.status} ${error.message}`
        throw error
      }
      throw new Error('was accepted')
    },

    async zoneAt(apex: string): Promise<Zone> {
      const [zone] = await bed.store.publicZonesAt([apex])
      if (zone === undefined) throw new Error(`no zone ${apex}`)
      return zone
    },

    /** Sets of a zone but for those it came with, as `name type values`. */
    async setsOf(apex: string): Promise<string[]> {
      const [zone] = await bed.store.publicZonesAt([apex])
      return (await bed.recordSets(zone!)).filter((set) => !set.isDefault).map(lineOf)
    },

    insertReceiver: (): Promise<void> =>
      bed.store.transaction(async (tx) => {
        const { domainId, projectId } = RECEIVER
        await tx.insertAccount({ id: domainId, name: 'receiver', enabled: true })
        await tx.insertProject({ id: 'e'.repeat(32), domainId, name: 'region-b', enabled: true })
        await tx.insertProject({ id: projectId, domainId, name: 'region-a', enabled: true })
      }),

    insertAccount: (id: string, enabled: boolean): Promise<void> =>
      bed.store.transaction(async (tx) => {
        await tx.insertAccount({ id, name: id, enabled })
        await tx.insertProject({ id: `p${id}`, domainId: id, name: 'region-a', enabled: true })
      }),
  }
}

export type Operations = Awaited<ReturnType<typeof openOperations>>
export { TENANT }

const lineOf = ({ name, type, records }: RecordSet): string => `${name} ${type} ${records.join(',')}`
