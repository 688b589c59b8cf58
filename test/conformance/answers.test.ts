// needs: dig nsd nsd-checkzone knotd kzonecheck named-checkzone
/**
 * A zone goes in through the API, comes out as a zone file, and is loaded by NSD, Knot and BIND without a complaint. Then
 * the same questions go to our edge, NSD and Knot: every name of the zone and names around them, every type. Where the two
 * agree we must agree with them; where they differ we must agree with one of them.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Message } from '@waymark/dns'
import { formatName } from '@waymark/dns/name'
import { ask, recordLines } from '../support/dns-client.ts'
import { type Peer, startKnot, startNsd } from '../support/peers.ts'
import { run } from '../support/process.ts'
import { type Service, startService } from '../support/service.ts'
import { untilTrue } from '../support/until.ts'
import { RECORD_SETS, ZONE } from './zone-of-all-types.ts'

const TYPES = (
  'A AAAA CNAME MX TXT SRV NS SOA CAA PTR DNAME DS SSHFP TLSA NAPTR SVCB HTTPS ' +
  'LOC HINFO RP CERT URI OPENPGPKEY SMIMEA SPF TYPE65280'
).split(' ')

let service: Service
let nsd: Peer
let knot: Peer
let folder: string
let zoneFile: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waymark-answers-'))
  service = await startService()
  const zone = await service.call('POST', '/v2/zones', { name: ZONE, email: 'first.last@answers.example' })
  expect(zone.status).toBe(202)
  const path = `/v2.1/zones/${zone.json.id}/recordsets/batch-create-task`
  expect((await service.call('POST', path, { recordsets: RECORD_SETS })).status).toBe(202)
  expect((await service.settled(path)).json.error_items).toEqual([])
  const exported = await service.call('GET', `/waymark/v1/zones/${zone.json.id}/export?format=zone`)
  expect(exported.status).toBe(200)
  zoneFile = join(folder, 'zone')
  writeFileSync(zoneFile, exported.json)
  nsd = await startNsd(join(folder, 'nsd'), { name: ZONE, file: zoneFile }, null)
  knot = await startKnot(join(folder, 'knot'), { name: ZONE, file: zoneFile }, null)
  await untilTrue('the last record set is answered', async () => {
    return (await ask(service.dnsPort, `last.${ZONE}`, 'A')).answers.length > 0
  })
}, 120_000)

afterAll(async () => {
  await Promise.all([service?.stop(), nsd?.stop(), knot?.stop()])
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
})

for (const command of [
  ['nsd-checkzone'],
  ['kzonecheck', '-o'],
  ['named-checkzone', '-k', 'fail', '-n', 'fail'],
]) {
  test(`${command[0]} loads the exported zone without a complaint`, async () => {
    const said = await run([...command, ZONE, zoneFile])
    expect(said).not.toMatch(/warn|error|notice/i)
  })
}

/** Names of the zone, names beside, above and below them, and other cases of them. */
function names(): string[] {
  const all = new Set<string>([ZONE, `nothing.${ZONE}`, `deep.below.nothing.${ZONE}`, `_tcp.${ZONE}`])
  for (const set of RECORD_SETS) {
    const owner = set.name === '' ? ZONE : `${set.name}.${ZONE}`
    all.add(owner)
    all.add(owner.toUpperCase())
    all.add(owner.replace(/^\*\./, 'covered.'))
    all.add(owner.replace(/^\*\./, 'two.labels.'))
    all.add(`below.${owner.replace(/^\*\./, '')}`)
    const labels = owner.split('.')
    for (let i = 1; labels.slice(i).join('.').endsWith(ZONE); i++) all.add(labels.slice(i).join('.'))
  }
  return [...all]
}

/** What counts in an answer. NS records that only decorate a positive answer and additional addresses are a server's choice. */
function essence(message: Message): object {
  const { header } = message
  const isReferral = !header.isAuthoritative && message.answers.length === 0
  return {
    rcode: header.rcode,
    isAuthoritative: header.isAuthoritative,
    isTruncated: header.isTruncated,
    answers: recordLines(message.answers),
    authorities: message.answers.length > 0 ? [] : recordLines(message.authorities),
    glue: isReferral ? recordLines(message.additionals) : [],
  }
}

async function compare(
  name: string,
  type: string,
  options: Parameters<typeof ask>[3],
): Promise<string | undefined> {
  const [ours, nsds, knots] = await Promise.all(
    [service.dnsPort, nsd.port, knot.port].map((port) => ask(port, name, type, options)),
  )
  const [a, b, c] = [ours!, nsds!, knots!].map((message) => JSON.stringify(essence(message), null, 1))
  if (a === c || a === b) return undefined
  return `${name} ${type}\nwaymark ${a}\nnsd ${b}\nknot ${c}`
}

for (const [label, options] of Object.entries({
  'UDP without EDNS': {},
  'UDP with EDNS': { payloadSize: 1232 },
  TCP: { transport: 'tcp' as const },
})) {
  test(`answers equal those of NSD or Knot for every name and type: ${label}`, async () => {
    const differences: string[] = []
    for (const name of names()) {
      // over TCP one connection a question: a third of the types is enough there
      const types = label === 'TCP' ? TYPES.filter((_, i) => i % 3 === 0) : TYPES
      const found = await Promise.all(types.map((type) => compare(name, type, options)))
      differences.push(...found.filter((text) => text !== undefined))
    }
    if (differences.length > 0)
      throw new Error(`${differences.length} differences\n${differences.slice(0, 10).join('\n\n')}`)
    expect(names().length).toBeGreaterThan(60)
  }, 120_000)
}

test('additional addresses, where we give them, are those of the zone', async () => {
  for (const [name, type] of [
    ['', 'MX'],
    ['_sip._tcp', 'SRV'],
    ['', 'NS'],
  ] as const) {
    const full = name === '' ? ZONE : `${name}.${ZONE}`
    const ours = await ask(service.dnsPort, full, type, { payloadSize: 1232 })
    for (const record of ours.additionals) {
      const direct = await ask(nsd.port, formatName(record.owner), record.type === 28 ? 'AAAA' : 'A')
      expect(recordLines(direct.answers)).toEqual(expect.arrayContaining(recordLines([record])))
    }
  }
})
