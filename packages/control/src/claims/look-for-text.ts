import { decodeRdatas } from '@waymark/dns/feed-codec'
import { formatName, lowerName, type WireName } from '@waymark/dns/name'
import { TYPE_TXT } from '@waymark/dns/rr-types/type-codes'
import type { Context } from '../context.ts'
import { textOf, textsIn } from '../dns-client/answers.ts'
import { lookUp } from '../dns-client/look-up.ts'
import { resolversOf } from '../dns-client/server-address.ts'
import { namesAbove } from '../zones/zone-name.ts'

/** Whether the resolvers of the settings see a TXT record of this name that says `text`. */
export async function isTextSeen({ settings }: Context, name: WireName, text: string): Promise<boolean> {
  const answer = await lookUp(resolversOf(settings), name, TYPE_TXT)
  return answer !== undefined && textsIn(answer, name).includes(text)
}

/** Whether the public zone here that the name lies in, whoever has it, answers a TXT record that says `text`. */
export async function isTextHosted({ store }: Context, name: WireName, text: string): Promise<boolean> {
  const owner = formatName(lowerName(name))
  const names = namesAbove(owner)
  const hosted = await store.publicZonesAt(names)
  const apex = names.find((above) => hosted.some((zone) => zone.apex === above))
  const zone = hosted.find((each) => each.apex === apex)
  if (zone?.status !== 'ACTIVE') return false
  const sets = await store.recordSetsAt(zone.id, [owner])
  return sets.some(
    ({ type, status, rdatas }) =>
      type === 'TXT' &&
      status === 'ACTIVE' &&
      rdatas !== null &&
      decodeRdatas(rdatas).some((rdata) => textOf(rdata) === text),
  )
}
