import { isIP } from 'node:net'
import type { Settings } from './settings.ts'

/** 0.0.0.0, and the unspecified IPv6 address in any spelling. */
const ALL_ADDRESSES = /^[0:.]+$/

/** What names under URL forwarding are answered with: as set, or the address of the listener where it has one of its own. */
export function redirectAddresses({
  redirect,
  'redirect-address': chosen,
}: Pick<Settings, 'redirect' | 'redirect-address'>): readonly string[] {
  if (chosen !== undefined) return chosen
  if (redirect === undefined || isIP(redirect.host) === 0 || ALL_ADDRESSES.test(redirect.host)) return []
  return [redirect.host]
}
