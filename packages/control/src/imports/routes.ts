import { z } from 'zod'
import type { Context } from '../context.ts'
import { type Route, route } from '../http/route.ts'
import type { ZoneType } from '../store/store.ts'
import { exportWorkbook, MEDIA_TYPES } from './export.ts'
import { languageOf } from './file-params.ts'
import { templateWorkbook } from './formats/template.ts'
import { removeImport, showImport, submitImport } from './imports.ts'
import { Deleted, ImportEnvelope, Submitted } from './schemas.ts'
import { collect } from './stream.ts'

/** `en-us`, whatever its case; any other value is taken for `zh-cn`. */
const LocaleQuery = z.object({ locale: z.string().optional() })

/** The Excel import of API v2. Public and private zones have the same calls under different paths. */
const importRoutesOf = (zoneType: ZoneType): Route<Context>[] => {
  const infix = zoneType === 'private' ? 'private/' : ''
  const uploads = `/v2/zones/{zone_id}/import/${infix}recordsets`
  const permission = (verb: string) => `dns:${zoneType}Recordset:${verb}Import`
  const suffix = zoneType === 'private' ? 'Private' : 'Public'
  return [
    route<Context>({
      operation: `show${suffix}ImportTemplate`,
      method: 'GET',
      path: `/v2/templates/import/${infix}recordset`,
      summary: `The workbook to fill in for an import into a ${zoneType} zone.`,
      permission: null,
      query: LocaleQuery,
      responses: { 200: null },
      media: [MEDIA_TYPES.xlsx],
      handler: async ({ query }) => ({
        status: 200,
        bytes: await collect(templateWorkbook(zoneType, languageOf(query.locale))),
        headers: {
          'Content-Type': MEDIA_TYPES.xlsx,
          'Content-Disposition': 'attachment; filename="template.xlsx"',
        },
      }),
    }),
    route<Context>({
      operation: `create${suffix}Import`,
      method: 'POST',
      path: uploads,
      summary: `Import the first rows of a workbook into a ${zoneType} zone.`,
      permission: permission('create'),
      input: 'upload',
      responses: { 202: Submitted },
      handler: async (call, context) => ({
        status: 202,
        json: { task_id: (await submitImport(call, context, zoneType)).id },
      }),
    }),
    route<Context>({
      operation: `show${suffix}Import`,
      method: 'GET',
      path: uploads,
      summary: `Show the import of a ${zoneType} zone and its failed rows.`,
      permission: permission('get'),
      responses: { 200: ImportEnvelope },
      handler: async (call, context) => ({ status: 200, json: await showImport(call, context, zoneType) }),
    }),
    route<Context>({
      operation: `delete${suffix}Import`,
      method: 'DELETE',
      path: `/v2/zones/{zone_id}/import/${infix}tasks/{task_id}`,
      summary: `Delete an import of a ${zoneType} zone; what it created stays.`,
      permission: permission('delete'),
      responses: { 200: Deleted },
      handler: async (call, context) => {
        await removeImport(call, context, zoneType)
        return { status: 200, json: { code: 'DNS.0000', message: 'ok' } }
      },
    }),
  ]
}

/** Template, upload, query, delete and export of workbooks (API v2). */
export const importRoutes: readonly Route<Context>[] = [
  ...importRoutesOf('public'),
  ...importRoutesOf('private'),
  route<Context>({
    operation: 'exportZone',
    method: 'GET',
    path: '/v2/zones/{zone_id}/export',
    summary: 'The record sets of a zone as a workbook that can be imported again.',
    permission: 'dns:zone:getExport',
    query: LocaleQuery,
    responses: { 200: null },
    media: [MEDIA_TYPES.xlsx],
    handler: exportWorkbook,
  }),
]
