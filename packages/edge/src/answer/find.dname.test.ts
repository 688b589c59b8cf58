import { expect, test } from 'bun:test'
import { TestTable } from '../testing/ask.ts'
import { SOA_AND_NS } from '../testing/zone-text.ts'

const label = 'x'.repeat(60)
const table = new TestTable([
  {
    apex: 'example.org',
    text: `${SOA_AND_NS}
old 600 DNAME new.example.org.
old 300 TXT "beside it"
a.new 300 A 192.0.2.1
far 300 DNAME target.example.com.
wide 300 DNAME ${label}.${label}.${label}.example.org.
ring 300 DNAME sub.ring.example.org.
up 300 DNAME example.org.
long 300 DNAME ${label}.${label}.example.org.
`,
  },
])

test('below a DNAME the name is rewritten, and the chain goes on', () => {
  const { status, answer } = table.ask('a.old.example.org', 'A')
  expect(status).toBe('NOERROR AA')
  expect(answer).toEqual([
    'old.example.org. 600 DNAME new.example.org.',
    'a.old.example.org. 600 CNAME a.new.example.org.',
    'a.new.example.org. 300 A 192.0.2.1',
  ])
})

test('the end of the rewritten name decides', () => {
  expect(table.ask('b.old.example.org', 'A').status).toBe('NXDOMAIN AA')
  expect(table.ask('b.far.example.org', 'A').answer).toEqual([
    'far.example.org. 300 DNAME target.example.com.',
    'b.far.example.org. 300 CNAME b.target.example.com.',
  ])
})

test('CNAME asked below a DNAME is the synthesised one', () => {
  expect(table.ask('a.old.example.org', 'CNAME').answer).toEqual([
    'old.example.org. 600 DNAME new.example.org.',
    'a.old.example.org. 600 CNAME a.new.example.org.',
  ])
})

test('the owner of a DNAME keeps its own data', () => {
  expect(table.ask('old.example.org', 'TXT').answer).toEqual(['old.example.org. 300 TXT "beside it"'])
  expect(table.ask('old.example.org', 'DNAME').answer).toEqual([
    'old.example.org. 600 DNAME new.example.org.',
  ])
  expect(table.ask('old.example.org', 'A').status).toBe('NOERROR AA')
})

test('a name that would grow past 255 octets is YXDOMAIN with the DNAME', () => {
  const { status, answer } = table.ask(`${label}.wide.example.org`, 'A')
  expect(status).toBe('YXDOMAIN AA')
  expect(answer).toEqual([`wide.example.org. 300 DNAME ${label}.${label}.${label}.example.org.`])
})

test('a DNAME that leads below itself ends', () => {
  const { status, answer } = table.ask('a.ring.example.org', 'A')
  expect(status).toBe('NOERROR AA')
  expect(answer.length).toBe(2)
})

test('a DNAME rewrites again what it has made shorter, and is given once', () => {
  expect(table.ask('a.new.up.up.example.org', 'A').answer).toEqual([
    'up.example.org. 300 DNAME example.org.',
    'a.new.up.up.example.org. 300 CNAME a.new.up.example.org.',
    'a.new.up.example.org. 300 CNAME a.new.example.org.',
    'a.new.example.org. 300 A 192.0.2.1',
  ])
})

test('a DNAME that is asked for through itself is given once', () => {
  expect(table.ask('up.up.example.org', 'DNAME').answer).toEqual([
    'up.example.org. 300 DNAME example.org.',
    'up.up.example.org. 300 CNAME up.example.org.',
  ])
})

test('the target of the synthesised CNAME is compressed: the whole of a long one fits 512 octets', () => {
  const { status, size } = table.ask(`${label}.long.example.org`, 'CNAME')
  expect(status).toBe('NOERROR AA')
  expect(size).toBeLessThan(400)
})
