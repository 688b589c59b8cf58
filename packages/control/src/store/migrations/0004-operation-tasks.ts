import type { Migration } from './migration.ts'

/** Tasks over many zones of an account: they have no zone of their own, and an item can have several outcomes or none. */
export const operationTasks: Migration = {
  name: '0004-operation-tasks',
  statements: ({ integer }) => [
    'alter table task alter column zone_id drop not null',
    `alter table task add column item_count ${integer} not null default 0`,
    'update task set item_count = total_count',
    'create index task_operation on task (domain_id, created_at, id) where zone_id is null',
  ],
}
