import { decodeZoneKeys } from '@waymark/dns/dnssec/zone-keys'
import { ZONE_KEYS, ZONE_NAME } from '../zone-table/layout.ts'
import { NameBuffer } from '../zone-table/name-buffer.ts'
import type { TableView } from '../zone-table/view.ts'
import { SignatureCache } from './signature-cache.ts'
import { ZoneSigner } from './zone-signer.ts'

/** Signatures kept a thread: 6.5 MB for what the zones hold, as much for denials, which a flood of made-up names fills. */
const PLACES = 1 << 16
/** Zones whose keys are kept ready. */
const MAX_ZONES = 10_000
/** Types of one name that a denial lists. */
export const MAX_TYPES = 256

/**
 * What one thread signs with: the keys of zones, read from the table when they are first needed, and signatures. Everything is named
 * by places in the arena, so it is forgotten when the table moves to another one.
 */
export class Signer {
  /** Seconds since 1970: the time of the query at hand, as far as it is signed. */
  now = 0
  /** Signatures that were there, and those that had to be made. */
  readonly counts = { found: 0, made: 0 }
  readonly owner = new NameBuffer()
  readonly codes = new Int32Array(MAX_TYPES)
  readonly #zones = new Map<number, ZoneSigner | null>()
  readonly #clock: () => number
  #arena: ArrayBufferLike | undefined
  #stored: SignatureCache | undefined
  #denials: SignatureCache | undefined

  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Signatures of rrsets of the table. */
  get stored(): SignatureCache {
    this.#stored ??= new SignatureCache(PLACES)
    return this.#stored
  }

  /** Signatures of denials. */
  get denials(): SignatureCache {
    this.#denials ??= new SignatureCache(PLACES)
    return this.#denials
  }

  /** What the zone is signed with now; null when it is not, or its keys are of no use. Sets {@link now}. */
  zoneSigner(view: TableView, zone: number): ZoneSigner | null {
    this.now = Math.floor(this.#clock() / 1000)
    if (view.words.buffer !== this.#arena) this.#forget(view.words.buffer)
    const keysAt = view.words[zone + ZONE_KEYS]!
    const known = this.#zones.get(keysAt)
    if (known !== undefined && (known === null || this.now < known.until)) return known
    // The one kept longest goes: it is opened again when it is needed.
    if (this.#zones.size >= MAX_ZONES) this.#zones.delete(this.#zones.keys().next().value!)
    const signer = keysAt === 0 ? null : this.#open(view, zone, keysAt)
    this.#zones.set(keysAt, signer)
    return signer
  }

  /** Whether the zone is signed, with keys that are of use. */
  canSign(view: TableView, zone: number): boolean {
    return view.words[zone + ZONE_KEYS] !== 0 && this.zoneSigner(view, zone) !== null
  }

  #forget(arena: ArrayBufferLike): void {
    this.#arena = arena
    this.#zones.clear()
    this.#stored?.clear()
    this.#denials?.clear()
  }

  #open(view: TableView, zone: number, keysAt: number): ZoneSigner | null {
    const { words, octets } = view
    const start = (keysAt + 1) * 4
    const keys = decodeZoneKeys(octets.slice(start, start + words[keysAt]!))
    const apexAt = (zone + ZONE_NAME) * 4
    const apex = octets.slice(apexAt + 2, apexAt + 2 + octets[apexAt + 1]!)
    try {
      return keys === null ? null : new ZoneSigner(keysAt, apex, keys, this.now, this.counts)
    } catch {
      // Keys that do not sign, or not yet: the zone is answered as one without keys, which validators refuse if it should not be.
      return null
    }
  }
}
