// Entry of the edge under the supervisor of `waymark serve`.
import { exitWithParent } from './exit-with-parent.ts'

exitWithParent()
await import('@waymark/edge/main')
