import type { LineGroup, Tenant, Tx } from '../store/store.ts'

const OWN_LINE = /^(custom|lgroup)_[0-9a-f]{32}$/

/** Whether the id has the form of a custom line or line group. */
export const isOwnLineId = (id: unknown): boolean => typeof id === 'string' && OWN_LINE.test(id)

/** The custom lines and line groups of an account, as far as the rules for record sets need them. */
export class OwnLines {
  readonly #ids: ReadonlySet<string>
  readonly #groups: readonly LineGroup[]

  constructor(customLineIds: readonly string[] = [], groups: readonly LineGroup[] = []) {
    this.#ids = new Set([...customLineIds, ...groups.map((group) => group.lineId)])
    this.#groups = groups
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  /** The other groups that have a member in common with this one; none for a line that is no group. */
  groupsMeeting(id: string): readonly string[] {
    if (this.#groups.length === 0) return NONE
    const group = this.#groups.find((each) => each.lineId === id)
    if (group === undefined) return NONE
    const members = new Set(group.members)
    return this.#groups
      .filter((other) => other !== group && other.members.some((line) => members.has(line)))
      .map((other) => other.lineId)
  }
}
const NONE: readonly string[] = []

export const NO_OWN_LINES = new OwnLines()

/** The lines and groups of the account, held until the transaction ends so that none goes while record sets come to it. */
export async function loadOwnLines(tx: Tx, tenant: Tenant): Promise<OwnLines> {
  await tx.lockLines(tenant)
  return new OwnLines(await tx.customLineIds(tenant), await tx.listLineGroups(tenant))
}
