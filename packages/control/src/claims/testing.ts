import type { ControlSettings } from '../context.ts'
import { type NameServer, startNameServer } from '../dns-client/testing.ts'
import type { ClaimKind } from '../store/claim-calls.ts'
import { type Answer, type Lab, openLab, type Signer } from '../tenants/testing.ts'
import { CLAIM_LIFETIME_MS } from './claim.ts'

/** For tests only: a control plane with two accounts, and the DNS outside as it sees it. */

export type Caller = Signer & { readonly domain_id: string; readonly project_id: string }

export interface ClaimLab extends Lab {
  readonly outside: NameServer
  /** Has the zones that somebody else wants. */
  readonly holder: Caller
  readonly claimant: Caller
  /** `METHOD path` and a body, as the claimant. */
  ask(call: string, body?: object): Promise<Answer>
  makeZone(who: Caller, name: string): Promise<Answer>
  /** Lets the time of a claim of the claimant run out. */
  age(kind: ClaimKind, id: string): Promise<void>
}

export async function openClaimLab(settings: Partial<ControlSettings> = {}): Promise<ClaimLab> {
  const outside = await startNameServer()
  const nameServers = ['ns1.lab.example.', 'ns2.lab.example.']
  const lab = await openLab({ nameServers, resolvers: [outside.address], ...settings })
  const holder = await lab.makeAccount('holder')
  const claimant = await lab.makeAccount('claimant')
  return {
    ...lab,
    outside,
    holder,
    claimant,
    ask(call, body) {
      const [method, path] = call.split(' ') as [string, string]
      return lab.call(claimant, method, path, body)
    },
    makeZone: (who, name) => lab.call(who, 'POST', '/v2/zones', { name }),
    async age(kind, id) {
      const { store, now } = lab.control.context
      const tenant = { domainId: claimant.domain_id, projectId: claimant.project_id }
      const claim = (await store.findClaim(tenant, kind, id))!
      await store.transaction((tx) => tx.updateClaim({ ...claim, updatedAt: now() - CLAIM_LIFETIME_MS }))
    },
    async stop() {
      outside.stop()
      await lab.stop()
    },
  }
}
