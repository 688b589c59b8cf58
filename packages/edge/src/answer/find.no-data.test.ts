import { expect, test } from 'bun:test'
import { encodeRdatas, NO_WEIGHT, writeGroup } from '@waymark/dns/feed-codec'
import { decodeExtendedError, OPTION_EXTENDED_ERROR } from '@waymark/dns/message/edns'
import { TYPE_A } from '@waymark/dns/rr-types/type-codes'
import { TestTable } from '../testing/ask.ts'
import { frame, SOA_AND_NS, wire, zoneIdOf } from '../testing/zone-text.ts'

const TEXT = `${SOA_AND_NS}
www 300 CNAME shop
mail 300 MX 10 shop
shop 300 AAAA 2001:db8::1
`
const table = new TestTable([{ apex: 'example.org', text: TEXT }])
const put = (rdatas: readonly Uint8Array[]) =>
  table.source.apply(
    frame(2, zoneIdOf('example.org'), 2, (payload) => {
      const variants = [{ weight: NO_WEIGHT, ttl: 60, rdatas: encodeRdatas(rdatas) }]
      writeGroup(payload, wire('shop.example.org'), TYPE_A, 'default_view', variants)
    }),
  )
put([])

test('a group without data is SERVFAIL, without AA, and says why', () => {
  const reply = table.ask('shop.example.org', 'A', { payloadSize: 1232 })
  expect([reply.status, reply.answer, reply.authority]).toEqual(['SERVFAIL', [], []])
  const option = reply.message.edns?.options.find(({ code }) => code === OPTION_EXTENDED_ERROR)
  expect(decodeExtendedError(option!.data)?.infoCode).toBe(22)
})

test('also behind a CNAME, which is given all the same', () => {
  const reply = table.ask('www.example.org', 'A')
  expect([reply.status, reply.answer]).toEqual(['SERVFAIL', ['www.example.org. 300 CNAME shop.example.org.']])
})

test('other types at the name and names that lead there are answered', () => {
  expect(table.ask('shop.example.org', 'AAAA').status).toBe('NOERROR AA')
  expect(table.ask('shop.example.org', 'TXT').status).toBe('NOERROR AA')
  const mail = table.ask('mail.example.org', 'MX')
  expect([mail.status, mail.additional]).toEqual(['NOERROR AA', ['shop.example.org. 300 AAAA 2001:db8::1']])
})

test('data that is there later is answered', () => {
  put([Uint8Array.of(192, 0, 2, 7)])
  expect(table.ask('shop.example.org', 'A').answer).toEqual(['shop.example.org. 60 A 192.0.2.7'])
})
