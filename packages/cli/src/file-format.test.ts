import { expect, test } from 'bun:test'
import { detectFormat } from './file-format.ts'

const detect = (name: string, text: string) => detectFormat(name, new TextEncoder().encode(text))

test('the extension decides', () => {
  expect(detect('a.CSV', '{}')).toBe('csv')
  expect(detect('example.org.zone', 'x')).toBe('zone')
  expect(detect('a.xlsx', '')).toBe('xlsx')
})

test('without a known extension the beginning of the content decides', () => {
  expect(detect('-', 'PK\x03\x04…')).toBe('xlsx')
  expect(detect('-', '\ufeff {"recordsets":[]}')).toBe('json')
  expect(detect('-', '[{}]')).toBe('json')
  expect(detect('-', '$TTL 300\n')).toBe('zone')
  expect(detect('-', '; comment\n')).toBe('zone')
  expect(detect('-', 'www 300 IN A 192.0.2.1\n')).toBe('zone')
  expect(detect('records', 'name,type,ttl\nwww,A,300\n')).toBe('csv')
  expect(detect('records.txt', 'hello\n')).toBeUndefined()
})
