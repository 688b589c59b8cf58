import { expect, test } from 'bun:test'
import { writeLines } from '@waymark/dns/feed-codec'
import fc from 'fast-check'
import { processQuery } from '../answer/process-query.ts'
import { Query } from '../answer/query.ts'
import { MemorySource } from '../source/memory.ts'
import { queryPacket, readAnswer } from '../testing/ask.ts'
import { everybodyOn } from '../testing/ranges.ts'
import { frame, networkFrame, SOA_AND_NS, type TestZone, zoneFrame, zoneIdOf } from '../testing/zone-text.ts'
import { TableView } from '../zone-table/view.ts'
import { explain } from './explain.ts'
import type { Explanation } from './explanation.ts'

const ACCOUNT = 'd'.repeat(32)
const CLIENT = '10.1.0.1'
const STRANGER = '203.0.113.9'

function tableOf(...zones: TestZone[]): MemorySource {
  const source = new MemorySource()
  source.apply(networkFrame('a:office', ['10.0.0.0/8'], ['192.0.2.53']))
  source.apply(
    frame(1, '0'.repeat(32), 0, (payload) =>
      writeLines(
        payload,
        ACCOUNT,
        [{ id: 'custom_1', segments: [[0x0a010000, 0x0a01ffff]] }],
        [{ id: 'lgroup_1', members: ['Dianxin'] }],
      ),
    ),
  )
  for (const zone of zones) source.apply(zoneFrame({ account: ACCOUNT, ...zone }))
  return source
}

const PUBLIC = (rows: string, apex = 'example.org'): TestZone => ({ apex, text: `${SOA_AND_NS}\n${rows}` })
const PRIVATE = (rows: string, apex = 'example.org', isRecursive = false): TestZone => ({
  ...{ apex, isRecursive, kind: 1, networks: ['a:office'], id: zoneIdOf(`private ${apex}`) },
  text: `${SOA_AND_NS}\n${rows}`,
})

interface Asked {
  readonly client?: string
  readonly subnet?: string
  readonly listener?: string
  readonly seed?: number
}

async function tell(
  source: MemorySource,
  name: string,
  type: string,
  asked: Asked = {},
): Promise<Explanation> {
  const table = {
    ...{ writer: source.writer, seq: 7, upstream: undefined },
    ranges: everybodyOn('Dianxin_Beijing', 'Dianxin_Huabei', 'Dianxin'),
  }
  const { client = STRANGER, subnet = '', listener = '', seed } = asked
  const told = await explain(table, 'edge-1', { name, type, client, subnet, listener }, seed)
  if (told === undefined) throw new Error('The question makes no sense.')
  return told
}

const wayOf = ({ steps, answer }: Explanation): string =>
  [
    ...steps.map(({ outcome, owner, is_private }) => `${is_private ? 'private ' : ''}${outcome} ${owner}`),
    answer.rcode,
  ].join(', ')

test('the way to each kind of answer is told', async () => {
  const source = tableOf(
    PUBLIC(`
www 300 A 192.0.2.1
*.wild 300 A 192.0.2.2
alias 300 CNAME www
far 300 CNAME www.far.example.
old 300 DNAME new
new 300 TXT "x"
loop 300 CNAME loop
sub 300 NS ns.far.example.
`),
  )
  for (const [name, type, way] of [
    ['www.example.org', 'A', 'exact www.example.org., NOERROR'],
    ['x.y.wild.example.org', 'A', 'wildcard *.wild.example.org., NOERROR'],
    ['alias.example.org', 'A', 'cname alias.example.org., exact www.example.org., NOERROR'],
    ['far.example.org', 'A', 'cname far.example.org., NOERROR'],
    ['loop.example.org', 'A', 'cname loop.example.org., loop loop.example.org., NOERROR'],
    ['a.old.example.org', 'A', 'dname old.example.org., no-name , NXDOMAIN'],
    ['a.sub.example.org', 'A', 'delegation sub.example.org., NOERROR'],
    ['www.example.org', 'TXT', 'no-data www.example.org., NOERROR'],
    ['nowhere.example.org', 'A', 'no-name , NXDOMAIN'],
    ['far.example', 'A', 'REFUSED'],
  ] as const) {
    expect([name, wayOf(await tell(source, name, type))]).toEqual([name, way])
  }
})

test('lines are told in the order in which they are looked at, with what there was to choose', async () => {
  const source = tableOf(
    PUBLIC(`
www 300 A 192.0.2.1
; line custom_1
www 300 A 192.0.2.2
; line lgroup_1
www 300 A 192.0.2.3
; line Liantong
www 300 A 192.0.2.4
`),
  )
  const told = await tell(source, 'www.example.org', 'A', { client: CLIENT })
  expect(told.client_lines).toEqual(['Dianxin_Beijing', 'Dianxin_Huabei', 'Dianxin'])
  const [step] = told.steps
  expect(step?.lines).toEqual(['custom_1', 'Dianxin', 'lgroup_1', 'default_view'])
  expect(step?.sets).toEqual([
    { type: 'A', line: 'default_view', is_on_line: true, is_chosen: false },
    { type: 'A', line: 'custom_1', is_on_line: true, is_chosen: true },
    { type: 'A', line: 'lgroup_1', is_on_line: true, is_chosen: false },
    { type: 'A', line: 'Liantong', is_on_line: false, is_chosen: false },
  ])
  const stranger = await tell(source, 'www.example.org', 'A', { subnet: '198.51.100.0/24' })
  expect(stranger.answer.answer).toEqual(['www.example.org. 300 IN A 192.0.2.3'])
  const subnet = await tell(source, 'www.example.org', 'A', { subnet: '10.1.0.0/16' })
  expect(subnet.answer.answer).toEqual(['www.example.org. 300 IN A 192.0.2.2'])
  expect(subnet.network).toBe('')
})

test('weights are told as shares, which the draw keeps', async () => {
  const source = tableOf(
    PUBLIC('; weight 5\nwww 60 A 192.0.2.1\n; weight 3\nwww 70 A 192.0.2.2\n; weight 0\nwww 80 A 192.0.2.3'),
  )
  const { steps, answer } = await tell(source, 'www.example.org', 'A')
  const variants = steps[0]!.variants
  expect(variants.map(({ weight, ttl, probability }) => [weight, ttl, probability])).toEqual([
    [5, 60, 5 / 8],
    [3, 70, 3 / 8],
    [0, 80, 0],
  ])
  const given = variants.find(({ is_given }) => is_given)!
  expect(answer.answer).toEqual([`www.example.org. ${given.ttl} IN A ${given.records[0]}`])
  // Every number that can be drawn, once.
  const view = new TableView(source.writer.handle)
  const q = new Query()
  const packet = queryPacket('www.example.org', 'A')
  const drawn = new Map<string, number>()
  for (let number = 0; number < 8; number++) {
    q.nextRandom = () => number
    const out = new Uint8Array(512)
    const size = processQuery(q, view, packet, packet.length, out, false)
    const record = readAnswer(out.slice(0, size)).answer[0]!.split(' ').at(-1)!
    drawn.set(record, (drawn.get(record) ?? 0) + 1)
  }
  expect([...drawn]).toEqual([
    ['192.0.2.1', 5],
    ['192.0.2.2', 3],
  ])
})

test('private zones are told with the network, and where a recursive one leads on', async () => {
  const source = tableOf(PRIVATE('www 300 A 192.0.2.1', 'example.org', true), PUBLIC('mail 300 A 192.0.2.2'))
  const own = await tell(source, 'www.example.org', 'A', { client: CLIENT })
  expect([own.network, wayOf(own)]).toEqual(['a:office', 'private exact www.example.org., NOERROR'])
  const next = await tell(source, 'mail.example.org', 'A', { client: CLIENT })
  expect(wayOf(next)).toBe('private passed-on , exact mail.example.org., NOERROR')
  const asked = await tell(source, 'www.example.org', 'A', { listener: '192.0.2.53' })
  expect(asked.network).toBe('a:office')
  const outside = await tell(source, 'www.example.org', 'A', { subnet: '10.1.0.0/16' })
  expect([outside.network, wayOf(outside)]).toEqual(['', 'no-name , NXDOMAIN'])
})

test('an alias whose target could not be had says so', async () => {
  const source = tableOf(PUBLIC('www 300 TXT "x"'))
  source.writer.putGroup(
    zoneIdOf('example.org'),
    Uint8Array.from([1, 97, 7, ...new TextEncoder().encode('example'), 3, 111, 114, 103, 0, 0, 0]),
    0,
    1,
    '',
    [{ weight: -1, ttl: 60, at: 15, length: 2 }],
    1,
  )
  const told = await tell(source, 'a.example.org', 'A')
  expect(wayOf(told)).toBe('no-address a.example.org., SERVFAIL')
  expect(told.answer.extended_error).toBe(22)
})

test.each([
  ['a..b', 'A', ''],
  ['example.org', 'NONSENSE', ''],
  ['example.org', 'A', '10.0.0.0/33'],
  ['example.org', 'A', 'here/8'],
])('a question that makes no sense is no question: %p %p %p', async (name, type, subnet) => {
  const table = { writer: tableOf().writer, seq: 1, ranges: undefined, upstream: undefined }
  expect(await explain(table, 'e', { name, type, client: CLIENT, subnet, listener: '' })).toBeUndefined()
})

const label = fc.constantFrom('a', 'b', '*')
const owner = fc.array(label, { minLength: 1, maxLength: 2 }).map((labels) => labels.join('.'))
const rows = fc
  .array(
    fc.tuple(
      owner,
      fc.constantFrom('A', 'TXT', 'CNAME', 'NS'),
      fc.constantFrom('', 'custom_1', 'lgroup_1', 'Liantong'),
      fc.constantFrom(-1, 0, 1, 7),
      fc.nat(3),
    ),
    { maxLength: 14 },
  )
  .map((sets) =>
    sets
      .map(([name, type, line, weight, n]) => {
        const target = ['a', 'a.b', 'b', 'far.example.'][n]
        const data = { A: `192.0.2.${n}`, TXT: `"${n}"`, CNAME: target, NS: 'ns.far.example.' }[type]
        return `; line ${line}\n; weight ${weight}\n${name} 300 ${type} ${data}`
      })
      .join('\n'),
  )

test('what is told is what is answered, for any zones, names and clients', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      rows,
      fc.boolean(),
      fc.array(
        fc.record({
          name: owner.map((name) => `${name.replaceAll('*', 'x')}.example.org`),
          type: fc.constantFrom('A', 'TXT', 'CNAME', 'NS', 'SOA', 'ANY', 'DS'),
          client: fc.constantFrom(CLIENT, '10.2.0.1', STRANGER),
          seed: fc.integer(),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      async (inside, outside, isRecursive, questions) => {
        const source = tableOf(PRIVATE(inside, 'example.org', isRecursive), PUBLIC(outside))
        const view = new TableView(source.writer.handle)
        view.lines.ranges = everybodyOn('Dianxin_Beijing', 'Dianxin_Huabei', 'Dianxin')
        for (const { name, type, client, seed } of questions) {
          const told = await tell(source, name, type, { client, seed })
          const packet = queryPacket(name, type, { payloadSize: 1232 })
          const q = new Query(seed)
          q.source = client
          const out = new Uint8Array(65535)
          const size = processQuery(q, view, packet, packet.length, out, true)
          const { status, answer } = readAnswer(out.slice(0, size))
          expect(told.answer.answer.map((record) => record.replace(' IN ', ' '))).toEqual(answer)
          expect(told.answer.rcode).toBe(status.split(' ')[0]!)
          // The records of the steps, one after the other, are those of the answer.
          const given = told.steps
            .filter(({ outcome }) => ['exact', 'wildcard', 'cname'].includes(outcome))
            .flatMap(({ variants }) => variants.find(({ is_given }) => is_given)!.records)
          const data = answer.map((record) => record.split(' ').slice(3).join(' '))
          if (type !== 'SOA') expect(given).toEqual(data)
          const last = told.steps.at(-1)!
          const isMissing = last.outcome === 'no-name' || (last.outcome === 'passed-on' && last.owner === '')
          expect(status.startsWith('NXDOMAIN')).toBe(isMissing)
          for (const { variants, sets, lines } of told.steps) {
            const shares = variants.reduce((sum, { probability }) => sum + probability, 0)
            if (variants.length > 0) expect(shares).toBeCloseTo(1)
            for (const { is_on_line, line } of sets) expect(is_on_line).toBe(lines.includes(line))
          }
        }
      },
    ),
    { numRuns: 150 },
  )
})
