import type { RecordSet, Zone } from '../store/store.ts'
import { type Checking, checkDraft } from './check.ts'
import type { RecordSetDraft, Verdict } from './draft.ts'
import { ZoneState } from './zone-state.ts'

/** For tests only: drafts judged one after the other against a zone that begins empty. */

export const testZone = (fields: Partial<Zone> = {}): Zone => ({
  id: 'a'.repeat(32),
  domainId: 'd'.repeat(32),
  projectId: 'b'.repeat(32),
  zoneType: 'public',
  name: 'shop.example.',
  apex: 'shop.example.',
  description: '',
  email: 'hostmaster@shop.example',
  ttl: 300,
  status: 'ACTIVE',
  serial: 1,
  revision: 1,
  primaries: [],
  recordCount: 2,
  enterpriseProjectId: '0',
  proxyPattern: null,
  routers: [],
  tags: [],
  createdAt: 0,
  updatedAt: null,
  ...fields,
})

export const PRIVATE: Partial<Zone> = { zoneType: 'private' }

export const testDraft = (fields: Partial<RecordSetDraft> = {}): RecordSetDraft => ({
  name: 'www.shop.example.',
  type: 'A',
  line: 'default_view',
  ttl: 300,
  weight: undefined,
  records: ['192.0.2.10'],
  status: 'ENABLE',
  description: null,
  ...fields,
})

export interface JudgeOptions extends Partial<Omit<Checking, 'state'>> {
  readonly zone?: Partial<Zone>
  /** What stands in the zone already. */
  readonly rows?: readonly RecordSet[]
  readonly withNamesBelow?: readonly string[]
}

export function testChecking(state: ZoneState, overrides: Partial<Checking> = {}): Checking {
  let nextId = 1
  return {
    state,
    door: 'v2.1',
    strictTypes: false,
    apexCnameWithMail: false,
    redirectRdatas: null,
    now: 0,
    newId: () => (nextId++).toString(16).padStart(32, '0'),
    quotaLeft: Number.POSITIVE_INFINITY,
    ...overrides,
  }
}

/** The verdicts on `drafts`, where accepted ones stand in the way of those after them. */
export function judgeAll(drafts: readonly Partial<RecordSetDraft>[], options: JudgeOptions = {}): Verdict[] {
  const { zone, rows = [], withNamesBelow = [], ...overrides } = options
  const state = new ZoneState(testZone(zone), rows, withNamesBelow)
  const checking = testChecking(state, overrides)
  return drafts.map((fields) => {
    const verdict = checkDraft(testDraft(fields), checking)
    if (verdict.ok) {
      state.add(verdict.row)
      checking.quotaLeft--
    }
    return verdict
  })
}

/** The verdict on the last of `drafts`: `ok`, or the code. */
export const codeOfLast = (drafts: readonly Partial<RecordSetDraft>[], options?: JudgeOptions): string => {
  const verdict = judgeAll(drafts, options).at(-1)!
  return verdict.ok ? 'ok' : verdict.failure.code
}

export const codeOf = (fields: Partial<RecordSetDraft>, options?: JudgeOptions): string =>
  codeOfLast([fields], options)

/** The text of the refusal of the last of `drafts`. */
export function messageOfLast(drafts: readonly Partial<RecordSetDraft>[], options?: JudgeOptions): string {
  const verdict = judgeAll(drafts, options).at(-1)!
  if (verdict.ok) throw new Error('the draft was accepted')
  return verdict.failure.message
}
