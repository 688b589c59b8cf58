/** The DNS types that aliases are answered with. */
export type AddressType = 'A' | 'AAAA'

/** What looking up the addresses of a name gave. */
export type Finding =
  /** Its addresses as rdata, in order; none where the name has none of the type. They may be kept for `ttl` seconds. */
  | { readonly kind: 'found'; readonly rdatas: readonly Uint8Array[]; readonly ttl: number }
  /** There is no such name, or what leads to it goes in circles. */
  | { readonly kind: 'missing' }
  /** Nobody could tell. */
  | { readonly kind: 'unknown' }

/** Looks the addresses of a name (A-labels, final dot) up. Does not throw. */
export type FindAddresses = (name: string, type: AddressType) => Promise<Finding>
