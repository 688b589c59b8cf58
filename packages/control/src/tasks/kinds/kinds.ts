import type { OperationTaskKind, ZoneTaskKind } from '../../store/store.ts'
import { createCombinedKind } from './create-combined.ts'
import { createInZonesKind } from './create-in-zones.ts'
import { createRecordSetsKind } from './create-record-sets.ts'
import { createZonesKind } from './create-zones.ts'
import { deleteInZonesKind } from './delete-in-zones.ts'
import { importFileKind } from './import-file.ts'
import { importWorkbookKind } from './import-workbook.ts'
import type { Kind } from './kind.ts'
import type { OperationKind } from './operation-kind.ts'
import { transferZonesKind } from './transfer-zones.ts'
import { updateInZonesKind } from './update-in-zones.ts'

/** Every kind of task on one zone, by the name under which its tasks are stored. */
export const KINDS: Readonly<Record<ZoneTaskKind, Kind>> = {
  create_record_sets: createRecordSetsKind as Kind,
  import_workbook: importWorkbookKind as Kind,
  import_file: importFileKind as Kind,
}

/** Every kind of task over many zones. */
export const OPERATION_KINDS: Readonly<Record<OperationTaskKind, OperationKind>> = {
  create_in_zones: createInZonesKind as OperationKind,
  create_combined: createCombinedKind as OperationKind,
  update_in_zones: updateInZonesKind as OperationKind,
  delete_in_zones: deleteInZonesKind as OperationKind,
  create_zones: createZonesKind as OperationKind,
  transfer_zones: transferZonesKind as OperationKind,
}
