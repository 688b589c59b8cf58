/** Our server and its peers with the same zones: in through the file import, out through the export. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatName, parseName } from '@waymark/dns/name'
import { parseZoneFile, type RecordData } from '@waymark/dns/zone-file/parse'
import { ask } from '../../support/dns-client.ts'
import { type Peer, type PeerZone, startBind, startKnot, startNsd } from '../../support/peers.ts'
import { type Service, startService } from '../../support/service.ts'
import { untilTrue } from '../../support/until.ts'
import { NAME_SERVERS, type ZoneText } from './zone-text.ts'

/** A zone as every server has it. */
export interface LoadedZone {
  readonly apex: string
  readonly records: readonly RecordData[]
  /** Record sets of its text that the API has refused. */
  readonly refused: number
}

export interface Server {
  readonly name: string
  readonly port: number
}

export interface Lab {
  readonly ours: Server
  readonly peers: readonly Peer[]
  readonly zones: readonly LoadedZone[]
  /** The apex of the zone that a name lies in; both as on the wire, in lower case. */
  readonly apexOf: (name: string) => string | undefined
  /** Whether a zone other than the one that the name lies in has a record at it or below it. */
  readonly isForeign: (name: string) => boolean
  /** Whether some zone has a record at the name itself. */
  readonly isOwner: (name: string) => boolean
  readonly stop: () => Promise<void>
}

const PARALLEL_IMPORTS = 4

export async function openLab(texts: readonly ZoneText[]): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-differential-'))
  const service = await startService({ args: ['--name-servers', NAME_SERVERS.join(',')] })
  const ours: Server = { name: 'Waymark', port: service.dnsPort }
  const peers: Peer[] = []
  const stop = async () => {
    await Promise.all([service.stop(), ...peers.map((peer) => peer.stop())])
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    mkdirSync(join(folder, 'zones'))
    const zones: LoadedZone[] = []
    const files: PeerZone[] = []
    const queue = [...texts]
    const work = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const { exported, refused } = await loadZone(service, next)
        const file = join(folder, 'zones', `${next.apex.slice(0, 100)}zone`)
        writeFileSync(file, exported)
        files.push({ name: next.apex, file })
        zones.push({ apex: next.apex, records: readRecords(next.apex, exported), refused })
      }
    }
    await Promise.all(Array.from({ length: PARALLEL_IMPORTS }, work))
    // In the order of the texts: the same seed shall ask the same questions.
    const order = new Map(texts.map(({ apex }, i) => [apex, i]))
    zones.sort((a, b) => order.get(a.apex)! - order.get(b.apex)!)
    peers.push(await startNsd(join(folder, 'nsd'), files, null))
    peers.push(await startKnot(join(folder, 'knot'), files, null))
    peers.push(await startBind(join(folder, 'bind'), files, null, BIND_OPTIONS))
    for (const zone of zones) {
      for (const server of [ours, ...peers]) await untilServed(server, zone)
    }
    const apexOf = apexFinder(zones)
    const owners = new Set(zones.flatMap(({ records }) => records.map(({ owner }) => wireTextOf(owner))))
    const isOwner = (name: string) => owners.has(name)
    return { ours, peers, zones, apexOf, isForeign: foreignNames(zones, apexOf), isOwner, stop }
  } catch (error) {
    const refusals = (
      await Bun.file(join(folder, 'nsd', 'nsd.log'))
        .text()
        .catch(() => '')
    ).match(/.*error: .*/g)
    await stop()
    throw new Error(`${(error as Error).message}\n${refusals?.join('\n') ?? ''}`, { cause: error })
  }
}

/** What BIND does by itself for operators' sake is left out: it is to answer what the zone says. */
const BIND_OPTIONS =
  'minimal-responses no; minimal-any yes; check-names primary ignore; check-integrity no; check-mx ignore; check-mx-cname ignore; check-srv-cname ignore; check-wildcard no; empty-zones-enable no; dnssec-validation no; rrset-order { order none; }; zero-no-soa-ttl no; allow-transfer { none; }; tcp-clients 50;'

async function loadZone(service: Service, { apex, text }: ZoneText) {
  const made = await service.call('POST', '/v2/zones', { name: apex, email: 'hostmaster@example.org' })
  if (made.status !== 202) throw new Error(`${apex} ${made.status} ${JSON.stringify(made.json)}`)
  const id = made.json.id
  let refused = 0
  if (text.trim() !== '') {
    const body = new TextEncoder().encode(`$TTL 300\n${text.trim()}\n`)
    const accepted = await service.call(
      'POST',
      `/waymark/v1/zones/${id}/imports?format=zone&name=z.zone`,
      body,
    )
    if (accepted.status !== 202)
      throw new Error(`${apex} ${accepted.status} ${JSON.stringify(accepted.json)}`)
    const path = `/waymark/v1/tasks/${accepted.json.task_id}`
    refused = (await service.settled(path)).json.error_count
  }
  const exported = await service.call('GET', `/waymark/v1/zones/${id}/export?format=zone`)
  if (exported.status !== 200) throw new Error(`${apex} ${exported.status}`)
  return { exported: exported.json as string, refused }
}

function readRecords(apex: string, text: string): readonly RecordData[] {
  const origin = parseName(apex)
  if (!origin.ok) throw new Error(apex)
  const { records, problems } = parseZoneFile(text, { origin: origin.value })
  if (problems.length > 0) throw new Error(`${apex}: ${JSON.stringify(problems)}`)
  return records
}

/** Waits until the server has the zone with the serial of the exported file. */
async function untilServed(server: Server, { apex, records }: LoadedZone): Promise<void> {
  const soa = records.find(({ type }) => type === 6)!
  const serial = Buffer.from(soa.rdata).subarray(-20, -16).toString('hex')
  await untilTrue(`${apex} with serial ${serial} is answered by ${server.name}`, async () => {
    const [found] = (await ask(server.port, apex, 'SOA')).answers
    return found !== undefined && Buffer.from(found.rdata).subarray(-20, -16).toString('hex') === serial
  })
}

function apexFinder(zones: readonly LoadedZone[]): (name: string) => string | undefined {
  const apexes = new Set(zones.map(({ apex }) => wireText(apex)))
  return (name) => {
    for (let rest = name; rest !== ''; rest = rest.slice(rest.charCodeAt(0) + 1))
      if (apexes.has(rest)) return rest
    return undefined
  }
}

/** A record below a cut, or the apex of a zone below another one, makes names in the tree of a zone that does not have them. */
function foreignNames(zones: readonly LoadedZone[], apexOf: Lab['apexOf']): (name: string) => boolean {
  const foreign = new Set<string>()
  for (const { apex, records } of zones) {
    const home = wireText(apex)
    for (const owner of new Set(records.map(({ owner }) => wireTextOf(owner)))) {
      for (let name = owner; name !== ''; name = name.slice(name.charCodeAt(0) + 1)) {
        const apexHere = apexOf(name)
        if (apexHere !== undefined && apexHere !== home && name !== apexHere) foreign.add(name)
      }
    }
  }
  return (name) => foreign.has(name)
}

const wireTextOf = (owner: Uint8Array): string => Buffer.from(owner).toString('latin1').toLowerCase()

/** Labels with their lengths, lower case, one character an octet. */
const wireText = (name: string): string =>
  name
    .toLowerCase()
    .split('.')
    .map((label) => String.fromCharCode(label.length) + label)
    .join('')

export const ownersOf = (zone: LoadedZone): string[] => [
  ...new Set(zone.records.map(({ owner }) => formatName(owner))),
]
