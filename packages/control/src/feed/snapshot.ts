import { OctetWriter, OP_END, writeFrame } from '@waymark/dns/feed-codec'
import { publishedTypes } from '../record-sets/published-addresses.ts'
import type { FeedSnapshot, RecordSet, Store, Zone } from '../store/store.ts'
import { ALL_ZONES } from '../store/transfer-calls.ts'
import type { SecretBox } from '../tenants/secrets.ts'
import { policyPayload, zoneAccessPayload } from '../transfers/policy-payload.ts'
import { NO_ZONE } from './follow.ts'
import { octetStream } from './octet-stream.ts'
import { groupPayload, linesPayload, networkPayload, zonePayload } from './publish.ts'
import { keysPayload } from './zone-keys.ts'

/** Payload octets of one frame, about. */
const FRAME_OCTETS = 1 << 18

/** One state of everything that is published, as frames, with an END frame that carries the position in the log. */
export function streamSnapshot(
  store: Store,
  secrets: SecretBox,
  onFailure: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  return octetStream(
    (send, gone) =>
      store.readSnapshot(async (snapshot) => {
        const writer = new OctetWriter(FRAME_OCTETS * 2)
        for await (const frame of snapshotFrames(snapshot, secrets, onFailure)) {
          gone.throwIfAborted()
          writeFrame(writer, frame)
          if (writer.length < FRAME_OCTETS) continue
          await send(writer.finish())
          writer.reset()
        }
        await send(writer.finish())
      }),
    onFailure,
  )
}

interface Frame {
  readonly seq: number
  readonly zoneId: string
  readonly serial: number
  readonly payload: Uint8Array
}

async function* snapshotFrames(
  snapshot: FeedSnapshot,
  secrets: SecretBox,
  onFailure: (error: unknown) => void,
): AsyncGenerator<Frame> {
  const { seq } = snapshot
  for (const payload of await linesOfAccounts(snapshot)) yield { seq, zoneId: NO_ZONE, serial: 0, payload }
  for (const network of await snapshot.networks()) {
    yield { seq, zoneId: NO_ZONE, serial: 0, payload: networkPayload(network) }
  }
  const { keys: tsigKeys, access } = await snapshot.transfers()
  const accessOf = new Map(access.map((row) => [row.zoneId, row]))
  const forAll = accessOf.get(ALL_ZONES)
  if (tsigKeys.length > 0 || forAll !== undefined) {
    const policy = policyPayload(tsigKeys, forAll, secrets, onFailure)
    yield { seq, zoneId: NO_ZONE, serial: 0, payload: policy.finish() }
  }
  const keysOf = Map.groupBy(await snapshot.zoneKeys(), (key) => key.zoneId)
  for (const zone of await snapshot.zones()) {
    const keys = keysOf.get(zone.id)
    const head =
      keys === undefined ? zonePayload(zone) : keysPayload(keys, secrets, onFailure, zonePayload(zone))
    const own = accessOf.get(zone.id)
    if (own !== undefined) zoneAccessPayload(own, head)
    yield* zoneFrames(snapshot, zone, head)
  }
  for (const ptr of await snapshot.ptrs()) yield { seq, ...ptr }
  yield { seq, zoneId: NO_ZONE, serial: 0, payload: Uint8Array.of(OP_END) }
}

/** One payload for each account that has lines or groups. */
async function linesOfAccounts(snapshot: FeedSnapshot): Promise<Uint8Array[]> {
  const { customLines, groups } = await snapshot.lines()
  const linesOf = Map.groupBy(customLines, (line) => line.domainId)
  const groupsOf = Map.groupBy(groups, (group) => group.domainId)
  return [...new Set([...linesOf.keys(), ...groupsOf.keys()])].map((account) =>
    linesPayload(account, linesOf.get(account) ?? [], groupsOf.get(account) ?? []).finish(),
  )
}

/** The zone, whose own operations `out` begins with, then its groups, in as many frames as it takes. */
async function* zoneFrames(snapshot: FeedSnapshot, zone: Zone, out: OctetWriter): AsyncGenerator<Frame> {
  const frame = (payload: Uint8Array): Frame => ({
    seq: snapshot.seq,
    zoneId: zone.id,
    serial: zone.serial,
    payload,
  })
  for await (const sets of snapshot.publishedRecordSets(zone.id)) {
    for (const group of groupsOf(sets)) {
      const { owner, line, type: setType } = group[0]!
      for (const type of publishedTypes(setType)) groupPayload(out, { owner, type, line }, group)
      if (out.length < FRAME_OCTETS) continue
      yield frame(out.finish())
      out.reset()
    }
  }
  if (out.length > 0) yield frame(out.finish())
}

/** Splits sets, ordered so that those of one owner, type and line follow each other, into these groups. */
function* groupsOf(sets: readonly RecordSet[]): Generator<readonly RecordSet[]> {
  let start = 0
  for (let at = 1; at <= sets.length; at++) {
    const first = sets[start]!
    const set = sets[at]
    if (set?.owner === first.owner && set.type === first.type && set.line === first.line) continue
    yield sets.slice(start, at)
    start = at
  }
}
