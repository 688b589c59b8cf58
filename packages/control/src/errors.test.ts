import { expect, test } from 'bun:test'
import { ERRORS } from './errors.ts'

test('each code of ours stands for one error', () => {
  const ours = Object.values(ERRORS)
    .map(({ code }) => code)
    .filter((code) => code.startsWith('WAYMARK.'))
  expect(ours.filter((code, i) => ours.indexOf(code) !== i)).toEqual([])
})
