import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { RCODE_FORMERR, RCODE_NXDOMAIN, RCODE_SERVFAIL } from '@waymark/dns/message/header'
import type { Message } from '@waymark/dns/message/message'
import { TYPE_A, TYPE_NS, TYPE_TXT } from '@waymark/dns/rr-types/type-codes'
import { nameServersIn, textsIn } from './answers.ts'
import { lookUp } from './look-up.ts'
import { readServerAddress, resolversOf } from './server-address.ts'
import { encoded, type NameServer, startNameServer, wireName } from './testing.ts'

const SHOP = wireName('shop.example.')
const PROOF = wireName('proof.shop.example.')

let server: NameServer
let other: NameServer
beforeEach(async () => {
  server = await startNameServer()
  other = await startNameServer()
})
afterEach(() => {
  server.stop()
  other.stop()
})

const ask = (type: number, name = PROOF, timeoutMs = 20_000, servers = [server]) =>
  lookUp(
    servers.map(({ address }) => readServerAddress(address)),
    name,
    type,
    timeoutMs,
  )
const texts = async (name = PROOF, timeoutMs?: number) => {
  const answer = await ask(TYPE_TXT, name, timeoutMs)
  return answer === undefined ? undefined : textsIn(answer, name)
}
const withRcode = (reply: Message, rcode: number): Message => ({
  ...reply,
  header: { ...reply.header, rcode },
  answers: [],
})

describe('a look-up', () => {
  test('gives the records of the name', async () => {
    server.set('shop.example.', 'NS', 'NS2.Elsewhere.example.', 'ns1.elsewhere.example.')
    server.set('proof.shop.example.', 'TXT', '"one"', '"in " "two" " parts"')
    const delegation = await ask(TYPE_NS, SHOP)
    expect(nameServersIn(delegation!, SHOP)).toEqual(['ns1.elsewhere.example.', 'ns2.elsewhere.example.'])
    expect(await texts()).toEqual(['one', 'in two parts'])
    expect(await ask(TYPE_A)).toEqual({ rcode: 0, records: [] })
    expect((await ask(TYPE_A, wireName('nowhere.example.')))?.rcode).toBe(RCODE_NXDOMAIN)
  })

  test('follows an alias to texts, but takes no name servers from one', async () => {
    server.set('proof.shop.example.', 'CNAME', 'there.example.')
    server.set('there.example.', 'TXT', '"behind the alias"')
    server.set('there.example.', 'NS', 'ns1.there.example.')
    expect(await texts()).toEqual(['behind the alias'])
    expect(nameServersIn((await ask(TYPE_NS))!, PROOF)).toEqual([])
  })

  test('takes records only of names that the aliases lead to', async () => {
    server.set('proof.shop.example.', 'TXT', '"mine"')
    server.misbehave((reply) => ({
      ...reply,
      answers: reply.answers.map((record) => ({ ...record, owner: SHOP })),
    }))
    expect(await texts()).toEqual([])
  })

  test('goes on over TCP where the answer is cut off', async () => {
    server.set('proof.shop.example.', 'TXT', `"${'x'.repeat(200)}"`)
    server.misbehave((reply, transport) =>
      transport === 'tcp' ? reply : { ...reply, header: { ...reply.header, isTruncated: true }, answers: [] },
    )
    expect(await texts()).toEqual(['x'.repeat(200)])
    // In the middle of a record, too.
    server.misbehave((reply, transport) => {
      if (transport === 'tcp') return reply
      return encoded({ ...reply, header: { ...reply.header, isTruncated: true } }).subarray(0, 100)
    })
    expect(await texts()).toEqual(['x'.repeat(200)])
    expect(server.asked.map((line) => line.slice(0, 3))).toEqual(['udp', 'tcp', 'udp', 'tcp'])
  })

  test('goes on without EDNS where the server does not know it', async () => {
    server.set('proof.shop.example.', 'TXT', '"plain"')
    server.misbehave((reply, _, query) =>
      query.edns === null ? reply : { ...withRcode(reply, RCODE_FORMERR), questions: [], edns: null },
    )
    expect(await texts()).toEqual(['plain'])
    server.misbehave((reply) => withRcode(reply, RCODE_FORMERR))
    expect((await ask(TYPE_TXT))?.rcode).toBe(RCODE_FORMERR)
  })

  test('asks again when a packet is lost', async () => {
    server.set('proof.shop.example.', 'TXT', '"late"')
    let packets = 0
    server.misbehave((reply) => (packets++ === 0 ? undefined : reply))
    expect(await texts(PROOF, 3000)).toEqual(['late'])
  })

  test('asks the next server when one cannot tell or is gone', async () => {
    other.set('proof.shop.example.', 'TXT', '"from the other"')
    server.misbehave((reply) => withRcode(reply, RCODE_SERVFAIL))
    const answer = await ask(TYPE_TXT, PROOF, 20_000, [server, other])
    expect(textsIn(answer!, PROOF)).toEqual(['from the other'])
    expect((await ask(TYPE_TXT))?.rcode).toBe(RCODE_SERVFAIL)
    server.stop()
    const after = await ask(TYPE_TXT, PROOF, 20_000, [server, other])
    expect(textsIn(after!, PROOF)).toEqual(['from the other'])
  })

  test('is given up in time when nobody answers', async () => {
    server.misbehave(() => undefined)
    expect(await ask(TYPE_TXT, PROOF, 50)).toBeUndefined()
    server.misbehave((reply, transport) =>
      transport === 'tcp' ? undefined : { ...reply, header: { ...reply.header, isTruncated: true } },
    )
    expect(await ask(TYPE_TXT, PROOF, 50)).toBeUndefined()
    server.stop()
    expect(await ask(TYPE_TXT, PROOF, 50)).toBeUndefined()
    expect(await ask(TYPE_TXT, PROOF, 50, [])).toBeUndefined()
  })

  test.each<[string, (reply: Message) => Message | Uint8Array]>([
    ['another id', (reply) => ({ ...reply, header: { ...reply.header, id: reply.header.id ^ 1 } })],
    ['a query', (reply) => ({ ...reply, header: { ...reply.header, isResponse: false } })],
    ['another opcode', (reply) => ({ ...reply, header: { ...reply.header, opcode: 4 } })],
    ['another name', (reply) => ({ ...reply, questions: [{ ...reply.questions[0]!, name: SHOP }] })],
    ['another type', (reply) => ({ ...reply, questions: [{ ...reply.questions[0]!, type: TYPE_A }] })],
    ['no question', (reply) => ({ ...reply, questions: [] })],
    ['rubbish', (reply) => encoded(reply).subarray(0, 20)],
    ['next to nothing', () => Uint8Array.of(1, 2, 3)],
  ])('does not believe a reply with %s', async (_, forge) => {
    server.set('proof.shop.example.', 'TXT', '"forged"')
    server.misbehave(forge)
    expect(await ask(TYPE_TXT, PROOF, 40)).toBeUndefined()
  })

  test('has another id each time', async () => {
    const ids = new Set<number>()
    server.misbehave((reply) => {
      ids.add(reply.header.id)
      return reply
    })
    for (let i = 0; i < 20; i++) await ask(TYPE_TXT)
    expect(ids.size).toBeGreaterThan(15)
  })
})

describe('the servers', () => {
  test('are written with a port or without one', () => {
    expect(readServerAddress('192.0.2.53')).toEqual({ host: '192.0.2.53', port: 53 })
    expect(readServerAddress('192.0.2.53:5353')).toEqual({ host: '192.0.2.53', port: 5353 })
    expect(readServerAddress('2001:db8::53')).toEqual({ host: '2001:db8::53', port: 53 })
    expect(readServerAddress('[2001:db8::53]:5353')).toEqual({ host: '2001:db8::53', port: 5353 })
  })

  test('are those of the machine unless the settings name others', () => {
    expect(resolversOf({ resolvers: ['192.0.2.53:1053'] })).toEqual([{ host: '192.0.2.53', port: 1053 }])
    expect(resolversOf({ resolvers: [] })).toEqual([])
    for (const { host, port } of resolversOf({ resolvers: undefined })) {
      expect(host).not.toContain('[')
      expect(port).toBeGreaterThan(0)
    }
  })
})
