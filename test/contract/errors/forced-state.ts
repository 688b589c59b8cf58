import type { CustomLine, RecordSet, ZoneStatus } from '../../../packages/control/src/store/store.ts'
import type { ContractLab } from '../contract-lab.ts'

/** States that no call of the API leads to: the operator of an installation sets them. */

const tenantOf = ({ owner }: ContractLab) => ({ domainId: owner.domain_id, projectId: owner.project_id })

export async function setZoneStatus(lab: ContractLab, zoneId: string, status: ZoneStatus): Promise<void> {
  const { store } = lab.control.context
  const zone = (await store.findZone(tenantOf(lab), zoneId))!
  await store.transaction((tx) => tx.updateZone({ ...zone, status }))
}

export async function freezeRecordSet(lab: ContractLab, zoneId: string, id: string): Promise<void> {
  const { store } = lab.control.context
  const row = (await store.findRecordSet(tenantOf(lab), zoneId, id))!
  const status: RecordSet['status'] = 'FREEZE'
  await store.transaction((tx) => tx.updateRecordSet({ ...row, status }))
}

export async function freezeLine(lab: ContractLab, lineId: string): Promise<void> {
  const { store } = lab.control.context
  const line = (await store.listCustomLines(tenantOf(lab))).find((each) => each.lineId === lineId)!
  const status: CustomLine['status'] = 'FREEZE'
  await store.transaction((tx) => tx.updateCustomLine({ ...line, status }))
}

export async function freezePtr(lab: ContractLab, ptrId: string): Promise<void> {
  const { store } = lab.control.context
  await store.transaction(async (tx) => {
    const ptr = (await tx.findPtr(tenantOf(lab), ptrId))!
    await tx.updatePtr({ ...ptr, status: 'FREEZE' })
  })
}
