import { expect, test } from 'bun:test'
import { ZONE_KIND_PRIVATE } from '@waymark/dns/feed-codec'
import { groupsFrame, networkFrame, SOA_AND_NS, zoneFrame } from '../testing/zone-text.ts'
import { accessFrame, decoded, LOOPBACK, OPEN, TransferLab, textOf, transferRequest } from './testing.ts'

const APEX = 'corp.example'
const REFUSED = 5
const NOTAUTH = 9
const OFFICE = 'aa'.repeat(16)
const PLANT = 'bb'.repeat(16)
const IN_OFFICE = '127.0.1.1'
const IN_PLANT = '127.0.2.1'
const ELSEWHERE = '127.0.3.1'

const zone = (id: string, network: string, address: string): Uint8Array =>
  zoneFrame({
    ...{ id, apex: APEX, kind: ZONE_KIND_PRIVATE, networks: [network] },
    text: `${SOA_AND_NS}\nwww 300 A ${address}`,
  })

/** Two private zones of one name in two networks, and a public one; everything is open to everybody by what holds for all zones. */
const lab = (...more: Uint8Array[]): TransferLab =>
  new TransferLab(OPEN, [
    networkFrame('office', ['127.0.1.0/24']),
    networkFrame('plant', ['127.0.2.0/24'], ['127.0.9.9']),
    zone(OFFICE, 'office', '192.0.2.1'),
    zone(PLANT, 'plant', '192.0.2.2'),
    ...more,
  ])
const publicZone = zoneFrame({ apex: APEX, text: `${SOA_AND_NS}\nwww 300 A 192.0.2.3` })
const open = (id: string, seq = 2): Uint8Array =>
  accessFrame(APEX, { allow: [LOOPBACK], notify: [] }, seq, 1, id)

const addressIn = (records: readonly string[]): string =>
  records
    .find((record) => record.startsWith('www.'))!
    .split(' ')
    .at(-1)!

/** The address of `www` that a client gets by transfer, or the RCODE. */
async function taken(from: TransferLab, source: string): Promise<string | number> {
  const records = await from.take(APEX, undefined, source)
  return typeof records === 'number' ? records : addressIn(records)
}

test('a private zone is given to nobody by what holds for all zones', async () => {
  const closed = lab()
  expect(await taken(closed, IN_OFFICE)).toBe(REFUSED)
  expect(await taken(closed, IN_PLANT)).toBe(REFUSED)
  // For others there is no zone of this name.
  expect(await taken(closed, ELSEWHERE)).toBe(NOTAUTH)
})

test('with access of its own it goes to those whom it answers, zones of one name apart', async () => {
  const shown = lab(publicZone)
  shown.apply(open(OFFICE), open(PLANT, 3))
  expect(await taken(shown, IN_OFFICE)).toBe('192.0.2.1')
  expect(await taken(shown, IN_PLANT)).toBe('192.0.2.2')
  expect(await taken(shown, ELSEWHERE)).toBe('192.0.2.3')
  // The other's access opens nothing.
  const half = lab(publicZone)
  half.apply(open(PLANT))
  expect(await taken(half, IN_OFFICE)).toBe(REFUSED)
})

test('the address asked tells the network before the source does', async () => {
  const shown = lab()
  shown.apply(open(OFFICE), open(PLANT, 3))
  shown.query.listener = '127.0.9.9'
  const [message] = await shown.ask(transferRequest(APEX), IN_OFFICE)
  expect(addressIn(decoded(message!).answers.map(textOf))).toBe('192.0.2.2')
})

test('changes of a private zone go out by IXFR', async () => {
  const shown = lab()
  shown.apply(open(OFFICE))
  shown.apply(groupsFrame(APEX, 'new 300 A 192.0.2.9', 3, 2, OFFICE))
  expect(await shown.take(APEX, 1, IN_OFFICE)).toEqual([
    ...['SOA 2', 'SOA 1', 'SOA 2', 'new.corp.example. 300 A 192.0.2.9', 'SOA 2'],
  ])
})

test('secondaries are told of private zones that name them, and of no others', async () => {
  const heard: string[] = []
  const socket = await Bun.udpSocket({
    hostname: '127.0.0.1',
    socket: {
      data: (_socket, packet) => void heard.push(textOf(decoded(new Uint8Array(packet)).answers[0]!)),
    },
  })
  const target = { address: Uint8Array.of(127, 0, 0, 1), port: socket.port, keyName: undefined }
  const all = { keys: [], access: { allow: [], notify: [target] } }
  const frames = [zone(OFFICE, 'office', '192.0.2.1')]
  const told = new TransferLab(all, frames)
  told.transfers.start({
    addresses: [{ host: '127.0.0.1', port: 53 }],
    setTransferKeys() {},
    async whenCurrent() {},
  })
  try {
    await Bun.sleep(50)
    expect(heard).toEqual([])
    told.apply(accessFrame(APEX, { allow: [], notify: [target] }, 2, 1, OFFICE))
    told.apply(groupsFrame(APEX, 'new 300 A 192.0.2.9', 3, 2, OFFICE))
    for (let ms = 0; !heard.includes('SOA 2') && ms < 3000; ms += 5) await Bun.sleep(5)
    expect(heard.at(-1)).toBe('SOA 2')
  } finally {
    await told.transfers.stop()
    socket.close()
  }
})
