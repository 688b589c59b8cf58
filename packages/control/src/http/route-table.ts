import type { Context } from '../context.ts'
import { importRoutes } from '../imports/routes.ts'
import { batchTaskRoutes } from '../tasks/routes.ts'
import type { Route } from './route.ts'
import { versionRoutes } from './version-routes.ts'

/** The routes of the DNS API, feature by feature. Those that need parts of the running server are added by `control.ts`. */
export const apiRoutes: readonly Route<Context>[] = [...versionRoutes, ...batchTaskRoutes, ...importRoutes]
