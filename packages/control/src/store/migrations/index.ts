import { initial } from './0001-initial.ts'
import { lines } from './0002-lines.ts'
import { fewOfMany } from './0003-few-of-many.ts'
import { operationTasks } from './0004-operation-tasks.ts'
import { networks } from './0005-networks.ts'
import { access } from './0006-access.ts'
import { zoneKeys } from './0007-zone-keys.ts'
import { zoneClaims } from './0008-zone-claims.ts'
import { aliases } from './0009-aliases.ts'
import { bandwidths } from './0010-bandwidths.ts'
import { networkListeners } from './0011-network-listeners.ts'
import { secondaryZones } from './0012-secondary-zones.ts'
import { transfers } from './0013-transfers.ts'
import { announcedKeys } from './0014-announced-keys.ts'
import type { Migration } from './migration.ts'

/** Every step, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  initial,
  lines,
  fewOfMany,
  operationTasks,
  networks,
  access,
  zoneKeys,
  zoneClaims,
  aliases,
  bandwidths,
  networkListeners,
  secondaryZones,
  transfers,
  announcedKeys,
]
