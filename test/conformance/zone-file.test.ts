// needs: nsd-checkzone knotc named-compilezone
/**
 * A zone file that we write is loaded by NSD, Knot and BIND without a complaint, and BIND reads the very octets out of it
 * that we put in: every canonical value of every type, and values that only our own check found sound.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatName, parseName, type WireName } from '@waymark/dns/name'
import { RR_TYPES, rrTypeByCode, rrTypeByName } from '@waymark/dns/rr-types/registry'
import { TYPE_CASES } from '@waymark/dns/rr-types/rr-types.cases'
import { formatZoneFile } from '@waymark/dns/zone-file/format'
import { parseZoneFile, type RecordData } from '@waymark/dns/zone-file/parse'
import fc from 'fast-check'
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

const types = RR_TYPES.filter(({ name: type }) => type !== 'SOA' && !SIGNING_TYPES.has(type))

const apex: readonly RecordData[] = [
  record(ZONE, 'SOA', `ns.${ZONE} hostmaster.${ZONE} 1 3600 900 604800 300`),
  record(ZONE, 'NS', `ns.${ZONE}`),
  record(`ns.${ZONE}`, 'A', '192.0.2.53'),
]

/** Each value at a name of its own, below the apex of a small sound zone. */
const canonical: readonly RecordData[] = [
  ...apex,
  ...types.flatMap(({ name: type }) =>
    TYPE_CASES[type]!.canonical.map((text, i) => record(`${type.toLowerCase()}-${i}.${ZONE}`, type, text)),
  ),
  ...TYPE_CASES.TYPE65280!.canonical.map((text, i) => record(`unknown-${i}.${ZONE}`, 'TYPE65280', text)),
]

/** Canonical values with some octets changed, put in or taken out; only what our own check lets through. */
function mutated(seed: number): readonly RecordData[] {
  const octet = fc.integer({ min: 0, max: 255 })
  const edits = fc.array(fc.record({ at: fc.nat(400), octet, kind: fc.nat(2) }), {
    minLength: 1,
    maxLength: 5,
  })
  return types.flatMap(({ name: type, code, check }) => {
    const sound = canonical.filter((candidate) => candidate.type === code).map(({ rdata }) => rdata)
    const rdatas = fc.tuple(fc.constantFrom(...sound), edits).map(([rdata, list]) => {
      const octets = [...rdata]
      for (const { at, octet, kind } of list) {
        const place = at % (octets.length + 1)
        octets.splice(place, kind === 0 ? 0 : 1, ...(kind === 2 ? [] : [octet]))
      }
      return Uint8Array.from(octets)
    })
    return fc
      .sample(rdatas, { numRuns: 200, seed })
      .filter((rdata) => check(rdata).length === 0)
      .map((rdata, i) => ({ owner: name(`${type.toLowerCase()}-${i}.${ZONE}`), type: code, ttl: 300, rdata }))
  })
}

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'waymark-zone-file-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a tool of another server on the zone file; a machine without it fails by its name, a refused line is shown. */
async function runTool(tool: string, ...command: string[]): Promise<string> {
  const path = Bun.which(tool, { PATH: `${process.env.PATH}:/usr/sbin:/sbin` })
  if (path === null) throw new Error(`${tool} is not installed; this test needs it`)
  try {
    return await run([path, ...command])
  } catch (error) {
    const fileLines = (await Bun.file(join(folder, 'zone')).text()).split('\n')
    const places = String(error).matchAll(/(?:zone:|line )(\d+)/g)
    const shown = [...places].map(([, line]) => `${line}: ${fileLines[Number(line) - 1]}`)
    throw new Error([String(error), ...shown].join('\n'))
  }
}

describe.each([
  ['every canonical value', () => canonical],
  ...[1, 2, 3].map((seed) => [`mutated values of seed ${seed}`, () => [...apex, ...mutated(seed)]] as const),
])('a zone file with %s', (_, makeRecords) => {
  const records = makeRecords()
  let file: string

  beforeAll(() => {
    file = join(folder, 'zone')
    writeFileSync(file, formatZoneFile(records, { origin: name(ZONE) }))
  })

  test('is loaded by NSD', async () => {
    expect(await runTool('nsd-checkzone', ZONE, file)).toContain(`zone ${ZONE} is ok`)
  })

  test('is loaded by Knot', async () => {
    const config = join(folder, 'knot.conf')
    writeFileSync(
      config,
      `server:\n  rundir: ${folder}\ndatabase:\n  storage: ${folder}\nzone:\n  - domain: ${ZONE}\n    file: ${file}\n`,
    )
    await runTool('knotc', '-c', config, 'zone-check', ZONE)
  })

  test('is read by BIND to the same octets', async () => {
    const compiled = join(folder, 'compiled')
    // -i none: delegations here lead nowhere, on purpose; -k ignore: so are names that no host has.
    await runTool('named-compilezone', '-i', 'none', '-k', 'ignore', '-o', compiled, ZONE, file)
    const { records: found, problems } = parseZoneFile(await Bun.file(compiled).text(), {
      origin: name(ZONE),
    })
    expect(problems).toEqual([])
    expect(lines(found)).toEqual(lines(records))
  })
})

function lines(records: readonly RecordData[]): string[] {
  return records
    .map(({ owner, type, ttl, rdata }) => {
      const { name: typeName, comparable, format } = rrTypeByCode(type)
      return `${formatName(owner)} ${ttl} ${typeName} ${format(comparable(rdata))}`
    })
    .toSorted()
}
