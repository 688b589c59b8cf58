import { LINES } from './lines.ts'

const byId = new Map(LINES.map((line) => [line.id, line]))
const OPERATORS = LINES.filter(({ type, parent }) => type === 'isp' && parent === 'ISP').map(({ id }) => id)
const MAINLAND = 'CN'

/** Countries and areas that have no line of their own, and the widest that they belong to. */
const WITHOUT_LINE: Readonly<Record<string, string>> = {
  ...{ BA: 'EU', SJ: 'EU', KP: 'AP', CC: 'AP', PN: 'OA', UM: 'OA', HM: 'OA', FK: 'LA', GS: 'LA' },
  ...{ SH: 'AF', TF: 'AF', AQ: 'Abroad', BV: 'Abroad' },
}
const byCountry = new Map<string, string>()
for (const line of LINES) {
  // The mainland's own line comes before its provinces, which have the same code.
  if (line.type === 'region' && line.iso !== undefined && !byCountry.has(line.iso)) {
    byCountry.set(line.iso, line.id)
  }
}

/** The line of an ISO 3166-1 code, or of the continent where the country has none; undefined when the code is none. */
export const lineOfCountry = (code: string): string | undefined => byCountry.get(code) ?? WITHOUT_LINE[code]

/** Whether record sets can be on this built-in line, and addresses therefore too. */
export const isPlace = (id: string): boolean => byId.has(id) && id !== 'default_view'

/**
 * The lines of a visitor who is on `id`, the narrowest first, without the default line. API: all of the operator's, then those of
 * the place: `Dianxin_Beijing`, `Dianxin_Huabei`, `Dianxin`, `Beijing`, `Huabei`, `CN`.
 */
export function lineChain(id: string): readonly string[] {
  const operator = operatorOf(id)
  return operator === undefined ? widening(id) : [...widening(id), ...widening(placeOf(id) ?? MAINLAND)]
}

/**
 * What is known of an address when `below` was known and `above` comes on top: an operator without place keeps a place on the
 * mainland that was known, a place there keeps its operator. Anything else replaces.
 */
export function combineLines(below: string | undefined, above: string): string {
  if (below === undefined || !isOnMainland(below) || !isOnMainland(above)) return above
  const operator = operatorOf(above) ?? operatorOf(below)
  const place = placeOf(above) ?? placeOf(below)
  if (operator === undefined) return place ?? MAINLAND
  return place === undefined ? operator : `${operator}_${place}`
}

function widening(id: string): string[] {
  const chain: string[] = []
  for (let at = byId.get(id); at !== undefined && at.type !== 'default'; at = byId.get(at.fallback ?? '')) {
    chain.push(at.id)
  }
  return chain
}

const operatorOf = (id: string): string | undefined =>
  OPERATORS.find((operator) => id === operator || id.startsWith(`${operator}_`))

/** The part of the mainland, undefined for all of it. */
function placeOf(id: string): string | undefined {
  const operator = operatorOf(id)
  const place = operator === undefined ? id : id.slice(operator.length + 1)
  return place === '' || place === MAINLAND ? undefined : place
}

const isOnMainland = (id: string): boolean => lineChain(id).at(-1) === MAINLAND
