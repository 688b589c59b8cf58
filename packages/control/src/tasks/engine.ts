import type { Tenant } from '../store/store.ts'

export interface TaskEngine {
  readonly start: () => void
  readonly stop: () => Promise<void>
  /** Wakes the engine: a task was stored. */
  readonly wake: (tenant: Tenant, taskId: string) => void
}
