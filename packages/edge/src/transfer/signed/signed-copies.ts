import { formatName } from '@waymark/dns/name'
import { compareSerials } from '@waymark/dns/zone/serial'
import type { ZoneSigner } from '../../dnssec/zone-signer.ts'
import { type Log, reasonOf } from '../../log.ts'
import type { LiveTable } from '../../source/live-table.ts'
import { NODE_NAME, ZONE_SERIAL, ZONE_SOA } from '../../zone-table/layout.ts'
import type { WrittenZone } from '../../zone-table/written-zone.ts'
import { RecordList } from '../record-list.ts'
import { soaOf } from '../transfer-stream.ts'
import { takeImage } from '../zone-image.ts'
import { buildCopy, type CopySource, type SignedCopy } from './build-copy.ts'
import { type Capture, captureAll, captureSome } from './capture.ts'
import { CopyChanges } from './copy-changes.ts'
import type { CopyHistory } from './copy-history.ts'
import { KeptZone } from './kept-zone.ts'
import { Slices } from './slices.ts'

/** Of all copies with what they remember: the ones that were not wanted for longest go first, but never the one wanted last. */
const MAX_BYTES = 256 << 20
/** How long a copy may be handed out under its serial beyond the moment that its signatures should be made anew: 5 days. */
const OVERDUE = 5 * 86_400
/** The same for the moment at which a key begins or ends to sign: control raises the serial soon after it. */
const KEYS_OVERDUE = 3600

/** A zone of which this many signatures were made at once is worth a line in the log. */
const MANY_SIGNATURES = 10_000
/** Differences that are remembered of a zone, if that is more than half of its copy. */
const MIN_HISTORY_BYTES = 1 << 18

/**
 * Signed zones as secondaries get them, in the thread that writes the table. A copy is made when it is wanted, out of the one before it,
 * and is kept, so that only what has changed is signed.
 */
export class SignedCopies {
  readonly #table: LiveTable
  readonly #log: Log
  readonly #maxBytes: number
  readonly #now: () => number
  readonly #slices = new Slices()
  readonly #counts = { made: 0 }
  /** By id; the one wanted last at the end. */
  readonly #zones = new Map<string, KeptZone>()
  #sizeBytes = 0
  #begun = 0

  /** `now` in milliseconds since 1970. */
  constructor(table: LiveTable, log: Log, now: () => number = Date.now, maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes
    this.#table = table
    this.#log = log
    this.#now = now
  }

  /** Memory of all copies with what they remember. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** Signatures made since the start. */
  get signatures(): number {
    return this.#counts.made
  }

  stop(): void {
    this.#slices.stop()
  }

  /** A group of the default line has changed. */
  groupReplaced(zone: WrittenZone, node: number, type: number): void {
    const kept = this.#zones.get(zone.id)
    if (kept === undefined) return
    const { octets } = this.#table.writer.view
    const at = (node + NODE_NAME) * 4
    kept.setChanged(octets.slice(at + 1, at + 1 + octets[at]!), type)
  }

  /** The zone was made anew, or is gone, or its keys are others. */
  zoneChanged(zone: WrittenZone): void {
    const kept = this.#zones.get(zone.id)
    if (kept === undefined) return
    if (this.#table.writer.zones.has(zone.id) && zone.keys.length > 0) kept.allChanged()
    else this.#forget(zone.id, kept)
  }

  /** Another table takes the place of the one that was watched. */
  tableReplaced(): void {
    for (const kept of this.#zones.values()) kept.allChanged()
  }

  /** Whether the zone is signed, with keys that are of use. */
  isSigned(zone: WrittenZone): boolean {
    return zone.keys.length > 0 && this.#signerOf(this.#keptOf(zone), zone) !== undefined
  }

  /**
   * The zone as it is now, or at a moment after this call; undefined when it is not signed, or there is none. Rejects when something
   * is wrong with us.
   */
  async current(id: string): Promise<{ copy: SignedCopy; history: CopyHistory } | undefined> {
    const before = this.#begun
    for (;;) {
      const zone = this.#table.writer.zones.get(id)
      if (zone === undefined || !this.isSigned(zone)) return undefined
      const kept = this.#keptOf(zone)
      const { copy, history } = kept
      if (copy !== undefined && (kept.ended > before || this.#isCurrent(kept, copy, zone))) {
        this.#zones.delete(id)
        this.#zones.set(id, kept)
        return { copy, history }
      }
      kept.running ??= this.#slices.run(this.#update(kept, id)).finally(() => {
        kept.running = undefined
      })
      await kept.running
      if (kept.copy === undefined) return undefined
    }
  }

  *#update(kept: KeptZone, id: string): Generator<void, void> {
    const zone = this.#table.writer.zones.get(id)
    const number = ++this.#begun
    const madeBefore = this.#counts.made
    const startedAt = this.#now()
    const old = kept.copy
    const source = zone && this.#sourceOf(kept, zone)
    if (source === undefined) {
      kept.copy = undefined
      return
    }
    try {
      const maxBytes = Math.max(MIN_HISTORY_BYTES, (old?.sizeBytes ?? 0) / 2)
      const changes = new CopyChanges(maxBytes)
      const { names, ...rest } = source
      const copy = yield* buildCopy({ ...rest, capture: yield* names }, old, changes)
      kept.copy = copy
      kept.ended = number
      const isFollowing = old !== undefined && compareSerials(copy.serial, old.serial) > 0
      if (isFollowing && !changes.isTooLarge)
        kept.history.add(old.serial, changes.between(old.soaRecord, copy.soaRecord), maxBytes)
      else if (old?.serial !== copy.serial || !changes.isEmpty)
        kept.history.clear(old?.serial === copy.serial)
    } catch (error) {
      kept.allChanged()
      this.#log.error('a zone cannot be signed for transfers', { zoneId: id, reason: reasonOf(error) })
      throw error
    }
    if (this.#zones.get(id) === kept) this.#count(kept)
    const signatures = this.#counts.made - madeBefore
    if (signatures < MANY_SIGNATURES) return
    const seconds = (this.#now() - startedAt) / 1000
    this.#log.info('a zone was signed for transfers', { zone: formatName(zone!.apex), signatures, seconds })
  }

  /** What the copy of this moment is to be made of; what changes from now on is for the next one. */
  #sourceOf(
    kept: KeptZone,
    zone: WrittenZone,
  ): (Omit<CopySource, 'capture'> & { names: Captures }) | undefined {
    const { view } = this.#table.writer
    const signer = this.#signerOf(kept, zone)
    const soaGroup = view.words[zone.offset + ZONE_SOA]!
    if (signer === undefined || soaGroup === 0) return undefined
    const serial = view.words[zone.offset + ZONE_SERIAL]! >>> 0
    const record = soaOf(view.words, view.octets, soaGroup, serial)
    const list = new RecordList()
    list.add(NO_OWNER, record.type, record.ttl, record.rdata)
    const soa = { type: record.type, ttl: record.ttl, rdatas: [record.rdata] }
    const changed = kept.takeChanged()
    const isWhole = changed === undefined
    const names = isWhole ? captureAll(takeImage(view, zone)!) : captured(captureSome(view, zone, changed))
    const now = this.#seconds()
    return { names, isWhole, serial, soa, soaRecord: list.finish(), signer, now }
  }

  #isCurrent(kept: KeptZone, copy: SignedCopy, zone: WrittenZone): boolean {
    const now = this.#seconds()
    return (
      !kept.isChanged &&
      copy.serial === this.#table.writer.view.words[zone.offset + ZONE_SERIAL]! >>> 0 &&
      now < copy.refreshAt + OVERDUE &&
      now < copy.signer.until + KEYS_OVERDUE
    )
  }

  /** What the zone is signed with now; undefined when its keys are of no use. */
  #signerOf(kept: KeptZone, zone: WrittenZone): ZoneSigner | undefined {
    return kept.signerFor(zone, this.#seconds(), this.#counts)
  }

  #keptOf(zone: WrittenZone): KeptZone {
    let kept = this.#zones.get(zone.id)
    if (kept === undefined) {
      kept = new KeptZone()
      this.#zones.set(zone.id, kept)
    }
    return kept
  }

  /** Counts the memory of a zone whose copy was made just now, and makes room for it at the price of others. */
  #count(wanted: KeptZone): void {
    this.#sizeBytes += wanted.sizeBytes - wanted.countedBytes
    wanted.countedBytes = wanted.sizeBytes
    for (const [id, kept] of this.#zones) {
      if (this.#sizeBytes <= this.#maxBytes) return
      if (kept !== wanted && kept.running === undefined) this.#forget(id, kept)
    }
  }

  #forget(id: string, kept: KeptZone): void {
    this.#zones.delete(id)
    this.#sizeBytes -= kept.countedBytes
    kept.countedBytes = 0
  }

  #seconds = (): number => Math.floor(this.#now() / 1000)
}

type Captures = Generator<void, Capture>

const NO_OWNER = new Uint8Array()

// biome-ignore lint/correctness/useYield: one step, where others take many
function* captured(capture: Capture): Captures {
  return capture
}
