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
})
