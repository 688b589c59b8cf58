import type { ContractLab } from '../contract-lab.ts'

/** What to send, with every field that the operation documents. */
export interface Sample {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: object
}

/** Makes what the request names, and the request. */
export type SampleMaker = (lab: ContractLab) => Promise<Sample> | Sample

export type Samples = Readonly<Record<string, SampleMaker>>

/** Sent with every list that knows them. */
export const PAGE = { limit: '500', offset: '0' }
export const TAG = { key: 'env', value: 'test' }
