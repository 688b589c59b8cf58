/**
 * A zone file that we write, with every canonical value of every type, is loaded by NSD, Knot and BIND without a complaint,
 * and BIND reads the very octets out of it that we put in.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatName, lowerName, parseName, type WireName } from '@waymark/dns/name'
import { rrTypeByCode, rrTypeByName } from '@waymark/dns/rr-types/registry'
import { TYPE_CASES } from '@waymark/dns/rr-types/rr-types.cases'
import { formatZoneFile } from '@waymark/dns/zone-file/format'
import { parseZoneFile, type RecordData } from '@waymark/dns/zone-file/parse'
import { run } from '../support/process.ts'

const ZONE = 'types.example.'

// Records that a signer makes: a server refuses them, or warns, where the zone around them is not signed accordingly.
const SIGNING_TYPES = new Set(['RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM', 'DNSKEY'])

const name = (text: string): WireName => {
  const parsed = parseName(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

const record = (owner: string, type: string, text: string): RecordData => {
  const rrType = rrTypeByName(type)!
  const parsed = rrType.parse(text)
  if (!parsed.ok) throw new Error(`${type} ${text}`)
  return { owner: name(owner), type: rrType.code, ttl: 300, rdata: parsed.value }
}

/** Each value at a name of its own, below the apex of a small sound zone. */
const records: readonly RecordData[] = [
  record(ZONE, 'SOA', `ns.${ZONE} hostmaster.${ZONE} 1 3600 900 604800 300`),
  record(ZONE, 'NS', `ns.${ZONE}`),
  record(`ns.${ZONE}`, 'A', '192.0.2.53'),
  ...Object.entries(TYPE_CASES)
    .filter(([type]) => type !== 'SOA' && !SIGNING_TYPES.has(type))
    .flatMap(([type, { canonical }]) =>
      canonical.map((text, i) => record(`${type.toLowerCase()}-${i}.${ZONE}`, type, text)),
    ),
]

let folder: string
let file: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'waymark-zone-file-'))
  file = join(folder, 'zone')
  writeFileSync(file, formatZoneFile(records, { origin: name(ZONE) }))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a tool of another server; a machine without it fails by its name. */
async function runTool(tool: string, ...command: string[]): Promise<string> {
  const path = Bun.which(tool, { PATH: `${process.env.PATH}:/usr/sbin:/sbin` })
  if (path === null) throw new Error(`${tool} is not installed; this test needs it`)
  return run([path, ...command])
}

describe('a zone file with every type', () => {
  test('is loaded by NSD', async () => {
    expect(await runTool('nsd-checkzone', ZONE, file)).toContain(`zone ${ZONE} is ok`)
  })

  test('is loaded by Knot', async () => {
    mkdirSync(join(folder, 'knot'))
    const config = join(folder, 'knot.conf')
    writeFileSync(
      config,
      `server:\n  rundir: ${folder}\ndatabase:\n  storage: ${folder}/knot\nzone:\n  - domain: ${ZONE}\n    file: ${file}\n`,
    )
    await runTool('knotc', '-c', config, 'zone-check', ZONE)
  })

  test('is read by BIND to the same octets', async () => {
    const compiled = join(folder, 'compiled')
    // -i none: delegations here lead nowhere, on purpose. Names are checked by ourselves (-k ignore).
    await runTool('named-compilezone', '-i', 'none', '-k', 'ignore', '-o', compiled, ZONE, file)
    const { records: found, problems } = parseZoneFile(await Bun.file(compiled).text(), {
      origin: name(ZONE),
    })
    expect(problems).toEqual([])
    const lines = (list: readonly RecordData[]) =>
      list
        .map(({ owner, type, ttl, rdata }) => {
          const { name: typeName, comparable, format } = rrTypeByCode(type)
          // BIND joins owners of one spelling, so case is not compared.
          return `${formatName(lowerName(owner))} ${ttl} ${typeName} ${format(comparable(rdata))}`
        })
        .toSorted()
    expect(lines(found)).toEqual(lines(records))
  })
})
