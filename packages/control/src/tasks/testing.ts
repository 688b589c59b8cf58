import pino from 'pino'
import type { Context, ControlSettings } from '../context.ts'
import type { Call, Reply, Route } from '../http/route.ts'
import { TEST_SETTINGS } from '../http/test-platform.ts'
import { createIdSource } from '../new-id.ts'
import { openStore, type StoreLocation } from '../store/open.ts'
import { zone as sampleZone } from '../store/samples.ts'
import type { RecordSet, Task, Tenant, Zone, ZoneType } from '../store/store.ts'
import { createSecretBox } from '../tenants/secrets.ts'
import { createTaskEngine, type EngineOptions } from './engine.ts'

/** For tests only: a real store and engine with one account, and calls of routes without HTTP. */

export const TENANT: Tenant = { domainId: 'd'.repeat(32), projectId: 'a'.repeat(32) }

export interface TestBedOptions {
  readonly location?: StoreLocation
  readonly settings?: Partial<ControlSettings>
  readonly engine?: Partial<EngineOptions>
  /** Stands between engine and store, to break things. */
  readonly wrapStore?: (store: Context['store']) => Context['store']
}

export async function openTestBed(options: TestBedOptions = {}) {
  const store = await openStore(options.location ?? { file: ':memory:' })
  await store.migrate()
  const now = Date.now
  const base = {
    store: options.wrapStore?.(store) ?? store,
    settings: { ...TEST_SETTINGS, ...options.settings },
    log: pino({ level: 'silent' }),
    now,
    newId: createIdSource(now),
    secrets: createSecretBox(crypto.getRandomValues(new Uint8Array(32))),
  }
  const engine = createTaskEngine(base, { backoffMs: 1, longestBackoffMs: 5, ...options.engine })
  const context: Context = { ...base, tasks: engine }

  return {
    store,
    context,
    engine,

    async createZone(name: string, zoneType: ZoneType = 'public'): Promise<Zone> {
      const zone = sampleZone({ id: base.newId(), apex: name, zoneType, createdAt: now(), ...TENANT })
      await store.transaction((tx) => tx.insertZone(zone))
      return zone
    },

    /** Calls a handler as the server would: the answer, or the failure that it would make an answer of. */
    async call(
      routes: readonly Route<Context>[],
      method: string,
      path: string,
      sent: { body?: unknown; headers?: Record<string, string>; params?: Record<string, string> } = {},
    ): Promise<Reply> {
      const url = new URL(path, 'http://localhost')
      for (const route of routes) {
        const pattern = route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
        const match = new RegExp(`^${pattern}$`).exec(url.pathname)
        if (match === null || route.method !== method) continue
        const principal = {
          ...TENANT,
          userId: 'e'.repeat(32),
          userName: 'tester',
          domainName: 'lab',
          via: 'token',
        } as const
        const call: Call = {
          params: { ...match.groups },
          query: Object.fromEntries(url.searchParams),
          body: sent.body,
          headers: new Headers(sent.headers),
          principal,
          tenant: principal,
          requestId: 'f'.repeat(32),
          baseUrl: url.origin,
          target: path,
        }
        return route.handler(call, context)
      }
      throw new Error(`no route ${method} ${path}`)
    },

    /** Waits until the task is DONE. */
    async finished(taskId: string): Promise<Task> {
      for (;;) {
        const task = await store.findTask(TENANT, taskId)
        if (task === undefined) throw new Error(`task ${taskId} is gone`)
        if (task.status === 'DONE') return task
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    },

    recordSets: (zone: Zone): Promise<RecordSet[]> => store.recordSetsInOrder(zone.id, undefined, 1_000_000),

    async close(): Promise<void> {
      await engine.stop()
      await store.close()
    },
  }
}

export type TestBed = Awaited<ReturnType<typeof openTestBed>>
