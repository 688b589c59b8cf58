import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { TestTable } from '../testing/ask.ts'
import { type NaiveRecord, resolveNaively } from '../testing/naive-resolver.ts'
import { SOA_AND_NS } from '../testing/zone-text.ts'

const APEX = 'z.'
const askedType = fc.constantFrom('A', 'TXT', 'CNAME', 'NS', 'DS', 'DNAME', 'MX')
const labels = fc.array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 3 })
const below = labels.map((parts) => `${parts.join('.')}.${APEX}`)
const target = fc.oneof(
  { weight: 4, arbitrary: below },
  { weight: 1, arbitrary: fc.constant('out.example.') },
  { weight: 1, arbitrary: fc.constant(APEX) },
)
/** An apex with a CNAME is loaded by no other server: nobody but the model is there to compare it to. */
const atApex = fc.oneof(
  { weight: 2, arbitrary: fc.record({ owner: fc.constant(APEX), type: fc.constant('CNAME'), data: target }) },
  { weight: 1, arbitrary: fc.record({ owner: fc.constant(APEX), type: fc.constant('DNAME'), data: target }) },
  ...[
    ['A', '192.0.2.2'],
    ['TXT', '"apex"'],
    ['MX', '5 mx.example.'],
  ].map(([type, data]) => ({
    weight: 1,
    arbitrary: fc.constant({ owner: APEX, type: type!, data: data! }),
  })),
)

const set = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ owner: below, type: fc.constant('A'), data: fc.constant('192.0.2.1') }),
  },
  { weight: 2, arbitrary: fc.record({ owner: below, type: fc.constant('TXT'), data: fc.constant('"t"') }) },
  { weight: 3, arbitrary: fc.record({ owner: below, type: fc.constant('CNAME'), data: target }) },
  {
    weight: 1,
    arbitrary: fc.record({ owner: below, type: fc.constant('NS'), data: fc.constant('ns.example.') }),
  },
  { weight: 1, arbitrary: fc.record({ owner: below, type: fc.constant('DNAME'), data: target }) },
  { weight: 2, arbitrary: atApex },
)

/**
 * What the rules of record sets leave over: CNAME alone, but for MX and TXT at the apex; no NS or DNAME at a wildcard, DNAME not beside
 * NS, one of a type.
 */
function makeLegal(sets: readonly NaiveRecord[]): NaiveRecord[] {
  const kept: NaiveRecord[] = []
  for (const each of sets) {
    const there = kept.filter(({ owner }) => owner === each.owner).map(({ type }) => type)
    const pair = [...there, each.type]
    if (there.includes(each.type)) continue
    if (pair.includes('CNAME') && pair.some((type) => !mayStandBesideCname(each.owner, type))) continue
    if (
      ['NS', 'DNAME'].includes(each.type) &&
      (each.owner.includes('*') || there.some((type) => /NS|DNAME/.test(type)))
    ) {
      continue
    }
    kept.push(each)
  }
  return kept
}

const mayStandBesideCname = (owner: string, type: string): boolean =>
  type === 'CNAME' || (owner === APEX && ['MX', 'TXT'].includes(type))

const SOA_AND_SERVERS: NaiveRecord[] = [
  { owner: APEX, type: 'SOA', data: '' },
  { owner: APEX, type: 'NS', data: 'ns1.lab.example.' },
]

test('the answer path agrees with a naive resolver, while record sets come and go', () => {
  fc.assert(
    fc.property(
      fc.array(set, { maxLength: 12 }),
      fc.array(fc.nat(11), { maxLength: 4 }),
      fc.array(fc.tuple(fc.oneof({ weight: 4, arbitrary: below }, fc.constant(APEX)), askedType), {
        minLength: 1,
        maxLength: 12,
      }),
      (sets, removed, questions) => {
        const all = makeLegal(sets)
        const gone = new Set(removed.filter((i) => i < all.length))
        const text = all.map(({ owner, type, data }) => `${owner} 300 ${type} ${data}`).join('\n')
        const table = new TestTable([{ apex: APEX, text: `${SOA_AND_NS}\n${text}` }])
        for (const i of gone) table.remove(APEX, all[i]!.owner, all[i]!.type)
        const records = [...SOA_AND_SERVERS, ...all.filter((_, i) => !gone.has(i))]
        for (const [name, type] of questions) {
          const expected = resolveNaively(records, APEX, name, type)
          const actual = table.ask(name, type, { isTcp: true })
          const [owner, , authorityType] = actual.authority[0]?.split(' ') ?? []
          expect({
            question: `${name} ${type}`,
            rcode: actual.status.split(' ')[0] as string,
            isAuthoritative: actual.status.includes(' AA'),
            answer: actual.answer.map((record) => record.replace(/ \d+ /, ' ')),
            authority: owner === undefined ? '' : `${authorityType} ${owner}`,
          }).toEqual({
            question: `${name} ${type}`,
            rcode: expected.rcode,
            isAuthoritative: expected.answer.length > 0 || !expected.authority.startsWith('NS'),
            answer: [...expected.answer],
            authority: expected.authority,
          })
        }
      },
    ),
    { numRuns: 1500 },
  )
})
