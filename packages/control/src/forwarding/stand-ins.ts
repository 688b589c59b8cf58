import type { Logger } from 'pino'
import { askResolver } from '../aliases/ask-resolver.ts'
import { followAliases } from '../aliases/follow-aliases.ts'
import type { Context } from '../context.ts'
import { resolversOf } from '../dns-client/server-address.ts'
import type { Store } from '../store/store.ts'
import { serveForwards } from './listener.ts'
import { republishForwards } from './republish.ts'

/** What works for record sets that are answered with addresses which are not their values. */
export interface StandIns {
  /** Where visitors of names under URL forwarding are sent on, when that is here. */
  readonly redirectUrl: string | undefined
  readonly stop: () => Promise<void>
}

/** Starts the listener for URL forwarding, where one is asked for, and the look-ups for aliases. `store` writes no audit log. */
export async function startStandIns(
  { store, log, now, settings }: Pick<Context, 'store' | 'log' | 'now' | 'settings'>,
  redirect: { readonly hostname: string; readonly port: number } | undefined,
): Promise<StandIns> {
  const listener = redirect === undefined ? undefined : await serveForwards({ store, log }, redirect)
  if (listener !== undefined && settings.redirectAddresses.length === 0) {
    log.warn('names under URL forwarding are not answered: --redirect-address tells with what')
  }
  const republishing = republish(store, settings.redirectAddresses, log)
  const aliases = await followAliases({ store, log, now }, askResolver(resolversOf(settings)))
  return {
    redirectUrl: listener?.url,
    async stop() {
      await Promise.all([listener?.stop(), aliases.stop(), republishing])
    },
  }
}

/** Names keep what they were answered with until this is through, which may take a while where there are very many. */
async function republish(store: Store, addresses: readonly string[], log: Logger): Promise<void> {
  try {
    const count = await republishForwards(store, addresses)
    if (count > 0) log.info({ count, addresses }, 'names under URL forwarding have other addresses now')
  } catch (err) {
    log.error({ err }, 'names under URL forwarding keep their addresses until the next start')
  }
}
