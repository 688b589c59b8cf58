import { MAX_CHAIN } from '../answer/query.ts'

/** A record of the naive resolver: names relative to nothing, lower case, with final dot. */
export interface NaiveRecord {
  readonly owner: string
  readonly type: string
  readonly data: string
}

export interface NaiveAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN'
  /** `owner type data`, in order. */
  readonly answer: readonly string[]
  /** What stands in authority: the owner of the SOA or of the NS set, or nothing. */
  readonly authority: string
}

/** API: what stands beside a CNAME at the apex answers itself. */
const BESIDE_APEX_CNAME = ['SOA', 'NS', 'MX', 'TXT']

/**
 * Answers from a list of records by the words of RFC 1034 4.3.2, RFC 4592 and RFC 6672, with strings and searches through
 * the whole list: slow and plain, to hold the answer path against.
 */
export function resolveNaively(
  records: readonly NaiveRecord[],
  apex: string,
  name: string,
  type: string,
): NaiveAnswer {
  const setAt = (owner: string, wanted: string) =>
    records.filter((each) => each.owner === owner && each.type === wanted)
  const exists = (owner: string) =>
    records.some((each) => each.owner === owner || each.owner.endsWith(`.${owner}`))
  const answer: string[] = []
  /** What the chain went through, and the name it had there. */
  const visited: [passed: string, name: string][] = []
  let current = name
  for (;;) {
    if (current !== apex && !current.endsWith(`.${apex}`)) return { rcode: 'NOERROR', answer, authority: '' }
    let rewritten: string | undefined
    for (const ancestor of pathFromApex(current, apex)) {
      const isCut = ancestor !== apex && setAt(ancestor, 'NS').length > 0
      if (isCut && !(ancestor === current && type === 'DS'))
        return { rcode: 'NOERROR', answer, authority: `NS ${ancestor}` }
      const dname = ancestor === current ? [] : setAt(ancestor, 'DNAME')
      if (dname.length === 0) continue
      // It rewrites once more what it has made shorter, and stands in the answer once.
      const before = visited.findLast(([passed]) => passed === `DNAME ${ancestor}`)
      if ((before !== undefined && current.length >= before[1].length) || visited.length === MAX_CHAIN) {
        return { rcode: 'NOERROR', answer, authority: '' }
      }
      visited.push([`DNAME ${ancestor}`, current])
      rewritten = current.slice(0, -ancestor.length) + dname[0]!.data
      if (before === undefined) answer.push(`${ancestor} DNAME ${dname[0]!.data}`)
      answer.push(`${current} CNAME ${rewritten}`)
      break
    }
    if (rewritten !== undefined) {
      if (type === 'CNAME') return { rcode: 'NOERROR', answer, authority: '' }
      current = rewritten
      continue
    }
    let node = current
    if (!exists(current)) {
      let encloser = parent(current)
      while (!exists(encloser)) encloser = parent(encloser)
      node = `*.${encloser}`
      if (!exists(node)) return { rcode: 'NXDOMAIN', answer, authority: `SOA ${apex}` }
    }
    const standsBeside = node === apex && BESIDE_APEX_CNAME.includes(type) && setAt(apex, type).length > 0
    const cname = type === 'CNAME' || standsBeside ? [] : setAt(node, 'CNAME')
    if (cname.length === 0) {
      const found = setAt(node, type)
      const records = found.map(({ data }) => `${current} ${type} ${data}`)
      // A DNAME may have led to itself.
      answer.push(...records.filter((record) => !answer.includes(record)))
      return { rcode: 'NOERROR', answer, authority: found.length > 0 ? '' : `SOA ${apex}` }
    }
    const isLoop = visited.findLast(([passed]) => passed === `CNAME ${node}`)?.[1] === current
    if (isLoop || visited.length === MAX_CHAIN) return { rcode: 'NOERROR', answer, authority: '' }
    visited.push([`CNAME ${node}`, current])
    answer.push(`${current} CNAME ${cname[0]!.data}`)
    current = cname[0]!.data
  }
}

const parent = (name: string): string => name.slice(name.indexOf('.') + 1)

function pathFromApex(name: string, apex: string): string[] {
  const path = [name]
  while (path[0] !== apex) path.unshift(parent(path[0]!))
  return path
}
