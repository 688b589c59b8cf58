import { createHash } from 'node:crypto'
import type { AuditChange } from '../store/access-calls.ts'
import type { Tx } from '../store/store.ts'

/** More changes than this are counted only: a bulk task keeps what its items did itself. */
const MAX_CHANGES = 100
const MAX_CHANGES_CHARACTERS = 64 * 1024
/** Rows of larger lists are not remembered: nobody changes them one by one. */
const MAX_REMEMBERED = 1000

/** Writes that are nobody's doing, or are told by another row of the same transaction. */
const UNTOLD: ReadonlySet<string> = new Set([
  'insertToken',
  'removeToken',
  'removeTokensOf',
  'removeExpiredTokens',
  'updateTask',
  'insertTaskErrors',
  'insertTaskEffects',
  'removeTaskChunks',
  'updateZoneVersions',
  'insertSetting',
  'putSetting',
  'insertAuditEntry',
])
/** Calls that publish: they give the position of what they append. */
const FEEDING: ReadonlySet<string> = new Set<keyof Tx>(['appendFeed', 'appendFeedEntries'])
/** What the store keeps by itself when something else changes. */
const KEPT: ReadonlySet<string> = new Set(['serial', 'revision', 'recordCount', 'updatedAt'])
const SECRET: ReadonlySet<string> = new Set(['passwordHash', 'sealedSecret'])
const ID_FIELDS = ['id', 'lineId', 'accessKey', 'userId', 'routerId'] as const

type Row = Readonly<Record<string, unknown>>

/** What a transaction has changed so far. */
export class ChangeLog {
  readonly changes: AuditChange[] = []
  changeCount = 0
  /** The last entry in the feed; 0 without one. */
  feedSeq = 0
  readonly #seen = new Map<string, Row>()
  readonly #zoneIds = new Set<string>()
  #characters = 0

  /** The zone of all changes; null when they are of several, or of none. */
  get zoneId(): string | null {
    return this.#zoneIds.size === 1 ? [...this.#zoneIds][0]! : null
  }

  /** Rows as they were read: those that are changed afterwards have been read before, in the same transaction. */
  remember(result: unknown): void {
    if (typeof result !== 'object' || result === null) return
    const rows = 'rows' in result ? result.rows : result
    for (const row of Array.isArray(rows) ? rows.slice(0, MAX_REMEMBERED) : [rows]) {
      const key = keyOf(row)
      if (key !== undefined) this.#seen.set(key, row)
    }
  }

  made(kind: string, row: unknown): void {
    this.#add(kind, idOf(row), undefined, asRow(row))
  }

  changed(kind: string, row: unknown): void {
    const before = this.#seen.get(keyOf(row) ?? '')
    this.#add(kind, idOf(row), before, asRow(row))
    this.remember(row)
  }

  removed(kind: string, row: unknown): void {
    const id = idOf(row)
    const field = ID_FIELDS.find((name) => this.#seen.has(`${name}:${id}`))
    this.#add(kind, id, field === undefined ? { id } : this.#seen.get(`${field}:${id}`), undefined)
  }

  #add(kind: string, id: string, before: Row | undefined, after: Row | undefined): void {
    if (before !== undefined && after !== undefined && isSame(before, after)) return
    this.changeCount++
    const zoneId = kind === 'Zone' ? id : (after ?? before)?.zoneId
    if (typeof zoneId === 'string') this.#zoneIds.add(zoneId)
    if (this.changes.length >= MAX_CHANGES || this.#characters > MAX_CHANGES_CHARACTERS) return
    const change = { kind, id, before: shown(before), after: shown(after) }
    this.#characters += JSON.stringify(change).length
    this.changes.push(change)
  }
}

/** The transaction, with everything that is written through it noted in `log`. */
export const watchWrites = (tx: Tx, log: ChangeLog): Tx =>
  new Proxy(tx, {
    get(target, name) {
      const call = Reflect.get(target, name)
      if (typeof call !== 'function' || typeof name !== 'string') return call
      return async (...parameters: unknown[]) => {
        const result = await call.apply(target, parameters)
        if (FEEDING.has(name)) log.feedSeq = result as number
        else note(log, name, parameters, result)
        return result
      }
    },
  })

function note(log: ChangeLog, name: string, parameters: readonly unknown[], result: unknown): void {
  const [, verb, what] = /^(insert|update|put|remove)(\w+)$/.exec(name) ?? []
  if (verb === undefined || what === undefined) {
    log.remember(result)
    return
  }
  if (UNTOLD.has(name)) return
  // The row comes last, behind what it belongs to; a task is followed by its items.
  const subject = name === 'insertTask' ? parameters[0] : parameters.at(-1)
  const isMany = Array.isArray(subject)
  const plural = what.replace(/InZones$/, '')
  const kind = isMany ? plural.replace(/s$/, '') : plural
  for (const row of isMany ? subject : [subject]) {
    if (verb === 'insert') log.made(kind, row)
    else if (verb === 'remove') log.removed(kind, row)
    else log.changed(kind, row)
  }
}

const idField = (row: unknown) =>
  typeof row === 'object' && row !== null
    ? ID_FIELDS.find((name) => typeof (row as Row)[name] === 'string')
    : undefined

function keyOf(row: unknown): string | undefined {
  const field = idField(row)
  return field === undefined ? undefined : `${field}:${(row as Row)[field]}`
}

function idOf(row: unknown): string {
  const field = idField(row)
  return field === undefined ? String(row) : String((row as Row)[field])
}

const asRow = (row: unknown): Row => (typeof row === 'object' && row !== null ? (row as Row) : { id: row })

/** Whether nothing differs but what the store keeps by itself. */
function isSame(before: Row, after: Row): boolean {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
    if (!KEPT.has(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name])) return false
  return true
}

/** A row as the log shows it: without octets, and with a digest in place of a secret, so that a change of it shows. */
function shown(row: Row | undefined): object | null {
  if (row === undefined) return null
  const entries = Object.entries(row).flatMap(([name, value]): [string, unknown][] => {
    if (value instanceof Uint8Array) return []
    if (SECRET.has(name))
      return [[name, createHash('sha256').update(String(value)).digest('hex').slice(0, 8)]]
    return [[name, typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value]]
  })
  return Object.fromEntries(entries)
}
