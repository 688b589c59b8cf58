import type { openLab } from '../../../packages/control/src/tenants/testing.ts'
import type { ContractLab } from '../contract-lab.ts'

/** What was answered: by a call, or for an item of a task. */
export interface Refused {
  /** Absent for items of tasks, which have none of their own. */
  readonly status?: number
  readonly code: string | undefined
}

export interface ErrorCase {
  /** What leads to it, in words. */
  readonly how: string
  /** Absent for items of tasks. */
  readonly status?: number
  /** Without these it does not happen. */
  readonly settings?: Parameters<typeof openLab>[0]
  readonly reach: (lab: ContractLab) => Promise<Refused>
}

/** By code. */
export type ErrorCases = Readonly<Record<string, ErrorCase>>

type Request = readonly [method: string, path: string, body?: unknown]

/** A case of one request, after whatever has to be there for it. */
export const refusal = (
  status: number,
  how: string,
  request: (lab: ContractLab) => Request | Promise<Request>,
  settings?: ErrorCase['settings'],
): ErrorCase => ({
  ...{ how, status, settings },
  async reach(lab) {
    const [method, path, body] = await request(lab)
    const answer = await lab.call(method, path, body)
    return { status: answer.status, code: answer.json?.code ?? answer.json?.error_code }
  },
})
