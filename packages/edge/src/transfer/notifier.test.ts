import { afterEach, expect, test } from 'bun:test'
import { findTsig, type TsigKey } from '@waymark/dns/tsig/tsig'
import { groupsFrame, SOA_AND_NS, wire, zoneFrame } from '../testing/zone-text.ts'
import { decoded, TransferLab, textOf } from './testing.ts'
import { keysById, signAnswer, verifyTsig } from './tsig-session.ts'

const APEX = 'example.org'
const KEY: TsigKey = { name: wire('ns1'), algorithm: 'hmac-sha384', secret: new Uint8Array(48).fill(3) }
const KEYS = keysById([KEY])
const now = (): number => Math.floor(Date.now() / 1000)

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A secondary that hears NOTIFY; `reply` makes its answer, undefined for none. */
async function secondary(reply: (packet: Uint8Array, heard: number) => Uint8Array | undefined) {
  const heard: { serial: string; packet: Uint8Array; at: number }[] = []
  const socket = await Bun.udpSocket({
    hostname: '127.0.0.1',
    socket: {
      data(own, packet, port, address) {
        const octets = new Uint8Array(packet)
        heard.push({
          serial: textOf(decoded(octets).answers[0]!),
          packet: octets,
          at: performance.now(),
        })
        const answer = reply(octets, heard.length)
        if (answer !== undefined) own.send(answer, port, address)
      },
    },
  })
  ends.push(() => socket.close())
  return { port: socket.port, heard }
}

/** The message as its answer: QR set, TSIG record left out. */
function answerTo(packet: Uint8Array): Uint8Array {
  const tsig = findTsig(packet)
  const answer = packet.slice(0, tsig?.at ?? packet.length)
  answer[2]! |= 0x80
  if (tsig) answer[11]!--
  return answer
}

/** A table whose zone is announced to the port. */
function announcing(port: number, keyName?: Uint8Array): TransferLab {
  const target = { address: Uint8Array.of(127, 0, 0, 1), port, keyName }
  const policy = { keys: [KEY], access: { allow: [], notify: [target] } }
  const lab = new TransferLab(policy, [zoneFrame({ apex: APEX, text: SOA_AND_NS })])
  lab.transfers.start({
    addresses: [{ host: '127.0.0.1', port: 53 }],
    setTransferKeys() {},
    async whenCurrent() {},
  })
  ends.push(() => lab.transfers.stop())
  return lab
}

async function until(isTrue: () => boolean, withinMs = 60_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!isTrue()) {
    if (performance.now() > end) throw new Error('It did not happen in time.')
    await Bun.sleep(5)
  }
}

/** Waits for longer than the notifier would before it repeats the last message; a busy machine is allowed to be late for one answer. */
async function untilQuiet(heard: readonly { at: number }[]): Promise<void> {
  const repeatedAfterMs = [300, 700, 2000, 5000, 0]
  await until(() => performance.now() > heard.at(-1)!.at + repeatedAfterMs[heard.length - 1]! + 200)
  expect(heard.length).toBeLessThan(4)
}

test('a zone is announced at the start and when it changes, changes close to each other once', async () => {
  const { port, heard } = await secondary(answerTo)
  const lab = announcing(port)
  await until(() => heard.length >= 1)
  for (let serial = 2; serial <= 50; serial++)
    lab.apply(groupsFrame(APEX, `www 300 A 192.0.2.${serial}`, serial, serial))
  await until(() => heard.at(-1)!.serial === 'SOA 50')
  // One that is repeated on a busy machine is the same.
  expect(new Set(heard.map(({ serial }) => serial)).size).toBeLessThanOrEqual(3)
  const header = decoded(heard[0]!.packet).header
  expect(header).toMatchObject({ opcode: 4, isAuthoritative: true, isResponse: false })
})

test('what is not answered is sent again, and what is answered is not', async () => {
  const { port, heard } = await secondary((packet, count) => (count === 1 ? undefined : answerTo(packet)))
  announcing(port)
  await until(() => heard.length >= 2)
  expect(heard[1]!.packet.subarray(0, 2)).toEqual(heard[0]!.packet.subarray(0, 2))
  await untilQuiet(heard)
})

test('with a key it is signed, and an answer that is not signed counts for nothing', async () => {
  const { port, heard } = await secondary((packet, count) => {
    const answer = answerTo(packet)
    if (count === 1) return answer
    const out = new Uint8Array(answer.length + 512)
    out.set(answer)
    return out.slice(0, signAnswer(out, answer.length, verifyTsig(packet, KEYS, now()), now()))
  })
  announcing(port, KEY.name)
  await until(() => heard.length >= 2)
  for (const { packet } of heard)
    expect(verifyTsig(packet, KEYS, now())).toMatchObject({ rcode: 0, key: KEY })
  await untilQuiet(heard)
})

test('what came of NOTIFY messages is counted', async () => {
  const { port, heard } = await secondary((packet, count) => {
    const answer = answerTo(packet)
    if (count === 1) answer[3]! |= 5
    return textOf(decoded(packet).answers[0]!) === 'SOA 2' ? undefined : answer
  })
  const lab = announcing(port)
  const { transfers } = lab
  await until(() => transfers.notifies.refused === 1)
  lab.apply(groupsFrame(APEX, 'www 300 A 192.0.2.1', 2, 2))
  await until(() => heard.length >= 2)
  // Not answered yet when the next change comes.
  lab.apply(groupsFrame(APEX, 'www 300 A 192.0.2.2', 3, 3))
  await until(() => transfers.notifies.acknowledged === 1)
  expect(transfers.notifies).toMatchObject({ acknowledged: 1, refused: 1, lost: 0, replaced: 1 })
  expect(transfers.notifies.sent).toBeGreaterThanOrEqual(3)
})
