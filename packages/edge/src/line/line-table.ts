import type { LineMembers, LineSegments } from '@waymark/dns/feed-codec'
import { writeOwnLines } from './own-lines.ts'

/** What a thread needs to know of lines, handed out with the table. */
export interface LinesHandle {
  /** Line names by their numbers; the name of `default_view` is empty. */
  readonly names: readonly string[]
  /** Lines of accounts by the numbers of the accounts; undefined for an account without. */
  readonly accounts: readonly (SharedArrayBuffer | undefined)[]
}

interface Account {
  readonly number: number
  lines: readonly LineSegments[]
  groups: readonly LineMembers[]
}

/** All that the writer knows of lines, as plain data. */
export interface LineBooks {
  /** By their numbers. */
  readonly names: readonly string[]
  /** By their numbers, from 1 on. */
  readonly accounts: readonly {
    readonly name: string
    readonly lines: readonly LineSegments[]
    readonly groups: readonly LineMembers[]
  }[]
}

/** The writer's side of lines: numbers for their names, and the custom lines and groups of accounts. */
export class LineTable {
  readonly #numbers = new Map<string, number>([['', 0]])
  readonly #accounts = new Map<string, Account>()
  readonly #accountNames: string[] = ['']
  readonly #buffers: (SharedArrayBuffer | undefined)[] = [undefined]
  #handle: LinesHandle | undefined

  /** Whether the handle is another one than when this was last asked. */
  #isChanged = false

  constructor(books?: LineBooks) {
    for (const name of books?.names ?? []) this.number(name)
    for (const { name, lines, groups } of books?.accounts ?? []) this.put(name, lines, groups)
    this.#isChanged = false
  }

  get books(): LineBooks {
    const accounts = [...this.#accounts].map(([name, { lines, groups }]) => ({ name, lines, groups }))
    return { names: this.handle.names, accounts }
  }

  get handle(): LinesHandle {
    this.#handle ??= { names: [...this.#numbers.keys()], accounts: [...this.#buffers] }
    return this.#handle
  }

  takeChanged(): boolean {
    const isChanged = this.#isChanged
    this.#isChanged = false
    return isChanged
  }

  /** The number of a line's name. Numbers live as long as the table. */
  number(line: string): number {
    const known = this.#numbers.get(line)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(line, number)
    this.#setChanged()
    return number
  }

  /** The number of an account; 0 for '', which has no lines. */
  account(name: string): number {
    return name === '' ? 0 : this.#accountNamed(name).number
  }

  /** The name of an account by its number. */
  accountName(number: number): string {
    return this.#accountNames[number]!
  }

  /** Replaces all lines and groups of an account. */
  put(name: string, lines: readonly LineSegments[], groups: readonly LineMembers[]): void {
    const account = this.#accountNamed(name)
    account.lines = lines
    account.groups = groups
    const isEmpty = lines.length === 0 && groups.length === 0
    this.#buffers[account.number] = isEmpty
      ? undefined
      : writeOwnLines(lines, groups, (line) => this.number(line === 'default_view' ? '' : line))
    this.#setChanged()
  }

  #accountNamed(name: string): Account {
    let account = this.#accounts.get(name)
    if (account === undefined) {
      account = { number: this.#buffers.length, lines: [], groups: [] }
      this.#buffers.push(undefined)
      this.#accountNames.push(name)
      this.#accounts.set(name, account)
    }
    return account
  }

  #setChanged(): void {
    this.#handle = undefined
    this.#isChanged = true
  }
}
