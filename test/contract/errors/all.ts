import errors from '../../../packages/control/src/catalogue/errors.json' with { type: 'json' }
import type { ErrorCases } from './error-case.ts'
import { FILE_CASES } from './files.ts'
import { GATEWAY_CASES } from './gateway.ts'
import { GENERAL_CASES } from './general.ts'
import { LINE_AND_TAG_CASES } from './lines-and-tags.ts'
import { NETWORK_CASES } from './networks.ts'
import { NOT_OCCURRING } from './not-occurring.ts'
import { RECORD_SET_CASES } from './record-sets.ts'
import { ZONE_CASES } from './zones.ts'

export const ERROR_CASES: ErrorCases = {
  ...GENERAL_CASES,
  ...ZONE_CASES,
  ...RECORD_SET_CASES,
  ...LINE_AND_TAG_CASES,
  ...NETWORK_CASES,
  ...FILE_CASES,
  ...GATEWAY_CASES,
}

/** A row of the catalogue; the gateway has several with one code. */
export interface CataloguedError {
  readonly code: string
  readonly http: readonly number[]
  readonly message: string
}

export const CATALOGUED: readonly CataloguedError[] = [...errors.errors, ...errors.gateway_errors]

/** Why no request leads to a code; undefined for codes that occur. */
export const reasonOf = (code: string): string | undefined =>
  NOT_OCCURRING.find(({ codes }) => codes.includes(code))?.reason
