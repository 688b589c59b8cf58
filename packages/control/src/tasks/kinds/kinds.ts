import type { TaskKind } from '../../store/store.ts'
import { createRecordSetsKind } from './create-record-sets.ts'
import { importFileKind } from './import-file.ts'
import { importWorkbookKind } from './import-workbook.ts'
import type { Kind } from './kind.ts'

/** Every kind of task, by the name under which its tasks are stored. */
export const KINDS: Readonly<Record<TaskKind, Kind>> = {
  create_record_sets: createRecordSetsKind as Kind,
  import_workbook: importWorkbookKind as Kind,
  import_file: importFileKind as Kind,
}
