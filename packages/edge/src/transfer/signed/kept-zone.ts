import { decodeZoneKeys } from '@waymark/dns/dnssec/zone-keys'
import { TYPE_DNAME, TYPE_NS } from '@waymark/dns/rr-types/type-codes'
import { TRANSFERRED, ZoneSigner } from '../../dnssec/zone-signer.ts'
import { isSame, type WrittenZone } from '../../zone-table/written-zone.ts'
import type { SignedCopy } from './build-copy.ts'
import { canonicalKey } from './canonical-key.ts'
import { chunkAt, namesOf } from './chunk.ts'
import { CopyHistory } from './copy-history.ts'

/** Names that changed since the last copy; above it the whole zone is looked through. */
const MAX_CHANGED = 10_000
/** The same for names that other names are below. */
const MAX_COVERS = 64

const NO_KEYS = new Uint8Array()

/** What is kept of one signed zone: its last copy, how it came to be, and what has changed since it was begun. */
export class KeptZone {
  copy: SignedCopy | undefined
  readonly history = new CopyHistory()
  /** Number of the copy made last. */
  ended = 0
  /** The next copy, while it is made. */
  running: Promise<void> | undefined
  /** What the sum over all zones has of it. */
  countedBytes = 0
  #isWhole = true
  /** Owners by key. */
  #changed = new Map<string, Uint8Array>()
  /** Those of them that names below depend on. */
  #covers = new Set<string>()
  #signer: ZoneSigner | undefined
  /** The signer was made of them. */
  #keys: Uint8Array = NO_KEYS

  get sizeBytes(): number {
    return (this.copy?.sizeBytes ?? 0) + this.history.sizeBytes
  }

  get isChanged(): boolean {
    return this.#isWhole || this.#changed.size > 0
  }

  /** A set of this owner, lower-case wire without apex and root, is another one now. The octets are kept. */
  setChanged(owner: Uint8Array, type: number): void {
    if (this.#isWhole) return
    const key = canonicalKey(owner)
    this.#changed.set(key, owner)
    if (type === TYPE_NS || type === TYPE_DNAME) this.#covers.add(key)
    if (this.#changed.size > MAX_CHANGED || this.#covers.size > MAX_COVERS) this.allChanged()
  }

  /** Everything may be different now. */
  allChanged(): void {
    this.#isWhole = true
    this.#changed.clear()
    this.#covers.clear()
  }

  /** The owners, by key, that the next copy has to look at, undefined for all; what changes from now on is for the one after it. */
  takeChanged(): ReadonlyMap<string, Uint8Array> | undefined {
    const { copy } = this
    const changed = this.#changed
    const isWhole = this.#isWhole || copy === undefined
    if (!isWhole) for (const cover of this.#covers) addNamesBelow(copy, cover, changed)
    this.#isWhole = false
    this.#changed = new Map()
    this.#covers.clear()
    return isWhole ? undefined : changed
  }

  /** What the zone is signed with at `now` (seconds since 1970); undefined when its keys are of no use. */
  signerFor({ apex, keys }: WrittenZone, now: number, counts: { made: number }): ZoneSigner | undefined {
    const signer = this.#signer
    if (signer !== undefined && isSame(this.#keys, keys) && now < signer.until) return signer
    const decoded = decodeZoneKeys(keys)
    this.#keys = keys
    try {
      // Nothing is looked up by the place of the keys here.
      this.#signer = decoded === null ? undefined : new ZoneSigner(1, apex, decoded, now, counts, TRANSFERRED)
    } catch {
      // As in answers: with keys that do not sign it is a zone without keys.
      this.#signer = undefined
    }
    return this.#signer
  }
}

/** Names below one that became a zone cut or DNAME, or is none any more, change what they are. */
function addNamesBelow(copy: SignedCopy, cover: string, changed: Map<string, Uint8Array>): void {
  for (let i = chunkAt(copy.chunks, cover); i < copy.chunks.length; i++) {
    const names = namesOf(copy.chunks[i]!)
    for (const { key, owner } of names) if (key.startsWith(cover)) changed.set(key, owner.slice())
    const last = names.at(-1)
    if (last !== undefined && last.key > cover && !last.key.startsWith(cover)) return
  }
}
