/** A question to an edge: what would somebody be answered, and why. */
export interface ExplainQuestion {
  /** Presentation form. */
  readonly name: string
  /** Mnemonic, or `TYPE` and a number. */
  readonly type: string
  /** Source address of whoever asks. */
  readonly client: string
  /** `address/bits` of a client subnet option (RFC 7871), '' for none. */
  readonly subnet: string
  /** Address of the edge that is asked, '' for one that belongs to no network. */
  readonly listener: string
}

/** A set of records that was there to choose from. */
export interface ExplainedSet {
  readonly type: string
  readonly line: string
  /** Whether whoever asks is on its line. */
  readonly is_on_line: boolean
  readonly is_chosen: boolean
}

/** One of the weighted choices of the set that was chosen. */
export interface ExplainedVariant {
  /** null: not weighted. */
  readonly weight: number | null
  readonly ttl: number
  readonly records: readonly string[]
  /** From 0 to 1. */
  readonly probability: number
  readonly is_given: boolean
}

/** One search in one zone. */
export interface ExplainedStep {
  readonly name: string
  readonly zone_id: string
  readonly zone: string
  readonly is_private: boolean
  /** Owner that stands for the name: the name itself, a wildcard, or the cut or DNAME above it; '' where there is none. */
  readonly owner: string
  readonly outcome:
    | 'exact'
    | 'wildcard'
    | 'cname'
    | 'dname'
    | 'delegation'
    | 'no-data'
    | 'no-name'
    | 'signer'
    | 'no-address'
    | 'passed-on'
    | 'loop'
  /** Lines that whoever asks is on, as far as the account uses them, in the order in which they are looked at. */
  readonly lines: readonly string[]
  readonly sets: readonly ExplainedSet[]
  readonly variants: readonly ExplainedVariant[]
}

/** What somebody is answered, and the way to it: told by the answer path itself. */
export interface Explanation {
  readonly edge: string
  /** Position in the feed of the table that answered. */
  readonly position: number
  /** `account:id` of the private network that whoever asks belongs to, '' for none. */
  readonly network: string
  /** Built-in lines of the address that lines are told by, the narrowest first. */
  readonly client_lines: readonly string[]
  readonly steps: readonly ExplainedStep[]
  /** Recursive servers were asked, and what is answered is theirs. */
  readonly is_from_upstream: boolean
  readonly answer: ExplainedAnswer
}

export interface ExplainedAnswer {
  readonly rcode: string
  readonly is_authoritative: boolean
  readonly answer: readonly string[]
  readonly authority: readonly string[]
  readonly additional: readonly string[]
  /** Info-code of an Extended DNS Error (RFC 8914), null without one. */
  readonly extended_error: number | null
}
