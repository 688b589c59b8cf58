import type { Context } from '../../context.ts'
import { apiError } from '../../errors.ts'
import { readPage } from '../../http/paging.ts'
import type { Call } from '../../http/route.ts'
import { formatTime } from '../../http/time.ts'
import type { OperationTaskKind, Task, TaskError, Tenant } from '../../store/store.ts'
import { OPERATION_KINDS } from '../kinds/kinds.ts'
import type { TransferParams } from '../kinds/transfer-zones.ts'
import { readRepeat } from '../repeat.ts'
import { errorsOf, readErrorPage } from '../task-query.ts'
import {
  readCreateCombined,
  readCreateInZones,
  readCreateZones,
  readDeleteInZones,
  readTransfer,
  readUpdateInZones,
} from './bodies.ts'

/** What a body asks for. */
interface Operation {
  readonly items: readonly unknown[]
  readonly params: object
  /** Items of one transaction, where an item stands for more than one record set. */
  readonly chunkItems?: number
}

/** Record sets that one transaction creates, about. */
const SETS_OF_CHUNK = 2_000
/** Zones of one transaction: with the record sets at some hosts, to be made with SOA and NS, or given away one by one. */
const ZONES_OF_CHUNK = 500
const NEW_ZONES_OF_CHUNK = 1_000
const TRANSFERS_OF_CHUNK = 100

type Reader = (call: Call, context: Context) => Operation | Promise<Operation>

/** How the body of each kind is read. Throws ApiError for what is refused at once. */
const READERS: Readonly<Record<OperationTaskKind, Reader>> = {
  create_in_zones: (call, { settings }) => ({
    items: readCreateInZones(call.body, settings.operationItems),
    params: {},
  }),

  create_combined(call, { settings }) {
    const { operationItems, strictTypes } = settings
    const { zoneNames, params } = readCreateCombined(call.body, operationItems, strictTypes)
    const chunkItems = Math.max(1, Math.floor(SETS_OF_CHUNK / params.prefixes.length))
    return { items: zoneNames, params, chunkItems }
  },

  update_in_zones(call, { settings }) {
    const { zoneNames, params } = readUpdateInZones(call.body, settings.operationItems)
    return { items: zoneNames, params, chunkItems: ZONES_OF_CHUNK }
  },

  delete_in_zones(call, { settings }) {
    const { zoneNames, params } = readDeleteInZones(call.body, settings.operationItems)
    return { items: zoneNames, params, chunkItems: ZONES_OF_CHUNK }
  },

  create_zones(call, { settings }) {
    const { zoneNames, params } = readCreateZones(call.body, settings.operationItems)
    return { items: zoneNames, params, chunkItems: NEW_ZONES_OF_CHUNK }
  },

  async transfer_zones(call, context) {
    const { zoneNames, targetUser } = readTransfer(call.body, context.settings.transferZones)
    const params: TransferParams = { receiver: await receiverOf(context, call.tenant, targetUser) }
    return { items: zoneNames, params, chunkItems: TRANSFERS_OF_CHUNK }
  },
}

/** Takes a request of this kind and returns the task that it made, PENDING or DONE. Throws ApiError, and then there is none. */
export async function submitOperation(call: Call, context: Context, kind: OperationTaskKind): Promise<Task> {
  const { items, params, chunkItems } = await READERS[kind](call, context)
  return context.tasks.submit(call.tenant, {
    kind,
    zoneId: null,
    items,
    params: { ...params },
    createdBy: call.principal.userId,
    chunkItems,
    repeat: readRepeat(call.headers, kind, JSON.stringify(call.body)),
  })
}

/** The default project of another account: that of the first region. Throws DOMAIN_ID_INVALID when nobody there can receive. */
async function receiverOf(
  { store, settings }: Context,
  sender: Tenant,
  domainId: string,
): Promise<TransferParams['receiver']> {
  const account = domainId === sender.domainId ? undefined : await store.findAccount(domainId)
  const projects = account?.enabled ? await store.listProjects(domainId) : []
  const project = projects.find(({ name }) => name === settings.regions[0]) ?? projects[0]
  if (project === undefined) throw apiError('DOMAIN_ID_INVALID')
  return { domainId, projectId: project.id }
}

const NEWEST_FIRST = { keys: [], defaultKey: 'created_at', defaultDir: 'desc', dirOfKey: 'desc' } as const

/** The account's operation tasks, newest first. Codes: DNS.0006, 0017. */
export async function listOperations({ query, tenant }: Call, { store }: Context): Promise<object> {
  // The call has neither marker nor order.
  const { limit, offset } = query
  const page = readPage(
    Object.fromEntries(
      Object.entries({ limit, offset }).filter(([, text]) => text !== undefined),
    ) as Call['query'],
    NEWEST_FIRST,
  )
  const { rows, total } = await store.listTasks(tenant, { zoneId: null }, page)
  return { tasks: rows.map(taskBody), metadata: { total_count: total } }
}

/** Largest page of error items, and the page when none is asked for (API). */
const ERROR_ITEMS = 500
const FURTHEST_ERROR_ITEM = 2_147_483_647

/** An operation task with a page of its error items. Codes: DNS.1304, 0006, 0017. */
export async function showOperation({ params, query, tenant }: Call, { store }: Context): Promise<object> {
  const taskId = params.task_id!.toLowerCase()
  if (!/^[0-9a-f]{32}$/.test(taskId)) throw apiError('TASK_ID_INVALID')
  const page = readErrorPage(query, ERROR_ITEMS, FURTHEST_ERROR_ITEM)
  const task = await store.findTask(tenant, taskId)
  if (task === undefined || task.zoneId !== null) throw apiError('TASK_NOT_FOUND')
  const errors = await errorsOf(store, task, page)
  return { ...taskBody(task), error_items: errors.map(errorItem) }
}

const taskBody = (task: Task) => ({
  id: task.id,
  type: OPERATION_KINDS[task.kind as OperationTaskKind].word,
  status: task.status,
  created_at: formatTime(task.createdAt),
  success_count: task.successCount,
  error_count: task.errorCount,
})

const errorItem = ({ item, message }: TaskError) => ({ item: item.item, error_message: message })
