import { formatIpv4, formatIpv6 } from '@waymark/dns/address'
import type { NetworkClients } from '@waymark/dns/feed-codec'
import { writeClientRanges } from './client-ranges.ts'

/** What a thread needs to tell clients apart by network, handed out with the table. */
export interface NetworksHandle {
  /** Who belongs to which network by source address; undefined when no network has clients. */
  readonly ranges: SharedArrayBuffer | undefined
  /** Numbers of the networks whose clients ask at an address, by its text. */
  readonly listeners: ReadonlyMap<string, number>
}

/** All that the writer knows of networks, as plain data; addresses are octets. */
export interface NetworkBooks {
  /** By their numbers; there is no network 0. */
  readonly names: readonly string[]
  readonly clients: readonly {
    readonly id: string
    readonly prefixes: readonly { readonly bits: number; readonly address: readonly number[] }[]
    readonly listeners: readonly (readonly number[])[]
  }[]
}

const NOBODY: NetworksHandle = { ranges: undefined, listeners: new Map() }

/** The writer's side of private networks: numbers for their ids, and who belongs to them. */
export class NetworkTable {
  readonly #numbers = new Map<string, number>()
  readonly #names: string[] = ['']
  readonly #clients = new Map<string, NetworkClients>()
  #handle: NetworksHandle = NOBODY
  #isStale = false
  #isChanged = false

  constructor(books?: NetworkBooks) {
    for (const name of books?.names.slice(1) ?? []) this.number(name)
    for (const { id, prefixes, listeners } of books?.clients ?? []) {
      this.put({
        id,
        prefixes: prefixes.map(({ bits, address }) => ({ bits, address: Uint8Array.from(address) })),
        listeners: listeners.map((address) => Uint8Array.from(address)),
      })
    }
    this.#isChanged = false
  }

  get books(): NetworkBooks {
    const clients = [...this.#clients.values()].map(({ id, prefixes, listeners }) => ({
      id,
      prefixes: prefixes.map(({ bits, address }) => ({ bits, address: [...address] })),
      listeners: listeners.map((address) => [...address]),
    }))
    return { names: this.#names, clients }
  }

  get handle(): NetworksHandle {
    if (this.#isStale) {
      this.#handle = this.#make()
      this.#isStale = false
    }
    return this.#handle
  }

  /** Whether the handle is another one than when this was last asked. */
  takeChanged(): boolean {
    const isChanged = this.#isChanged
    this.#isChanged = false
    return isChanged
  }

  /** The number of a network, from 1 on; it lives as long as the table. */
  number(id: string): number {
    const known = this.#numbers.get(id)
    if (known !== undefined) return known
    const number = this.#names.length
    this.#numbers.set(id, number)
    this.#names.push(id)
    return number
  }

  /** The id of a network by its number. */
  name(number: number): string {
    return this.#names[number] ?? ''
  }

  /** Replaces who belongs to a network; nobody: it is gone. */
  put(network: NetworkClients): void {
    if (network.prefixes.length === 0 && network.listeners.length === 0) this.#clients.delete(network.id)
    else this.#clients.set(network.id, network)
    this.#isStale = true
    this.#isChanged = true
  }

  #make(): NetworksHandle {
    if (this.#clients.size === 0) return NOBODY
    const networks = [...this.#clients.values()].map((each) => ({ ...each, number: this.number(each.id) }))
    const listeners = new Map<string, number>()
    for (const { number, listeners: addresses } of networks) {
      for (const address of addresses) {
        listeners.set(address.length === 4 ? formatIpv4(address) : formatIpv6(address), number)
      }
    }
    return { ranges: writeClientRanges(networks), listeners }
  }
}
