import { isIP } from 'node:net'
import { formatName, lowerName, type WireName } from '@waymark/dns/name'
import type { Context } from '../context.ts'
import type { TransferTry } from '../store/secondary-calls.ts'
import type { Tenant, Zone } from '../store/store.ts'
import { ASK_LIMITS, type AskLimits } from './ask-primary.ts'
import { type Refreshed, type Refreshing, refreshZone } from './refresh-zone.ts'

const TICK_MS = 500
/** Transfers at one time. */
const AT_ONCE = 4

export interface KeeperOptions {
  readonly keyOf: Refreshing['keyOf']
  readonly limits?: Partial<AskLimits>
  readonly tickMs?: number
  /** Told of each try. */
  readonly onTry?: (made: TransferTry) => void
}

/**
 * Keeps the secondary zones of an installation up to date: tries them when they are due, when a primary sends a NOTIFY, and when
 * somebody asks for it. A zone is tried once at a time on this node; a NOTIFY that arrives meanwhile has it tried again
 * afterwards, for it may tell of what the running try has not seen.
 */
export class ZoneKeeper {
  readonly #context: Context
  readonly #refreshing: Refreshing
  readonly #options: KeeperOptions
  readonly #running = new Map<string, Promise<Refreshed | undefined>>()
  readonly #again = new Set<string>()
  #timer: ReturnType<typeof setInterval> | undefined
  #isLooking = false
  #isStopped = false

  constructor(context: Context, options: KeeperOptions) {
    this.#context = context
    this.#options = options
    const limits = { ...ASK_LIMITS, ...options.limits }
    this.#refreshing = { context, keyOf: options.keyOf, limits, random: Math.random }
  }

  start(): void {
    this.#timer = setInterval(() => void this.#look(), this.#options.tickMs ?? TICK_MS)
    this.#timer.unref()
  }

  /** Waits for what is running to end. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearInterval(this.#timer)
    await Promise.allSettled(this.#running.values())
  }

  /** Tries a zone now, or after the try that is running. */
  async refresh(
    tenant: Tenant,
    zoneId: string,
    reason: TransferTry['reason'],
    isWhole = false,
  ): Promise<Refreshed | undefined> {
    await this.#running.get(zoneId)
    return this.#run(tenant, zoneId, reason, isWhole)
  }

  /** A NOTIFY (RFC 1996) for a zone has come from `source`. Has the zones of this name tried of which it is a primary; how many these are. */
  async notified(apex: WireName, source: string): Promise<number> {
    if (this.#isStopped) return 0
    const { store } = this.#context
    const name = formatName(lowerName(apex))
    const zones = [
      ...(await store.zonesByApex(name, 'public')),
      ...(await store.zonesByApex(name, 'private')),
    ]
    const meant = zones.filter((zone) => zone.status !== 'DISABLE' && isPrimaryOf(zone, source))
    for (const zone of meant) {
      if (this.#running.has(zone.id)) this.#again.add(zone.id)
      else void this.#run(zone, zone.id, 'notify')
    }
    return meant.length
  }

  async #look(): Promise<void> {
    const free = AT_ONCE - this.#running.size
    if (this.#isLooking || this.#isStopped || free <= 0) return
    this.#isLooking = true
    const { store, now, log } = this.#context
    try {
      for (const { zoneId, nextAt, ...tenant } of await store.dueTransfers(now(), free)) {
        if (this.#running.has(zoneId)) continue
        // Another node may look at the same moment; should this one die, the zone is due again later.
        const until = now() + this.#refreshing.limits.totalMs
        const isOurs = await store.transaction((tx) => tx.claimTransfer(zoneId, nextAt, until))
        if (isOurs) void this.#run(tenant, zoneId, 'timer')
      }
    } catch (err) {
      log.warn({ err }, 'secondary zones that are due could not be found')
    } finally {
      this.#isLooking = false
    }
  }

  #run(
    { domainId, projectId }: Tenant,
    zoneId: string,
    reason: TransferTry['reason'],
    isWhole = false,
  ): Promise<Refreshed | undefined> {
    if (this.#isStopped) return Promise.resolve(undefined)
    const tenant = { domainId, projectId }
    const run = refreshZone(this.#refreshing, tenant, zoneId, reason, isWhole)
      .then((refreshed) => {
        if (refreshed !== undefined) this.#report(refreshed)
        return refreshed
      })
      .catch((err) => {
        this.#context.log.error({ err, zoneId }, 'secondary zone could not be tried')
        return undefined
      })
      .finally(() => {
        this.#running.delete(zoneId)
        if (this.#again.delete(zoneId)) void this.#run(tenant, zoneId, 'notify')
      })
    this.#running.set(zoneId, run)
    return run
  }

  #report({ zone, made, state }: Refreshed): void {
    this.#options.onTry?.(made)
    const { log } = this.#context
    const { reason, primary, outcome, serial, records, durationMs, error } = made
    const facts = { zone: zone.name, reason, primary, outcome, serial, records, durationMs, error }
    if (outcome === 'failed') {
      const expiresAt = state.expiresAt === null ? null : new Date(state.expiresAt).toISOString()
      log.warn({ ...facts, expiresAt, failures: state.failures }, 'secondary zone not refreshed')
    } else if (outcome === 'current') log.debug(facts, 'secondary zone is current')
    else log.info(facts, 'secondary zone transferred')
  }
}

const isPrimaryOf = (zone: Zone, source: string): boolean =>
  zone.primaries.some(({ host }) => plainAddress(host) === plainAddress(source))

/** One spelling for each address; an IPv4 address that came in by an IPv6 socket is one. */
function plainAddress(text: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)
  if (mapped !== null) return mapped[1]!
  return isIP(text) === 6 ? new URL(`http://[${text}]`).hostname : text
}
