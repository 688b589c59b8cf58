import { RCODE_NOTAUTH, RCODE_REFUSED } from '@waymark/dns/message/header'
import { TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import {
  NO_ACCESS,
  NO_TRANSFERS,
  readAccess,
  readPolicy,
  type TransferAccess,
  type TransferPolicy,
} from '@waymark/dns/transfer/policy'
import { compareSerials } from '@waymark/dns/zone/serial'
import type { Log } from '../log.ts'
import { networkOf, visitOf } from '../network/network-of.ts'
import type { LiveTable } from '../source/live-table.ts'
import type { DnsAddress } from '../transport/worker-messages.ts'
import { LINE_DEFAULT, SPACE_PUBLIC, ZONE_NUMBER, ZONE_SERIAL, ZONE_SOA } from '../zone-table/layout.ts'
import { NameBuffer } from '../zone-table/name-buffer.ts'
import type { TableObserver } from '../zone-table/observer.ts'
import { TableView } from '../zone-table/view.ts'
import type { TableWriter } from '../zone-table/writer.ts'
import type { WrittenZone } from '../zone-table/written-zone.ts'
import { isAllowed } from './access.ts'
import { Catalog } from './catalog.ts'
import { Journal, joined } from './journal.ts'
import { Notifier, type NotifyCounts, noNotifies } from './notifier.ts'
import type { TransferKeys, TransferPlan, TransferRequest } from './plan.ts'
import { RecordList } from './record-list.ts'
import { SignedCopies } from './signed/signed-copies.ts'
import { soaOf } from './transfer-stream.ts'
import { keyId, keysById, type TsigKeys } from './tsig-session.ts'
import { takeImage } from './zone-image.ts'

/** The threads that answer, as far as transfers need them. */
export interface TransferThreads {
  readonly addresses: readonly DnsAddress[]
  setTransferKeys(keys: TransferKeys): void
  whenCurrent(): Promise<void>
}

/** A zone is announced at most this often: an import commits many times a second. */
const BETWEEN_MS = 100
const APEX = new Uint8Array()

/**
 * Transfers out, in the thread that writes the table: knows who may have what, remembers what has changed, tells secondaries, and
 * plans each transfer. The threads that answer carry the plans out.
 */
export class Transfers implements TableObserver {
  readonly #table: LiveTable
  readonly #log: Log
  readonly #catalog: Catalog
  readonly #journal = new Journal((zone) => zone.keys.length === 0 && this.#isOpen(zone))
  readonly #signed: SignedCopies
  /** Zones that are being signed before they are announced. */
  readonly #signing = new Set<string>()
  readonly #numbers = new Map<number, WrittenZone>()
  readonly #changed = new Set<string>()
  readonly #members = new Map<string, WrittenZone>()
  readonly #announcedAt = new Map<string, number>()
  readonly #own = new WeakMap<Uint8Array, TransferAccess>()
  /** What came of NOTIFY messages. */
  readonly notifies: NotifyCounts = noNotifies()
  #threads: TransferThreads | undefined
  #notifier: Notifier | undefined
  #policyOctets: Uint8Array = new Uint8Array()
  #policy: TransferPolicy = NO_TRANSFERS
  #keys: TsigKeys = new Map()
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Watches the table from now on. `catalogZone` is the name of the catalog, undefined for none. */
  constructor(table: LiveTable, catalogZone: string | undefined, log: Log, now?: () => number) {
    this.#table = table
    this.#log = log
    this.#signed = new SignedCopies(table, log, now)
    this.#catalog = new Catalog(catalogZone)
    table.onAdopt = (writer, seq) => this.#adopt(writer, seq)
    table.writer.observer = this
  }

  /** The threads are there: plans can be carried out, and secondaries are told what there is. */
  start(threads: TransferThreads): void {
    this.#threads = threads
    const onLost = (host: string, port: number): void =>
      this.#log.warn('a secondary does not answer NOTIFY', { host, port })
    this.#notifier = new Notifier(threads.addresses, onLost, this.notifies)
    threads.setTransferKeys(this.#policy.keys)
    this.#announceAll()
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#signed.stop()
    await this.#notifier?.stop()
    this.#notifier = undefined
  }

  /** What is kept of signed zones, and what it took to make it. */
  get signed(): { readonly sizeBytes: number; readonly signatures: number } {
    return this.#signed
  }

  /** Memory of the changes kept for IXFR. */
  get journalBytes(): number {
    return this.#journal.sizeBytes
  }

  groupReplaced(zone: WrittenZone, node: number, type: number, line: number, old: number, now: number): void {
    this.#journal.groupReplaced(zone, node, type, line, old, now)
    if (line === LINE_DEFAULT) this.#signed.groupReplaced(zone, node, type)
  }

  zoneChanged(zone: WrittenZone): void {
    this.#journal.forget(zone.id)
    this.#signed.zoneChanged(zone)
    this.#members.set(zone.id, zone)
    this.#changed.add(zone.id)
    if (this.#table.writer.zones.get(zone.id) === zone) this.#numbers.set(zone.number, zone)
    else this.#numbers.delete(zone.number)
  }

  committing(zone: WrittenZone, oldSerial: number, serial: number): void {
    this.#journal.commit(this.#table.writer, zone, oldSerial, serial)
    if (serial !== oldSerial) this.#changed.add(zone.id)
  }

  /** Frames were applied: secondaries hear of what they have changed. */
  tableMoved(): void {
    const { writer, seq, store } = this.#table
    if (writer.transferPolicy !== this.#policyOctets) this.#takePolicy(writer)
    if (this.#members.size > 0 && store !== '') {
      const zones = [...this.#members.values()]
      this.#members.clear()
      this.#catalog.update(zones, seq)
      // The catalog itself is among what it has changed.
      this.#members.clear()
    }
    if (this.#changed.size > 0) this.#wake(0)
  }

  /** What a request is answered with. */
  async plan(request: TransferRequest): Promise<TransferPlan> {
    const zone = this.#zoneFor(request)
    const access = zone === undefined ? this.#policy.access : this.#accessTo(zone)
    if (!isAllowed(access, request.source, request.keyName)) return { kind: 'refuse', rcode: RCODE_REFUSED }
    if (zone === undefined) return { kind: 'refuse', rcode: RCODE_NOTAUTH }
    return (await this.#planFor(zone, request)) ?? { kind: 'refuse', rcode: RCODE_NOTAUTH }
  }

  async #planFor(zone: WrittenZone, request: TransferRequest): Promise<TransferPlan | undefined> {
    const { view } = this.#table.writer
    const { serial } = request
    const soa = this.#soaList(zone)
    if (soa === undefined) return undefined
    // RFC 1995 2: who has this serial, or a newer one, is told the present one.
    const present = view.words[zone.offset + ZONE_SERIAL]! >>> 0
    if (serial !== undefined && compareSerials(serial, present) >= 0) return { kind: 'current', list: soa }
    if (this.#signed.isSigned(zone)) return await this.#planForSigned(zone.id, request)
    return this.#planForUnsigned(zone, soa, serial)
  }

  #planForUnsigned(zone: WrittenZone, soa: Uint8Array, serial: number | undefined): TransferPlan | undefined {
    const steps = serial === undefined ? undefined : this.#journal.since(zone, serial)
    if (steps !== undefined) return { kind: 'changes', list: joined([soa, ...steps, soa]) }
    const image = takeImage(this.#table.writer.view, zone)
    return image && { kind: 'image', image }
  }

  async #planForSigned(
    zoneId: string,
    { serial, source, keyName }: TransferRequest,
  ): Promise<TransferPlan | undefined> {
    const signed = await this.#signed.current(zoneId)
    if (signed === undefined) {
      // Signed no longer, or gone, while it was being signed.
      const zone = this.#table.writer.zones.get(zoneId)
      const soa = zone?.isAnswered ? this.#soaList(zone) : undefined
      return soa && this.#planForUnsigned(zone!, soa, undefined)
    }
    const { copy, history } = signed
    const client = `${source} ${keyName === undefined ? '' : keyId(keyName)}`
    const steps = serial === undefined ? undefined : history.since(serial, client)
    history.given(client)
    const { soaRecord, chunks } = copy
    if (steps !== undefined) return { kind: 'changes', list: joined([soaRecord, ...steps, soaRecord]) }
    return { kind: 'whole', lists: [soaRecord, ...chunks.map(({ octets }) => octets), soaRecord] }
  }

  #soaList(zone: WrittenZone): Uint8Array | undefined {
    const { words, octets } = this.#table.writer.view
    const group = words[zone.offset + ZONE_SOA]!
    if (group === 0) return undefined
    const list = new RecordList()
    const { ttl, rdata } = soaOf(words, octets, group, words[zone.offset + ZONE_SERIAL]! >>> 0)
    list.add(APEX, TYPE_SOA, ttl, rdata)
    return list.finish()
  }

  /** The zone of this name that whoever asks would be answered from: that of its network before the public one. */
  #zoneFor({ apex, source, listener }: TransferRequest): WrittenZone | undefined {
    const view = new TableView(this.#table.handle)
    const name = new NameBuffer()
    if (name.read(apex, 0, apex.length) < 0) return undefined
    name.hash(view.seed)
    const network = view.hasNetworks ? networkOf(visitOf(source, listener), view) : 0
    const offset = (network && privateZoneAt(view, name, network)) || view.zoneAt(name, 0, SPACE_PUBLIC)
    const zone = offset === 0 ? undefined : this.#numbers.get(view.words[offset + ZONE_NUMBER]!)
    return zone?.isAnswered ? zone : undefined
  }

  /** What is said for all zones is said for public ones: private zones are given to nobody who was not named for them. */
  #accessTo({ transferAccess, isPublic }: WrittenZone): TransferAccess {
    if (transferAccess.length === 0) return isPublic ? this.#policy.access : NO_ACCESS
    let access = this.#own.get(transferAccess)
    if (access === undefined) {
      access = readAccess(transferAccess) ?? NO_ACCESS
      this.#own.set(transferAccess, access)
    }
    return access
  }

  #isOpen = (zone: WrittenZone): boolean => this.#accessTo(zone).allow.length > 0

  #adopt(writer: TableWriter, seq: number): void {
    this.#table.writer.observer = undefined
    this.#journal.clear()
    this.#signed.tableReplaced()
    this.#members.clear()
    this.#numbers.clear()
    for (const zone of writer.zones.values()) this.#numbers.set(zone.number, zone)
    writer.observer = {
      groupReplaced() {},
      committing() {},
      zoneChanged: (zone) => {
        if (writer.zones.get(zone.id) === zone) this.#numbers.set(zone.number, zone)
        else this.#numbers.delete(zone.number)
      },
    }
    this.#catalog.fill(writer, seq)
    writer.observer = this
    this.#takePolicy(writer)
    for (const id of writer.zones.keys()) this.#changed.add(id)
    this.#wake(0)
  }

  #takePolicy(writer: TableWriter): void {
    this.#policyOctets = writer.transferPolicy
    this.#policy = readPolicy(writer.transferPolicy) ?? NO_TRANSFERS
    this.#keys = keysById(this.#policy.keys)
    this.#threads?.setTransferKeys(this.#policy.keys)
    this.#announceAll()
  }

  #announceAll(): void {
    for (const id of this.#table.writer.zones.keys()) this.#changed.add(id)
    this.#wake(0)
  }

  #wake(ms: number): void {
    if (this.#notifier === undefined) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#announceChanged()
    }, ms)
  }

  async #announceChanged(): Promise<void> {
    // Who is told asks at once, and is to find what it was told of.
    await this.#threads?.whenCurrent()
    const now = performance.now()
    for (const [id, at] of this.#announcedAt) if (now - at >= BETWEEN_MS) this.#announcedAt.delete(id)
    for (const id of this.#changed) {
      if (this.#announcedAt.has(id) || this.#signing.has(id)) continue
      this.#changed.delete(id)
      const zone = this.#table.writer.zones.get(id)
      if (zone === undefined || !this.#isToldOf(zone)) continue
      this.#announcedAt.set(id, now)
      if (this.#signed.isSigned(zone)) void this.#announceSigned(id)
      else this.#announce(zone)
    }
    if (this.#changed.size > 0) this.#wake(BETWEEN_MS)
  }

  /** Signs a zone before anybody is told of it: who is told waits for no more than seconds. */
  async #announceSigned(id: string): Promise<void> {
    this.#signing.add(id)
    try {
      await this.#signed.current(id)
    } catch {
      return
    } finally {
      this.#signing.delete(id)
    }
    const zone = this.#table.writer.zones.get(id)
    if (zone !== undefined && this.#isToldOf(zone)) this.#announce(zone)
  }

  #isToldOf = (zone: WrittenZone): boolean => zone.isAnswered && this.#accessTo(zone).notify.length > 0

  #announce(zone: WrittenZone): void {
    const { words, octets } = this.#table.writer.view
    const group = words[zone.offset + ZONE_SOA]!
    if (group === 0) return
    const targets = this.#accessTo(zone).notify.map((target) => ({
      ...target,
      key: target.keyName && this.#keys.get(keyId(target.keyName)),
    }))
    const soa = soaOf(words, octets, group, words[zone.offset + ZONE_SERIAL]! >>> 0)
    this.#notifier?.announce({ apex: zone.apex, soa, targets })
  }
}

/** The private zone of exactly this name that clients of the network see, or 0. */
function privateZoneAt(view: TableView, name: NameBuffer, network: number): number {
  const zone = view.findPrivateZone(name, 0, network)
  return zone !== 0 && view.labelsOf(zone) === name.labels ? zone : 0
}
