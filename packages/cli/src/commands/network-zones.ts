import type { Command, Invocation } from '../command.ts'
import { EXIT } from '../failures.ts'
import { networkId } from '../network-lookup.ts'
import { getZone, type ZoneBody } from '../zone-lookup.ts'

const ARGUMENTS = [
  { name: 'NETWORK', sentence: 'Name or id of the network.' },
  { name: 'ZONE', sentence: 'Id of the private zone, or its name where that is one zone.' },
] as const

async function send(call: Invocation, action: string): Promise<ZoneBody> {
  const router_id = await networkId(call.client, call.argument('NETWORK'))
  const zone = await getZone(call.client, call.argument('ZONE'))
  await call.client.json('POST', `/v2/zones/${zone.id}/${action}`, { json: { router: { router_id } } })
  return zone
}

export const networksAttach: Command = {
  name: 'networks attach',
  summary: 'Let a private network see a private zone, beside those that see it',
  arguments: ARGUMENTS,
  examples: [['networks attach branch corp.example', 'the zone is answered to the clients of branch, too']],
  async run(call) {
    const { name } = await send(call, 'associaterouter')
    call.print(`Network ${call.argument('NETWORK')} sees ${name}`)
    return EXIT.ok
  },
}

export const networksDetach: Command = {
  name: 'networks detach',
  summary: 'Hide a private zone from a network; the last one stays',
  arguments: ARGUMENTS,
  examples: [['networks detach branch corp.example', 'the clients of branch see it no longer']],
  async run(call) {
    const { name } = await send(call, 'disassociaterouter')
    call.print(`Network ${call.argument('NETWORK')} no longer sees ${name}`)
    return EXIT.ok
  },
}
