import { z } from 'zod'

/** Body of `POST /waymark/v1/feed/position`. */
export const PositionReport = z.object({
  /** Name of the edge, its own choice. */
  edge: z.string().min(1).max(128),
  seq: z.int().nonnegative(),
  /** The store that `seq` is a position of. */
  store: z.string(),
  /** Addresses on which it answers. */
  dns: z.array(z.string()),
  zones: z.int().nonnegative(),
  recordSets: z.int().nonnegative(),
  startedAt: z.number(),
  /** From here on: what edges of older versions leave out. */
  version: z.string().max(64).optional(),
  memoryBytes: z.number().nonnegative().optional(),
  tableBytes: z.number().nonnegative().optional(),
  queries: z.number().nonnegative().optional(),
  queriesPerSecond: z.number().nonnegative().optional(),
  /** When its line data was made; 0 where that is not known. */
  lineDataAt: z.number().nonnegative().optional(),
  transfers: z.number().nonnegative().optional(),
  transfersFailed: z.number().nonnegative().optional(),
  transfersRunning: z.number().nonnegative().optional(),
  notifyLost: z.number().nonnegative().optional(),
})
