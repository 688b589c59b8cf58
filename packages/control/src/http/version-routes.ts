import { z } from 'zod'
import type { Context } from '../context.ts'
import { identityVersion } from '../tenants/iam-routes.ts'
import { type Route, route } from './route.ts'

const Shape = z.record(z.string(), z.unknown())

/**
 * Version discovery. `GET /` answers for the DNS API and the identity API at once: both live on one host, and each
 * client picks its own entry.
 */
export const versionRoutes: readonly Route<Context>[] = [
  route({
    operation: 'listApiVersions',
    method: 'GET',
    path: '/',
    summary: 'Versions of the DNS API and of the identity API',
    permission: 'none',
    responses: { 200: Shape },
    handler: ({ baseUrl }) => ({
      status: 200,
      json: {
        versions: {
          values: [
            { status: 'CURRENT', id: 'v2', links: [{ href: `${baseUrl}/v2`, rel: 'self' }] },
            identityVersion(baseUrl),
          ],
        },
      },
    }),
  }),
  route({
    operation: 'showApiInfo',
    method: 'GET',
    path: '/v2',
    summary: 'Version of the DNS API',
    permission: 'none',
    responses: { 200: Shape },
    handler: ({ baseUrl }) => ({
      status: 200,
      json: {
        version: {
          status: 'CURRENT',
          id: 'v2',
          links: [{ href: `${baseUrl}/v2/`, rel: 'self' }],
          min_version: '',
          updated: '2018-09-18T00:00:00Z',
          version: '',
        },
      },
    }),
  }),
]
