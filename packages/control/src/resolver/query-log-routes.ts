import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { readPage, type Sorting } from '../http/paging.ts'
import { type Call, type Route, route } from '../http/route.ts'
import {
  addNetwork,
  createQueryLogConfig,
  removeNetwork,
  removeQueryLogConfig,
  showQueryLogConfig,
} from './query-logs.ts'
import {
  NewQueryLogBody,
  QueryLogBody,
  QueryLogList,
  QueryLogQuery,
  queryLogBody,
  VpcOfLogBody,
} from './schemas.ts'

const ALL = '/v2/resolver/queryloggingconfig'
const ONE = `${ALL}/{config_id}`
const SORTING: Sorting = { keys: [], defaultKey: 'id', defaultDir: 'asc', dirOfKey: 'asc' }

const configIdOf = ({ params }: Call): string => params.config_id!.toLowerCase()

/** Where the queries of private networks are to be logged. Kept and checked; nothing is logged yet. */
export const queryLogRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'createResolverQueryLogConfig',
    method: 'POST',
    path: ALL,
    summary: 'Create a query log configuration for a first private network',
    permission: 'dns:resolverQueryLogConfig:create',
    input: 'json',
    bodySchema: NewQueryLogBody,
    responses: { 202: QueryLogBody },
    async handler(call, context) {
      const config = await createQueryLogConfig(context, call.tenant, call.body)
      return { status: 202, json: { resolver_query_log_config: queryLogBody(config) } }
    },
  }),
  route<Context>({
    operation: 'listResolverQueryLogConfigs',
    method: 'GET',
    path: ALL,
    summary: 'List query log configurations',
    permission: 'dns:resolverQueryLogConfig:list',
    query: QueryLogQuery,
    responses: { 200: QueryLogList },
    async handler(call, context) {
      const { vpc_id: vpcId, limit: sentLimit, marker: after } = call.query
      if (after !== undefined && !/^[0-9a-zA-Z]{1,32}$/.test(after)) throw apiError('MARKER_INVALID')
      const { limit } = readPage(sentLimit === undefined ? {} : { limit: sentLimit }, SORTING)
      const filter = { networkId: vpcId?.toLowerCase() }
      const { rows, hasMore } = await context.store.listQueryLogConfigs(call.tenant, filter, { limit, after })
      return {
        status: 200,
        json: {
          resolver_query_log_configs: rows.map(queryLogBody),
          page_info: {
            previous_marker: null,
            next_marker: hasMore ? rows.at(-1)!.id : null,
            current_count: rows.length,
          },
        },
      }
    },
  }),
  route<Context>({
    operation: 'showResolverQueryLogConfig',
    method: 'GET',
    path: ONE,
    summary: 'Show a query log configuration',
    permission: 'dns:resolverQueryLogConfig:get',
    responses: { 200: QueryLogBody },
    async handler(call, context) {
      const config = await showQueryLogConfig(context, call.tenant, configIdOf(call))
      return { status: 200, json: { resolver_query_log_config: queryLogBody(config) } }
    },
  }),
  route<Context>({
    operation: 'deleteResolverQueryLogConfig',
    method: 'DELETE',
    path: ONE,
    summary: 'Delete a query log configuration',
    permission: 'dns:resolverQueryLogConfig:delete',
    responses: { 204: null },
    async handler(call, context) {
      await removeQueryLogConfig(context, call.tenant, configIdOf(call))
      return { status: 204 }
    },
  }),
  route<Context>({
    operation: 'associateResolverQueryLogConfig',
    method: 'POST',
    path: `${ONE}/associatevpc`,
    summary: 'Log the queries of one more private network',
    permission: 'dns:resolverQueryLogConfig:associateVpc',
    input: 'json',
    bodySchema: VpcOfLogBody,
    responses: { 202: QueryLogBody },
    async handler(call, context) {
      const config = await addNetwork(context, call.tenant, configIdOf(call), call.body)
      return { status: 202, json: { resolver_query_log_config: queryLogBody(config) } }
    },
  }),
  route<Context>({
    operation: 'disassociateResolverQueryLogConfig',
    method: 'POST',
    path: `${ONE}/disassociatevpc`,
    summary: 'Stop logging the queries of a private network',
    permission: 'dns:resolverQueryLogConfig:disassociateVpc',
    input: 'json',
    bodySchema: VpcOfLogBody,
    responses: { 202: QueryLogBody },
    async handler(call, context) {
      const config = await removeNetwork(context, call.tenant, configIdOf(call), call.body)
      return { status: 202, json: { resolver_query_log_config: queryLogBody(config) } }
    },
  }),
]
