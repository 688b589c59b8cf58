import { expect, test } from 'bun:test'
import { queryPacket, readAnswer, TestTable } from '../testing/ask.ts'
import { SOA_AND_NS } from '../testing/zone-text.ts'
import { TransferDesk } from './transfer-desk.ts'

const table = new TestTable([{ apex: 'example.org', text: SOA_AND_NS }])
const desk = new TransferDesk(async () => ({ kind: 'refuse', rcode: 5 }))

async function refusal(packet: Uint8Array): Promise<Uint8Array> {
  table.send(packet, true)
  const stream = await desk.open(table.query)
  const out = new Uint8Array(65535)
  return out.slice(0, stream.next(out))
}

test('a transfer asked with EDNS is answered with EDNS (RFC 6891 6.1.1), others are not', async () => {
  const asked = queryPacket('example.org', 'AXFR', { payloadSize: 4096, isDnssecOk: true })
  const { status, message } = readAnswer(await refusal(asked))
  expect(status).toBe('REFUSED')
  expect(message.edns).toMatchObject({ payloadSize: 1232, isDnssecOk: true, options: [] })
  expect(readAnswer(await refusal(queryPacket('example.org', 'AXFR'))).message.edns).toBeNull()
})

test('RD and CD come back', async () => {
  const packet = queryPacket('example.org', 'AXFR')
  packet.set([0x01, 0x10], 2)
  expect([...(await refusal(packet)).slice(2, 4)]).toEqual([0x81, 0x15])
})
