import { expect, test } from 'bun:test'
import { compareSerials, nextSerial } from './serial.ts'

test('serials are compared around the wrap', () => {
  expect(compareSerials(1, 1)).toBe(0)
  expect(compareSerials(2, 1)).toBe(1)
  expect(compareSerials(0, 0xffffffff)).toBe(1)
  expect(compareSerials(0xffffffff, 5)).toBe(-1)
  expect(compareSerials(0x7fffffff, 0)).toBe(1)
  expect(compareSerials(0x80000001, 0)).toBe(-1)
})

test('the distance of half the numbers has no order', () => {
  expect(compareSerials(0x80000000, 0)).toBeNaN()
  expect(compareSerials(0, 0x80000000)).toBeNaN()
})

test('the serial after the last is zero', () => {
  expect(nextSerial(0xffffffff)).toBe(0)
  expect(nextSerial(7)).toBe(8)
})
