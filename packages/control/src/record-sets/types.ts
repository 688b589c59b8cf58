import { rrTypeByCode, rrTypeByName } from '@waymark/dns/rr-types/registry'
import type { RrType } from '@waymark/dns/rr-types/rr-type'
import { typeName } from '@waymark/dns/rr-types/type-codes'
import type { ZoneType } from '../store/store.ts'

/** Through which doors sets of a type can be created in a kind of zone. `batch`: by tasks only. */
type Creatable = 'always' | 'batch' | 'never'

/** What the API allows of one record set type. */
export interface RecordSetType {
  readonly name: string
  /** Its data on the wire; undefined for URL forwarding, which is no DNS type. */
  readonly rr: RrType | undefined
  readonly public: Creatable
  readonly private: Creatable
  /** Beyond the vendor's API: refused under the setting `strictTypes`. */
  readonly isExtension: boolean
  /** Whether its owner may begin with the label `*`. */
  readonly allowsWildcard: boolean
  /** Whether one value is all it can have. */
  readonly isSingle: boolean
}

type Row = Partial<RecordSetType> & Pick<RecordSetType, 'name'>

const VENDOR: readonly Row[] = [
  { name: 'A' },
  { name: 'AAAA' },
  { name: 'CNAME', isSingle: true },
  { name: 'MX' },
  { name: 'TXT' },
  { name: 'SRV' },
  { name: 'CAA', private: 'never' },
  { name: 'NS', private: 'never', allowsWildcard: false },
  { name: 'PTR', public: 'never', isSingle: true },
  { name: 'SOA', public: 'never', private: 'never', allowsWildcard: false, isSingle: true },
  { name: 'REDIRECT_URL', public: 'batch', private: 'never', allowsWildcard: false, isSingle: true },
  { name: 'FORWARD_URL', public: 'batch', private: 'never', allowsWildcard: false, isSingle: true },
]

// A DS belongs to a zone cut and a DNAME may not be synthesised from a wildcard (RFC 6672 2.4 advises against it).
const EXTENSIONS: readonly Row[] = [
  { name: 'DS', allowsWildcard: false },
  { name: 'DNAME', allowsWildcard: false, isSingle: true },
  ...['NAPTR', 'SSHFP', 'TLSA', 'SVCB', 'HTTPS', 'LOC', 'HINFO', 'RP', 'CERT', 'URI'].map((name) => ({
    name,
  })),
  ...['OPENPGPKEY', 'SMIMEA', 'SPF'].map((name) => ({ name })),
]

const complete = (row: Row, isExtension: boolean): RecordSetType => ({
  rr: rrTypeByName(row.name),
  public: 'always',
  private: 'always',
  isExtension,
  allowsWildcard: true,
  isSingle: false,
  ...row,
})

const TYPES: ReadonlyMap<string, RecordSetType> = new Map([
  ...VENDOR.map((row) => [row.name, complete(row, false)] as const),
  ...EXTENSIONS.map((row) => [row.name, complete(row, true)] as const),
])

/** The type of this name, upper case only; undefined when no record set can have it. */
export function recordSetType(name: string): RecordSetType | undefined {
  return TYPES.get(name) ?? (name.startsWith('TYPE') ? unassignedType(name) : undefined)
}

/** Every type with a name, in the order of the table. */
export const RECORD_SET_TYPES: readonly RecordSetType[] = [...TYPES.values()]

/** Whether sets of this type can be created in a zone of this kind, through this door. */
export function isCreatable(
  type: RecordSetType,
  zoneType: ZoneType,
  isBatch: boolean,
  isStrict: boolean,
): boolean {
  if (type.isExtension && isStrict) return false
  const creatable = type[zoneType]
  return creatable === 'always' || (creatable === 'batch' && isBatch)
}

/** IANA assigns types from below and had reached 264 in 2025; TA and DLV are the two far above. */
const FIRST_UNASSIGNED = 265
const LAST_PRIVATE = 65534
const TYPE_TA = 32768
const TYPE_DLV = 32769

/**
 * `TYPE65280` (RFC 3597 5) of a number without an assigned type. An assigned one is refused under its number: name servers
 * check the data of types that they know, and may know one that is unknown here.
 */
function unassignedType(name: string): RecordSetType | undefined {
  const code = Number(name.slice(4))
  const isUnassigned =
    code >= FIRST_UNASSIGNED && code <= LAST_PRIVATE && code !== TYPE_TA && code !== TYPE_DLV
  // typeName also tells `TYPE0265` and `TYPE265.0` from the one spelling that compares equal.
  if (!isUnassigned || !Number.isInteger(code) || typeName(code) !== name) return undefined
  return { ...complete({ name }, true), rr: rrTypeByCode(code) }
}
