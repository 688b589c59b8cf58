import { expect, test } from 'bun:test'
import { ServerCookies } from './server-cookies.ts'

const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
const OLD_SECRET = octets('dd3bdf9344b678b185a6f5cb60fca715')
const SECRET = octets('e5e973e5a6b2a43f48e7dc849e37bfcf')
const SOURCE = '198.51.100.100'
const MADE_AT = 1559731985
/** RFC 9018 A.1: client cookie and server cookie. */
const COOKIE = octets('2464c4abcf10c957010000005cf79f111f8130c3eee29480')

const at = (seconds: number, ...secrets: Uint8Array[]) => new ServerCookies(secrets, () => seconds * 1000)

test('the cookies are those of the appendix of RFC 9018', () => {
  for (const [secret, time, source, cookie] of [
    [SECRET, MADE_AT, SOURCE, COOKIE],
    [SECRET, 1559734385, SOURCE, octets('2464c4abcf10c957010000005cf7a871d4a564a1442aca77')],
    [
      octets('445536bcd2513298075a5d379663c962'),
      1559741961,
      '2001:db8:220:1:59de:d0f4:8769:82b8',
      octets('22681ab97d52c298010000005cf7c609a6bb79d16625507a'),
    ],
  ] as const) {
    const out = new Uint8Array(16)
    at(time, secret).write(cookie, 0, source, out, 0)
    expect(Buffer.from(out).toString('hex')).toBe(Buffer.from(cookie.subarray(8)).toString('hex'))
  }
})

test('a cookie is good for an hour, for its address and its client cookie alone', () => {
  expect(at(MADE_AT, SECRET).isValid(COOKIE, 0, 16, SOURCE)).toBe(true)
  expect(at(MADE_AT + 3600, SECRET).isValid(COOKIE, 0, 16, SOURCE)).toBe(true)
  expect(at(MADE_AT + 3601, SECRET).isValid(COOKIE, 0, 16, SOURCE)).toBe(false)
  expect(at(MADE_AT - 300, SECRET).isValid(COOKIE, 0, 16, SOURCE)).toBe(true)
  expect(at(MADE_AT - 301, SECRET).isValid(COOKIE, 0, 16, SOURCE)).toBe(false)
  expect(at(MADE_AT, SECRET).isValid(COOKIE, 0, 16, '198.51.100.101')).toBe(false)
  expect(at(MADE_AT, SECRET).isValid(COOKIE, 0, 8, SOURCE)).toBe(false)
  expect(at(MADE_AT, SECRET).isValid(COOKIE, 0, 16, `::ffff:${SOURCE}`)).toBe(true)
  for (let i = 0; i < COOKIE.length; i++) {
    const changed = COOKIE.slice()
    changed[i]! ^= 1
    expect(at(MADE_AT, SECRET).isValid(changed, 0, 16, SOURCE)).toBe(false)
  }
})

test('an older secret recognises cookies and makes none', () => {
  const both = at(MADE_AT, OLD_SECRET, SECRET)
  expect(both.isValid(COOKIE, 0, 16, SOURCE)).toBe(true)
  const out = new Uint8Array(16)
  both.write(COOKIE, 0, SOURCE, out, 0)
  expect(out).not.toEqual(COOKIE.subarray(8))
})
