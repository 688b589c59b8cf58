import { expect, test } from 'bun:test'
import { findTsig, type TsigKey } from '@waymark/dns/tsig/tsig'
import { queryPacket } from '../testing/ask.ts'
import { SOA_AND_NS, wire, zoneFrame } from '../testing/zone-text.ts'
import { decoded, LOOPBACK, TransferLab, transferRequest } from './testing.ts'
import { keysById, ResponseSigner, verifyTsig } from './tsig-session.ts'

const NOW = 1_800_000_000
const APEX = 'example.org'
const KEY: TsigKey = {
  name: wire('ns1'),
  algorithm: 'hmac-sha256',
  secret: new Uint8Array(32).fill(7),
}
const KEYS = keysById([KEY])
const NOTHING = new Uint8Array()

const names = Array.from({ length: 2000 }, (_, i) => `h${i} 300 TXT "${'x'.repeat(30)}"`).join('\n')
const lab = new TransferLab(
  { keys: [KEY], access: { allow: [{ ...LOOPBACK, keyName: KEY.name }], notify: [] } },
  [zoneFrame({ apex: APEX, text: `${SOA_AND_NS}\n${names}` })],
  undefined,
  () => NOW * 1000,
)

/** A request signed with the key, and its MAC. */
function signed(packet: Uint8Array, key = KEY, now = NOW): { octets: Uint8Array; mac: Uint8Array } {
  const out = new Uint8Array(packet.length + 512)
  out.set(packet)
  const signer = new ResponseSigner(key, NOTHING, () => now)
  const size = signer.sign(out, packet.length)
  return { octets: out.slice(0, size), mac: signer.mac }
}

/** RCODE and TSIG error of the answer. */
async function outcome(octets: Uint8Array): Promise<[number, number | undefined]> {
  const [answer] = await lab.ask(octets)
  return [decoded(answer!).header.rcode, findTsig(answer!)?.error]
}

const query = queryPacket(`h1.${APEX}`, 'TXT')

test('a signed query gets a signed answer, bound to it', async () => {
  const { octets, mac } = signed(query)
  const [answer] = await lab.ask(octets)
  expect(decoded(answer!).answers).toHaveLength(1)
  expect(verifyTsig(answer!, KEYS, NOW, mac)).toMatchObject({ rcode: 0, key: KEY })
  expect(verifyTsig(answer!, KEYS, NOW, new Uint8Array(32))).toMatchObject({ rcode: 9, error: 16 })
})

test('every message of a transfer is signed, each bound to the one before', async () => {
  const { octets, mac } = signed(transferRequest(APEX))
  const messages = await lab.ask(octets)
  expect(messages.length).toBeGreaterThan(4)
  const again = new ResponseSigner(KEY, mac, () => NOW)
  for (const message of messages) {
    const tsig = findTsig(message)!
    const plain = new Uint8Array(message.length)
    plain.set(message.subarray(0, tsig.at))
    plain[11]!--
    again.sign(plain, tsig.at)
    expect(Buffer.from(tsig.mac).toString('hex')).toBe(Buffer.from(again.mac).toString('hex'))
  }
})

test('an unsigned request after a signed one is refused', async () => {
  await lab.ask(signed(transferRequest(APEX)).octets)
  expect(await lab.take(APEX)).toBe(5)
})

test('what is wrong with a signature is said in the order of RFC 8945 5.2', async () => {
  const good = signed(query).octets
  const changed = good.slice()
  changed[13]! ^= 1
  expect(await outcome(changed)).toEqual([9, 16])
  expect(await outcome(signed(query, { ...KEY, name: wire('ns2') }).octets)).toEqual([9, 17])
  expect(await outcome(signed(query, { ...KEY, algorithm: 'hmac-sha512' }).octets)).toEqual([9, 17])
  expect(await outcome(signed(query, KEY, NOW - 301).octets)).toEqual([9, 18])
  const truncated = cut(good, 16)
  expect(await outcome(truncated)).toEqual([9, 22])
  expect(await outcome(cut(good, 9))).toEqual([1, undefined])
})

test('who has the wrong time is told ours, signed', async () => {
  const { octets, mac } = signed(query, KEY, NOW - 1000)
  const [answer] = await lab.ask(octets)
  const tsig = findTsig(answer!)!
  expect(Buffer.from(tsig.otherData).readUIntBE(0, 6)).toBe(NOW)
  expect(verifyTsig(answer!, KEYS, NOW - 1000, mac)).toMatchObject({ rcode: 0 })
})

test('a TSIG record that is not the last, or not whole, is a format error', async () => {
  const good = signed(query).octets
  const { at } = findTsig(good)!
  const twice = new Uint8Array([...good, ...good.subarray(at)])
  twice[11]!++
  expect(await outcome(twice)).toEqual([1, undefined])
  for (let size = at + 1; size < good.length; size++) {
    const [answer] = await lab.ask(good.slice(0, size))
    expect(decoded(answer!).header.rcode).toBe(1)
  }
})

/** The message with a MAC of that many octets. */
function cut(message: Uint8Array, macSize: number): Uint8Array {
  const tsig = findTsig(message)!
  // Behind the MAC: original ID, error, length of other data.
  const macAt = message.length - 6 - tsig.mac.length
  const out = new Uint8Array([
    ...message.subarray(0, macAt + macSize),
    ...message.subarray(macAt + tsig.mac.length),
  ])
  out[macAt - 1] = macSize
  const lengthAt = tsig.at + tsig.keyName.length + 8
  const length = out.length - lengthAt - 2
  out[lengthAt] = length >> 8
  out[lengthAt + 1] = length
  return out
}
