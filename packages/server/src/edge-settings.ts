import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { formatAddress } from './setting-kinds.ts'
import { environmentName, type SettingName, type Settings } from './settings.ts'
import { logLevel } from './start.ts'

/** What the edge is told that does not come from the settings as they are. */
export interface EdgePlace {
  readonly dns: string
  /** The data folder of the whole: what the operator puts there. */
  readonly operatorFolder: string
  readonly dataFolder: string
  readonly feedUrl: string
  readonly feedSecret: string
  readonly edgeId: string
}

/** The environment that the edge reads its settings from, as a child of `serve` and alone. */
export function edgeEnvironment(settings: Settings, place: EdgePlace): Record<string, string> {
  const metrics = settings['edge-metrics']
  const values: Partial<Record<SettingName, string>> = {
    dns: place.dns,
    data: place.dataFolder,
    'line-data': settings['line-data'] ?? join(place.operatorFolder, 'lines.bin'),
    'feed-url': place.feedUrl,
    'feed-secret': place.feedSecret,
    'edge-id': place.edgeId,
    'edge-metrics': metrics === undefined ? '' : formatAddress(metrics),
    workers: String(settings.workers || Math.max(1, availableParallelism() - 1)),
    'log-level': logLevel(settings),
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [environmentName(name), value]))
}
