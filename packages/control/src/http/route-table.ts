import { auditRoutes } from '../audit/routes.ts'
import { claimRoutes } from '../claims/routes.ts'
import type { Context } from '../context.ts'
import { dnssecKeyRoutes } from '../dnssec/key-routes.ts'
import { dnssecRoutes } from '../dnssec/routes.ts'
import { explainRoutes } from '../explain/routes.ts'
import type { EdgePositions } from '../feed/edge-positions.ts'
import { fileRoutes } from '../imports/file-routes.ts'
import { importRoutes } from '../imports/routes.ts'
import { instanceRoutes } from '../instances/routes.ts'
import { lineRoutes } from '../lines/routes.ts'
import { registryRoutes } from '../networks/routes.ts'
import { vpcRoutes } from '../networks/vpc-routes.ts'
import { ptrRoutes } from '../ptrs/routes.ts'
import { quotaRoutes } from '../quotas/routes.ts'
import { recordSetBatchRoutes } from '../record-sets/batch-routes.ts'
import { healthCheckRoutes } from '../record-sets/health-check-routes.ts'
import { recordSetRoutes } from '../record-sets/routes.ts'
import { resolverRoutes } from '../resolver/routes.ts'
import { tagRoutes } from '../tags/routes.ts'
import { operationRoutes } from '../tasks/operations/routes.ts'
import { batchTaskRoutes } from '../tasks/routes.ts'
import { transferRoutes } from '../transfers/routes.ts'
import { zoneBatchRoutes } from '../zones/batch-routes.ts'
import { detectionRoutes } from '../zones/detection-routes.ts'
import { nameServerRoutes } from '../zones/name-server-routes.ts'
import { privateZoneRoutes } from '../zones/private-zone-routes.ts'
import { zoneRoutes } from '../zones/routes.ts'
import type { Route } from './route.ts'
import { versionRoutes } from './version-routes.ts'

/** How long the detection of a domain waits for edges that are just about to answer a change. */
const EDGES_MS = 1000

/** The routes of the API and of our extensions, feature by feature. */
export const apiRoutes = (edges: EdgePositions): readonly Route<Context>[] => [
  ...versionRoutes,
  ...auditRoutes,
  ...zoneRoutes,
  ...zoneBatchRoutes,
  ...privateZoneRoutes,
  ...nameServerRoutes,
  ...claimRoutes,
  ...dnssecRoutes,
  ...dnssecKeyRoutes,
  ...recordSetRoutes,
  ...recordSetBatchRoutes,
  ...healthCheckRoutes,
  ...lineRoutes,
  ...tagRoutes,
  ...quotaRoutes,
  ...instanceRoutes,
  ...batchTaskRoutes,
  ...operationRoutes,
  ...importRoutes,
  ...registryRoutes,
  ...vpcRoutes,
  ...ptrRoutes,
  ...transferRoutes,
  ...resolverRoutes,
  ...detectionRoutes((seq) => edges.whenAnswered(seq, EDGES_MS)),
  ...explainRoutes(edges.questions),
  ...fileRoutes((seq) => edges.isAnswered(seq)),
]
