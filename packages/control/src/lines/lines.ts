import catalogue from '../catalogue/lines.json' with { type: 'json' }

/** A resolution line that is built in. */
export interface Line {
  readonly id: string
  readonly name_zh: string
  readonly name_en: string
  /** Qualified Chinese name: the only one that no two lines share. */
  readonly full_name_zh: string
  /** Line id or pseudo-root `DEFAULT`, `ISP`, `REGION`. */
  readonly parent: string
  readonly type: string
  /** Next wider line of the same dimension; null at its end. */
  readonly fallback: string | null
  /** ISO 3166-1 code of the country or area that the line is for. */
  readonly iso?: string
  /** ISO 3166-2 code of the province that the line is for, `CN-BJ`. */
  readonly iso_subdivision?: string
}

export type Language = 'zh-cn' | 'en-us'

export const DEFAULT_LINE = 'default_view'

/** All built-in lines in display order. */
export const LINES: readonly Line[] = catalogue

const byId = new Map(LINES.map((line) => [line.id, line]))

const byDisplayName = new Map<string, string>()
// A region is called the same in every provider's network and as a region of its own. The short name goes to the region,
// whose lines come last; the qualified names are unique and win over both.
for (const line of LINES) {
  byDisplayName.set(line.name_zh, line.id)
  byDisplayName.set(line.name_en.toLowerCase(), line.id)
}
for (const line of LINES) {
  byDisplayName.set(line.full_name_zh, line.id)
  byDisplayName.set(fullNameEn(line).toLowerCase(), line.id)
}

function fullNameEn(line: Line): string {
  const parts = [line.name_en]
  for (let up = byId.get(line.parent); up !== undefined; up = byId.get(up.parent)) parts.unshift(up.name_en)
  return parts.join('_')
}

/** Whether a record set may stand on this line. Ids are case-sensitive. */
export const isKnownLine = (id: string): boolean => id === DEFAULT_LINE || byId.has(id)

/** 1..64 letters, digits, `-` and `_`: anything else is no line id at all. */
export const isLineId = (id: unknown): boolean => typeof id === 'string' && /^[0-9A-Za-z_-]{1,64}$/.test(id)

/** Short name for people; the id itself for a line that is not built in. */
export function lineDisplayName(id: string, language: Language): string {
  const line = byId.get(id)
  if (line === undefined) return id
  return language === 'zh-cn' ? line.name_zh : line.name_en
}

/**
 * Name that tells the line from all others: `电信_北京`, `China Telecom_North China_Beijing`. What an export writes, so that it
 * can be imported again.
 */
export function lineFullName(id: string, language: Language): string {
  const line = byId.get(id)
  if (line === undefined) return id
  return language === 'zh-cn' ? line.full_name_zh : fullNameEn(line)
}

/** Id of the line with this id or display name, short or qualified, in either language; undefined when there is none. */
export function lineByDisplayName(text: string): string | undefined {
  const trimmed = text.trim()
  return byId.has(trimmed)
    ? trimmed
    : (byDisplayName.get(trimmed) ?? byDisplayName.get(trimmed.toLowerCase()))
}
