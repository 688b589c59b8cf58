import { expect, test } from 'bun:test'
import { textsMeant } from './text-values.ts'

const gophercloud = new Headers({ 'User-Agent': 'gophercloud/v1.14.1' })
const txt = (...records: unknown[]) => ({ type: 'TXT', records })

test('clients of OpenStack may leave out the quotes of TXT values, and repeat a value with and without them', async () => {
  expect(await textsMeant(txt('abc', '"abc"', 'v=spf1 -all'), gophercloud)).toEqual(
    txt('"abc"', '"v=spf1 -all"'),
  )
})

test('where the body does not tell the type, that of the record set counts', async () => {
  const body = { ttl: 60, records: ['abc'] }
  expect(await textsMeant(body, gophercloud, async () => 'TXT')).toEqual({ ...body, records: ['"abc"'] })
  expect(await textsMeant(body, gophercloud, async () => 'A')).toBe(body)
})

test('other types, half-quoted values and other clients are left as they are', async () => {
  for (const body of [{ type: 'A', records: ['192.0.2.1'] }, txt('"abc', ''), txt(7), txt(), null, undefined])
    expect(await textsMeant(body, gophercloud)).toBe(body)
  const bare = txt('abc')
  for (const agent of ['curl/8.0', 'golangsdk/2.0.0', ''])
    expect(await textsMeant(bare, new Headers({ 'User-Agent': agent }))).toBe(bare)
})
