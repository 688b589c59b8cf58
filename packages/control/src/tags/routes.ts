import { z } from 'zod'
import type { Context } from '../context.ts'
import { type Call, type Route, route } from '../http/route.ts'
import { searchByTags } from './search.ts'
import { taggedKind } from './tagged-kinds.ts'
import { changeTagsInBatch, putTag, type ResourcePath, removeTag, showTags } from './tags.ts'

const TagBody = z.object({ key: z.string(), value: z.string().optional() })
const TagsBody = z.strictObject({ tags: z.array(z.strictObject({ key: z.string(), value: z.string() })) })
const KeyBody = z.strictObject({ key: z.string(), values: z.array(z.string()) })
const Conditions = z
  .array(z.object({ key: z.string(), values: z.array(z.string()).max(10).optional() }))
  .max(10)
  .optional()
const SearchBody = z.looseObject({
  action: z.enum(['filter', 'count']),
  limit: z.union([z.int(), z.string()]).optional(),
  offset: z.union([z.int(), z.string()]).optional(),
  tags: Conditions,
  tags_any: Conditions,
  not_tags: Conditions,
  not_tags_any: Conditions,
  matches: z.array(z.object({ key: z.literal('resource_name'), value: z.string().optional() })).optional(),
})
const FoundBody = z.strictObject({
  resources: z
    .array(
      z.strictObject({
        resource_id: z.string(),
        resource_name: z.string(),
        resource_detail: z.null(),
        tags: TagsBody.shape.tags,
      }),
    )
    .optional(),
  total_count: z.int(),
})

const OF_KIND = '/v2/{project_id}/{resource_type}'
const OF_ONE = `${OF_KIND}/{resource_id}/tags`
const pathOf = ({ params }: Call) => params as unknown as ResourcePath

/** Tags of zones and record sets. */
export const tagRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'createTag',
    method: 'POST',
    path: OF_ONE,
    summary: 'Give a resource a tag',
    permission: 'dns:tag:set',
    input: 'json',
    bodySchema: z.looseObject({ tag: TagBody }),
    responses: { 204: null },
    async handler(call, context) {
      await putTag(context, call.tenant, pathOf(call), call.body)
      return { status: 204 }
    },
  }),
  route<Context>({
    operation: 'batchCreateTag',
    method: 'POST',
    path: `${OF_ONE}/action`,
    summary: 'Give a resource several tags, or remove several',
    permission: 'dns:tag:set',
    input: 'json',
    bodySchema: z.looseObject({ action: z.enum(['create', 'delete']), tags: z.array(TagBody).min(1) }),
    responses: { 204: null },
    async handler(call, context) {
      await changeTagsInBatch(context, call.tenant, pathOf(call), call.body)
      return { status: 204 }
    },
  }),
  route<Context>({
    operation: 'deleteTag',
    method: 'DELETE',
    path: `${OF_ONE}/{key}`,
    summary: 'Remove a tag of a resource',
    permission: 'dns:tag:set',
    responses: { 204: null },
    async handler(call, context) {
      await removeTag(context, call.tenant, { ...pathOf(call), key: call.params.key! })
      return { status: 204 }
    },
  }),
  route<Context>({
    operation: 'showResourceTag',
    method: 'GET',
    path: OF_ONE,
    summary: 'Show the tags of a resource',
    permission: 'dns:tag:get',
    responses: { 200: TagsBody },
    handler: async (call, context) => ({
      status: 200,
      json: { tags: await showTags(context, call.tenant, pathOf(call)) },
    }),
  }),
  route<Context>({
    operation: 'listTags',
    method: 'GET',
    path: `${OF_KIND}/tags`,
    summary: 'List the tags in use for a kind of resource',
    permission: 'dns:tag:get',
    responses: { 200: z.strictObject({ tags: z.array(KeyBody) }) },
    handler: async ({ tenant, params }, { store }) => ({
      status: 200,
      json: { tags: await taggedKind(params.resource_type!).listInUse(store, tenant) },
    }),
  }),
  route<Context>({
    operation: 'listTag',
    method: 'POST',
    path: `${OF_KIND}/resource_instances/action`,
    summary: 'Find or count resources by their tags',
    permission: 'dns:tag:get',
    input: 'json',
    bodySchema: SearchBody,
    responses: { 200: FoundBody },
    async handler({ tenant, params, body }, context) {
      const { rows, total } = await searchByTags(context, tenant, params.resource_type!, body)
      const resources = rows?.map(({ id, name, tags }) => ({
        resource_id: id,
        resource_name: name,
        resource_detail: null,
        tags,
      }))
      return { status: 200, json: { ...(resources ? { resources } : {}), total_count: total } }
    },
  }),
]
