import { type FileRow, importFileKind } from './import-file.ts'
import type { Kind } from './kind.ts'

/** The Excel import of API v2: one task a zone, its rows stored like those of our own file import. */
export const importWorkbookKind: Kind<FileRow> = {
  ...importFileKind,
  name: 'import_workbook',
  slot: (zoneId) => `import:${zoneId}`,
  replacesFinished: () => true,
}
