import { expect, test } from 'bun:test'
import { queryPacket, readAnswer, TestTable } from '../testing/ask.ts'
import { everybodyOn } from '../testing/ranges.ts'
import { SOA_AND_NS } from '../testing/zone-text.ts'

const table = new TestTable([
  {
    apex: 'example.org',
    text: `${SOA_AND_NS}
; weight 2
w 300 A 192.0.2.1
w 300 A 192.0.2.11
; weight 3
w 60 A 192.0.2.2
; weight 1
w 300 A 192.0.2.3
; weight 0
w 300 A 192.0.2.4
; weight 0
zero 300 A 192.0.2.1
; set
; weight 0
zero 300 A 192.0.2.2
; weight 5
c 300 CNAME x.example.com.
; weight 5
; set
c 300 CNAME y.example.com.
; line Dianxin
only-line 300 A 192.0.2.1
line 300 A 192.0.2.1
line 300 CNAME on-line.example.com.
; line
; weight -1
line 300 A 192.0.2.2
`,
  },
])

function shares(name: string, rounds: number): Map<string, number> {
  const packet = queryPacket(name, 'A')
  const counts = new Map<string, number>()
  for (let i = 0; i < rounds; i++) {
    const reply = Buffer.from(table.send(packet)!).toString('latin1')
    counts.set(reply, (counts.get(reply) ?? 0) + 1)
  }
  const inWords = (reply: string) => readAnswer(Buffer.from(reply, 'latin1')).answer.join(' | ')
  return new Map([...counts].map(([reply, count]) => [inWords(reply), count]))
}

test('weighted variants are given in proportion, one variant an answer, weight 0 never beside others', () => {
  const rounds = 100_000
  const counts = shares('w.example.org', rounds)
  expect([...counts.keys()].sort()).toEqual([
    'w.example.org. 300 A 192.0.2.1 | w.example.org. 300 A 192.0.2.11',
    'w.example.org. 300 A 192.0.2.3',
    'w.example.org. 60 A 192.0.2.2',
  ])
  const off = (key: string, share: number) => Math.abs(counts.get(key)! / rounds - share)
  expect(off('w.example.org. 60 A 192.0.2.2', 1 / 2)).toBeLessThan(0.01)
  expect(off('w.example.org. 300 A 192.0.2.3', 1 / 6)).toBeLessThan(0.01)
})

test('when only weight 0 is left, one is given evenly', () => {
  const counts = shares('zero.example.org', 2000)
  expect(counts.size).toBe(2)
  for (const count of counts.values()) expect(count / 2000).toBeCloseTo(1 / 2, 1)
})

test('weights hold for CNAMEs too', () => {
  expect([...shares('c.example.org', 200).keys()].sort()).toEqual([
    'c.example.org. 300 CNAME x.example.com.',
    'c.example.org. 300 CNAME y.example.com.',
  ])
})

test('a line is chosen before the type, and visitors of no line get the default', () => {
  expect(table.ask('line.example.org', 'A').answer).toEqual(['line.example.org. 300 A 192.0.2.2'])
  expect(table.ask('only-line.example.org', 'A').status).toBe('NOERROR AA')
  expect(table.ask('only-line.example.org', 'A').answer).toEqual([])
  const from = '192.0.2.99'
  table.view.lines.ranges = everybodyOn('Dianxin')
  expect(table.ask('line.example.org', 'A', { from }).answer).toEqual([
    'line.example.org. 300 CNAME on-line.example.com.',
  ])
  expect(table.ask('only-line.example.org', 'A', { from }).answer).toEqual([
    'only-line.example.org. 300 A 192.0.2.1',
  ])
  expect(table.ask('w.example.org', 'A', { from }).answer.length).toBeGreaterThan(0)
  table.view.lines.ranges = undefined
})
