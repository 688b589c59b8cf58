import type { WireName } from '../name.ts'
import type { Edns } from './edns.ts'
import type { Header } from './header.ts'

export interface Question {
  readonly name: WireName
  readonly type: number
  readonly class: number
}

/** A record of a message; rdata is uncompressed wire. */
export interface ResourceRecord {
  readonly owner: WireName
  readonly type: number
  readonly class: number
  readonly ttl: number
  readonly rdata: Uint8Array
}

/** A whole message as plain data. The OPT record is `edns` and not among the additional records. */
export interface Message {
  readonly header: Header
  readonly questions: readonly Question[]
  readonly answers: readonly ResourceRecord[]
  readonly authorities: readonly ResourceRecord[]
  readonly additionals: readonly ResourceRecord[]
  readonly edns: Edns | null
}
