import type { OperationTaskKind, ZoneTaskKind } from '../../store/store.ts'
import { createRecordSetsKind } from './create-record-sets.ts'
import { importFileKind } from './import-file.ts'
import { importWorkbookKind } from './import-workbook.ts'
import type { Kind } from './kind.ts'
import type { OperationKind } from './operation-kind.ts'

/** Every kind of task on one zone, by the name under which its tasks are stored. */
export const KINDS: Readonly<Record<ZoneTaskKind, Kind>> = {
  create_record_sets: createRecordSetsKind as Kind,
  import_workbook: importWorkbookKind as Kind,
  import_file: importFileKind as Kind,
}

/** Every kind of task over many zones. */
export const OPERATION_KINDS = {} as Readonly<Record<OperationTaskKind, OperationKind>>
