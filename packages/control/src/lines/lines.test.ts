import { expect, test } from 'bun:test'
import { isKnownLine, isLineId, LINES, lineByDisplayName, lineDisplayName, lineFullName } from './lines.ts'

test('every line is known under its own id, case and all', () => {
  for (const { id } of LINES) expect(isKnownLine(id) && isLineId(id)).toBe(true)
  expect(LINES).toHaveLength(518)
  expect(isKnownLine('abroad')).toBe(false)
  expect(isKnownLine('toString')).toBe(false)
})

test('the full name of every line leads back to it, in both languages', () => {
  for (const { id } of LINES) {
    expect([id, lineByDisplayName(lineFullName(id, 'zh-cn'))]).toEqual([id, id])
    expect([id, lineByDisplayName(lineFullName(id, 'en-us'))]).toEqual([id, id])
  }
})

test.each([
  ['全网默认', 'default_view'],
  ['Default', 'default_view'],
  [' default ', 'default_view'],
  ['电信', 'Dianxin'],
  ['电信_北京', 'Dianxin_Beijing'],
  ['China Telecom', 'Dianxin'],
  ['Abroad', 'Abroad'],
  ['Dianxin_Beijing', 'Dianxin_Beijing'],
])('%p names the line %s', (text, id) => {
  expect(lineByDisplayName(text)).toBe(id)
})

test('a short name that providers share means the region', () => {
  expect(lineByDisplayName('北京')).toBe('Beijing')
  expect(lineByDisplayName('North China')).toBe('Huabei')
})

test('a name that is none leads nowhere', () => {
  expect(lineByDisplayName('Atlantis')).toBeUndefined()
  expect(lineDisplayName('custom_1', 'en-us')).toBe('custom_1')
})
