import { expect, test } from 'bun:test'
import { formatDuration, progressText, startProgress } from './progress.ts'
import { styleOf } from './style.ts'
import { formatTable, shorten } from './table.ts'

test('columns are as wide as their widest cell, and wide characters count twice', () => {
  const columns = [{ title: 'NAME' }, { title: 'N', align: 'right' as const }]
  expect(
    formatTable(
      columns,
      [
        ['例子', '5'],
        ['www', '12'],
      ],
      80,
    ),
  ).toEqual(['NAME   N', '例子   5', 'www   12'])
})

test('only columns that may shrink are shortened, the widest first', () => {
  const columns = [{ title: 'ID' }, { title: 'A', minWidth: 4 }, { title: 'B', minWidth: 4 }]
  const rows = [['0123456789', 'aaaaaaaaaa', 'bbbbbb']]
  expect(formatTable(columns, rows, 24)[1]).toBe('0123456789  aaaa…  bbbb…'.slice(0, 30))
  expect(formatTable(columns, rows, 4)[1]).toBe('0123456789  aaa…  bbb…')
  expect(formatTable(columns, rows, Number.POSITIVE_INFINITY)[1]).toBe('0123456789  aaaaaaaaaa  bbbbbb')
})

test('a wrapping column goes on below itself, and nothing of it is lost', () => {
  const columns = [{ title: 'N' }, { title: 'WHY', minWidth: 8, wraps: true as const }]
  expect(formatTable(columns, [['1', 'one two three four']], 12)).toEqual([
    'N  WHY',
    '1  one two',
    '   three',
    '   four',
  ])
})

test('control characters in a cell neither break the table nor drive the terminal', () => {
  expect(formatTable([{ title: 'A' }], [['x\x1b[2Jy\nz']], 80)[1]).toBe('x [2Jy z')
})

test('a shortened text never cuts a wide character in half', () => {
  expect(shorten('例子例子', 6)).toBe('例子…')
  expect(shorten('abc', 3)).toBe('abc')
})

test('progress tells the part done, failures, rate and time left', () => {
  expect(progressText(0, 1000, 0, 50)).toBe('0 of 1,000')
  expect(progressText(25_000, 100_000, 12, 1000)).toBe(
    '25,000 of 100,000 · 12 failed · 25,000/s · 3.0 s left',
  )
  expect(progressText(1000, 1000, 0, 500)).toBe('1,000 of 1,000 · 2,000/s')
})

test('durations keep two or three digits', () => {
  expect([9, 994, 1500, 9949, 65_000, 119_999, 7_500_000].map(formatDuration)).toEqual([
    '9 ms',
    '994 ms',
    '1.5 s',
    '9.9 s',
    '65 s',
    '2 min',
    '2 h 5 min',
  ])
})

test('a bar redraws its line on a terminal and leaves nothing behind', () => {
  const written: string[] = []
  const style = styleOf({ isTTY: true, columns: 80 }, { NO_COLOR: '1' })
  const progress = startProgress((text) => written.push(text), style, 0)
  progress.update(50, 100, 0, 1000)
  progress.finish()
  expect(written).toEqual([`\r\x1b[K${'━'.repeat(24)} 50 of 100 · 50/s · 1.0 s left`, '\r\x1b[K'])
})

test('without a terminal a plain line comes every two seconds', () => {
  const written: string[] = []
  const progress = startProgress((text) => written.push(text), styleOf({}, {}), 0)
  for (const at of [500, 1500, 2000, 2500, 3900, 4000]) progress.update(at, 10_000, 0, at)
  progress.finish()
  expect(written).toEqual([
    '2,000 of 10,000 · 1,000/s · 8.0 s left\n',
    '4,000 of 10,000 · 1,000/s · 6.0 s left\n',
  ])
})

test('colours are for terminals without NO_COLOR', () => {
  expect(styleOf({ isTTY: true }, {}).red('x')).toBe('\x1b[31mx\x1b[0m')
  expect(styleOf({ isTTY: true }, { NO_COLOR: '1' }).red('x')).toBe('x')
  expect(styleOf({}, {}).red('x')).toBe('x')
})
