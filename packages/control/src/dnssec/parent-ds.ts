import { TYPE_DS } from '@waymark/dns/rr-types/type-codes'
import type { ControlSettings } from '../context.ts'
import { lookUp } from '../dns-client/look-up.ts'
import { resolversOf } from '../dns-client/server-address.ts'
import { wireApex } from './bodies.ts'

/** Whether the resolvers of the settings see a DS of the zone at its parent. What cannot be found out is taken for no. */
export async function hasDsAtParent(
  settings: Pick<ControlSettings, 'resolvers'>,
  apex: string,
): Promise<boolean> {
  const answer = await lookUp(resolversOf(settings), wireApex(apex), TYPE_DS)
  return answer?.records.some(({ type }) => type === TYPE_DS) ?? false
}
