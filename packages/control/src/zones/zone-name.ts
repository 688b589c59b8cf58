import { getDomain } from 'tldts'
import { type OwnerName, readName } from '../record-sets/names.ts'
import type { ZoneType } from '../store/store.ts'

/**
 * The name of a zone: labels of letters, digits and hyphens, Unicode allowed. A public zone is a registrable name or lies below
 * one, so neither a top-level domain nor a public suffix. undefined when it cannot be one.
 */
export function readZoneName(text: unknown, zoneType: ZoneType): OwnerName | undefined {
  const name = typeof text === 'string' ? readName(text) : undefined
  if (name === undefined || /[_*]/.test(name.owner)) return undefined
  if (zoneType === 'public' && getDomain(name.owner.slice(0, -1)) === null) return undefined
  return name
}

/** The registrable name that a public apex (A-labels) is or lies below. */
export const registrableName = (apex: string): string => `${getDomain(apex.slice(0, -1))}.`

/** The names above `apex`, nearest first, without the root. */
export function namesAbove(apex: string): string[] {
  const labels = apex.split('.').slice(0, -1)
  return labels.slice(1).map((_, at) => `${labels.slice(at + 1).join('.')}.`)
}
