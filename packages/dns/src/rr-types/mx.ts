import { parseName } from '../name.ts'
import { compressibleName } from './name-fields.ts'
import { u16 } from './number-fields.ts'
import { isRoot, rrType } from './rr-type.ts'
import { TYPE_MX } from './type-codes.ts'

/** RFC 1035 3.3.9 */
export const MX = rrType('MX', TYPE_MX, [u16('preference'), compressibleName('exchange')], {
  additional: 'exchange',
  check({ preference, exchange }) {
    if (!isRoot(exchange) || preference === 0) return null
    return { id: 'null-mx-preference', detail: 'A null MX must have preference 0 (RFC 7505 3).' }
  },
  fast(text, origin) {
    let preference = 0
    let at = 0
    for (let code = text.charCodeAt(0); code >= 48 && code <= 57; code = text.charCodeAt(++at)) {
      preference = preference * 10 + code - 48
    }
    if (at === 0 || at > 5 || preference > 0xffff || text.charCodeAt(at) !== 0x20) return null
    const exchange = parseName(text.slice(at + 1), origin)
    if (!exchange.ok || isRoot(exchange.value)) return null
    const rdata = new Uint8Array(2 + exchange.value.length)
    rdata[0] = preference >> 8
    rdata[1] = preference
    rdata.set(exchange.value, 2)
    return rdata
  },
})
