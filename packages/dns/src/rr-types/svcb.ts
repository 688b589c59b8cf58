import type { Problem } from '../result.ts'
import { plainName } from './name-fields.ts'
import { u16 } from './number-fields.ts'
import { rrType } from './rr-type.ts'
import {
  keyName,
  mandatoryKeys,
  SVC_ALPN,
  SVC_NO_DEFAULT_ALPN,
  type SvcParams,
  svcParams,
} from './svc-params.ts'
import { TYPE_HTTPS, TYPE_SVCB } from './type-codes.ts'

const fields = [u16('priority'), plainName('target'), svcParams('params')] as const

function check({ priority, params }: { priority: number; params: SvcParams }): Problem | null {
  // RFC 9460 2.4.2: priority 0 is an alias, and receivers ignore what else it says.
  if (priority === 0 && params.size > 0) {
    return { id: 'svc-alias-params', detail: 'An alias (priority 0) has no parameters (RFC 9460 2.4.2).' }
  }
  const missing = mandatoryKeys(params).find((key) => !params.has(key))
  if (missing !== undefined) {
    return {
      id: 'svc-mandatory-missing',
      detail: `The mandatory parameter ${keyName(missing)} is missing (RFC 9460 8).`,
    }
  }
  if (params.has(SVC_NO_DEFAULT_ALPN) && !params.has(SVC_ALPN)) {
    return { id: 'svc-alpn-missing', detail: 'no-default-alpn needs alpn beside it (RFC 9460 7.1.1).' }
  }
  return null
}

/** RFC 9460 2 */
export const SVCB = rrType('SVCB', TYPE_SVCB, fields, { additional: 'target', check })

/** RFC 9460 9 */
export const HTTPS = rrType('HTTPS', TYPE_HTTPS, fields, { additional: 'target', check })
