import type { Command } from '../command.ts'
import { accountsCreate, accountsDisable, accountsEnable, accountsList, accountsRename } from './accounts.ts'
import { addressesCreate, addressesDelete, addressesList } from './addresses.ts'
import { auditExport, auditList } from './audit.ts'
import { bench } from './bench.ts'
import { dnssecConfirmDs, dnssecDisable, dnssecEnable, dnssecRoll, dnssecShow } from './dnssec.ts'
import { edgeStatus } from './edge-status.ts'
import { explain } from './explain.ts'
import { exportCommand } from './export.ts'
import { zonesFollow, zonesPrimaries, zonesTransfer, zonesUnfollow } from './follow.ts'
import { importCommand } from './import.ts'
import { keysCreate, keysDelete, keysDisable, keysEnable, keysList } from './keys.ts'
import { lineData } from './line-data.ts'
import {
  lineGroupsCreate,
  lineGroupsDelete,
  lineGroupsList,
  lineGroupsUpdate,
  linesCreate,
  linesDelete,
  linesList,
  linesUpdate,
} from './lines.ts'
import { networksAttach, networksDetach } from './network-zones.ts'
import {
  networksAddSubnet,
  networksCreate,
  networksDelete,
  networksList,
  networksRemoveSubnet,
  networksShow,
  networksUpdate,
} from './networks.ts'
import { projectsCreate, projectsList } from './projects.ts'
import { recordsCreate, recordsDelete, recordsList, recordsShow, recordsUpdate } from './records.ts'
import { control, edge, serve } from './serve.ts'
import { tasksDelete, tasksFailed, tasksList, tasksShow, tasksWatch } from './tasks.ts'
import { token } from './token.ts'
import {
  transfersCreateKey,
  transfersDeleteKey,
  transfersKeys,
  transfersReset,
  transfersShow,
  transfersUpdate,
} from './transfers.ts'
import { usersCreate, usersDelete, usersList, usersPassword, usersShow, usersUpdate } from './users.ts'
import { whoami } from './whoami.ts'
import { zonesCreate, zonesDelete, zonesList, zonesShow, zonesUpdate } from './zones.ts'

/** Every command, under the heading it has in `waymark --help`. */
export const COMMANDS: readonly (readonly [heading: string, commands: readonly Command[]])[] = [
  ['Run', [serve, control, edge, edgeStatus, lineData]],
  ['Bulk', [importCommand, exportCommand, tasksList, tasksShow, tasksWatch, tasksFailed, tasksDelete]],
  ['Zones', [zonesList, zonesShow, zonesCreate, zonesUpdate, zonesDelete]],
  ['Secondary zones', [zonesFollow, zonesPrimaries, zonesTransfer, zonesUnfollow]],
  [
    'Transfers',
    [
      ...[transfersShow, transfersUpdate, transfersReset],
      ...[transfersKeys, transfersCreateKey, transfersDeleteKey],
    ],
  ],
  ['DNSSEC', [dnssecShow, dnssecEnable, dnssecDisable, dnssecRoll, dnssecConfirmDs]],
  ['Record sets', [recordsList, recordsShow, recordsCreate, recordsUpdate, recordsDelete, explain]],
  [
    'Lines',
    [
      ...[linesList, linesCreate, linesUpdate, linesDelete],
      ...[lineGroupsList, lineGroupsCreate, lineGroupsUpdate, lineGroupsDelete],
    ],
  ],
  [
    'Users and keys',
    [
      ...[usersList, usersShow, usersCreate, usersUpdate, usersPassword, usersDelete],
      ...[keysList, keysCreate, keysDisable, keysEnable, keysDelete],
    ],
  ],
  [
    'Accounts',
    [
      ...[accountsList, accountsCreate, accountsRename, accountsDisable, accountsEnable],
      ...[projectsList, projectsCreate, auditList, auditExport],
    ],
  ],
  [
    'Networks and addresses',
    [
      networksList,
      networksShow,
      networksCreate,
      networksUpdate,
      networksAddSubnet,
      networksRemoveSubnet,
      networksDelete,
      networksAttach,
      networksDetach,
      addressesList,
      addressesCreate,
      addressesDelete,
    ],
  ],
  ['Other', [whoami, token, bench]],
]
