import type { Context } from '../context.ts'
import type { Route } from '../http/route.ts'
import { endpointRoutes } from './endpoint-routes.ts'
import { queryLogRoutes } from './query-log-routes.ts'
import { ruleRoutes } from './rule-routes.ts'

/** Everything of the resolver. */
export const resolverRoutes: readonly Route<Context>[] = [...endpointRoutes, ...ruleRoutes, ...queryLogRoutes]
