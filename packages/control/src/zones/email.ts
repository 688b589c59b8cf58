import { parseName } from '@waymark/dns/name'
import { readName } from '../record-sets/names.ts'

/** The characters of a local part without quotes (RFC 5322 3.2.3). */
const LOCAL_PART = /^[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+(\.[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+)*$/

/**
 * The RNAME of a SOA for a mailbox: `@` becomes a dot, and a dot of the local part is escaped (RFC 1035 8). undefined when it is
 * no mailbox, or one that makes no domain name.
 */
export function mailboxName(email: string): string | undefined {
  const at = email.lastIndexOf('@')
  const local = email.slice(0, Math.max(at, 0))
  const domain = readName(email.slice(at + 1))?.owner
  if (domain === undefined || /[_*]/.test(domain) || !LOCAL_PART.test(local)) return undefined
  const name = `${local.replaceAll('.', '\\.')}.${domain}`
  return parseName(name).ok ? name : undefined
}

/** The mailbox of a zone that was created without one. */
export const defaultEmail = (apex: string): string => `hostmaster@${apex.slice(0, -1)}`
