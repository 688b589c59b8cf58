import type { Client } from './client/client.ts'
import { CommandFailure, EXIT, ServerRefusal } from './failures.ts'

/** A custom line or a line group as the API shows it. */
export interface OwnLineBody {
  readonly line_id: string
  readonly name: string
  readonly status: string
  readonly description: string
  /** Of a custom line. */
  readonly ip_segments?: readonly string[]
  /** Of a line group. */
  readonly lines?: readonly string[]
}

/** Where the API has them, in which member, and how many one page may have. */
export const CUSTOM = { path: '/v2.1/customlines', member: 'lines', page: 100 } as const
export const GROUPS = { path: '/v2.1/linegroups', member: 'linegroups', page: 500 } as const
type Kind = typeof CUSTOM | typeof GROUPS

interface Page {
  readonly [member: string]: unknown
}

/** All custom lines or line groups of the account, newest first. */
export async function listOwnLines(client: Client, kind: Kind): Promise<OwnLineBody[]> {
  const rows: OwnLineBody[] = []
  for (;;) {
    const query = { show_detail: 'true', limit: kind.page, offset: rows.length }
    const page = (await client.json<Page>('GET', kind.path, { query }))[kind.member] as OwnLineBody[]
    rows.push(...page)
    if (page.length < kind.page) return rows
  }
}

/** The custom line or line group with this id or name. */
export async function getOwnLine(client: Client, kind: Kind, nameOrId: string): Promise<OwnLineBody> {
  const all = await listOwnLines(client, kind)
  const found = all.find((line) => line.line_id === nameOrId || line.name === nameOrId)
  if (found !== undefined) return found
  const what = kind === CUSTOM ? 'custom line' : 'line group'
  const list = kind === CUSTOM ? 'lines list --own' : 'line-groups list'
  throw new CommandFailure(EXIT.refused, `there is no ${what} ${nameOrId}`, `list them with: waymark ${list}`)
}

interface SystemLineBody {
  readonly id: string
  readonly father_id: string
  readonly name: string
}

/** More than there are built-in lines. */
const SYSTEM_PAGE = 1000

export async function listSystemLines(client: Client): Promise<readonly SystemLineBody[]> {
  const query = { locale: 'en-us', limit: SYSTEM_PAGE }
  return (await client.json<{ lines: SystemLineBody[] }>('GET', '/v2.1/system-lines', { query })).lines
}

const OWN_ID = /^(custom|lgroup)_\w{32}$/

/**
 * What people are shown of lines: built-in ones by their id, the account's own by their name. The server is asked only where `ids` has
 * some of these. Names of others (an account that may not list its lines) stay ids.
 */
export async function lineNames(client: Client, ids: readonly string[]): Promise<(id: string) => string> {
  if (!ids.some((id) => OWN_ID.test(id))) return (id) => id
  const own = await Promise.all([listOwnLines(client, CUSTOM), listOwnLines(client, GROUPS)]).catch(
    (error) => {
      if (error instanceof ServerRefusal) return []
      throw error
    },
  )
  const names = new Map(own.flat().map(({ line_id, name }) => [line_id, name]))
  return (id) => names.get(id) ?? id
}

/** The id of a line that the user has named by its id or, where it is the account's own, by its name. */
export async function lineId(client: Client, line: string | undefined): Promise<string | undefined> {
  if (line === undefined || line === 'default_view' || OWN_ID.test(line)) return line
  if ((await listSystemLines(client)).some(({ id }) => id === line)) return line
  const own = [...(await listOwnLines(client, CUSTOM)), ...(await listOwnLines(client, GROUPS))]
  const found = own.find(({ name }) => name === line)
  if (found !== undefined) return found.line_id
  throw new CommandFailure(
    EXIT.refused,
    `there is no line ${line}`,
    'list the lines with: waymark lines list',
  )
}
