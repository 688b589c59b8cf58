// needs: knotd nsd named pdns_server pdnsutil sqlite3 dig delv drill ldns-verify-zone
/**
 * Signed zones go out signed: what a transfer gives is a whole zone to ldns-verify-zone, and what Knot, NSD, BIND and PowerDNS answer out
 * of it is valid to delv, whose trust anchor is the DS that the API has shown. So it stays through changes and rolls of keys.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, run } from '../support/process.ts'
import {
  type Secondary,
  type Source,
  startBindSecondary,
  startKnotSecondary,
  startNsdSecondary,
  startPowerDnsSecondary,
} from '../support/secondaries.ts'
import { type Service, startService } from '../support/service.ts'
import { median, until } from '../support/until.ts'

const ZONE = 'shop.example.'
/** From the answer of the API to that of the secondary; PowerDNS looks for work but once a second. */
const WITHIN_MS: Readonly<Record<string, number>> = { Knot: 1000, NSD: 1000, BIND: 1000, PowerDNS: 2500 }
const STARTS = {
  Knot: startKnotSecondary,
  NSD: startNsdSecondary,
  BIND: startBindSecondary,
  PowerDNS: startPowerDnsSecondary,
}

/** A service with one signed zone, and secondaries of it. */
class Lab {
  readonly folder = mkdtempSync(join(tmpdir(), 'waymark-signed-'))
  readonly anchors = join(this.folder, 'anchors')
  readonly secondaries: Secondary[] = []
  service!: Service
  source!: Source
  zoneId = ''

  async start(names: readonly (keyof typeof STARTS)[], args: string[] = []): Promise<void> {
    this.service = await startService({ args, dataDir: this.folder })
    const key = await this.call('POST', '/waymark/v1/transfers/keys', { name: 'ns1.waymark' })
    this.source = { port: this.service.dnsPort, key }
    const ports = names.map(() => freePort())
    await this.call('PUT', '/waymark/v1/transfers', {
      allow: [{ cidr: '127.0.0.0/8', key: 'ns1.waymark' }],
      notify: ports.map((port) => ({ address: `127.0.0.1:${port}`, key: 'ns1.waymark' })),
    })
    this.zoneId = (await this.call('POST', '/v2/zones', { name: ZONE })).id
    await this.fill()
    const { ds_record } = await this.call('POST', `/v2/zones/${this.zoneId}/enable-dnssec`)
    const [tag, algorithm, digestType, digest] = ds_record.split(' ').slice(4)
    const anchor = `"${ZONE}" static-ds ${tag} ${algorithm} ${digestType} "${digest}"`
    writeFileSync(this.anchors, `trust-anchors { ${anchor}; };\n`)
    for (const [i, name] of names.entries())
      this.secondaries.push(await STARTS[name](join(this.folder, name), ports[i]!, this.source, [ZONE]))
  }

  async fill(): Promise<void> {
    await this.put(`www.${ZONE}`, 'A', ['192.0.2.1', '192.0.2.2'])
    await this.put(ZONE, 'MX', [`10 mail.${ZONE}`])
    await this.put(`*.wild.${ZONE}`, 'TXT', ['"any"'])
    await this.put(`alias.${ZONE}`, 'CNAME', [`www.${ZONE}`])
    await this.put(`a.ent.${ZONE}`, 'A', ['192.0.2.3'])
    await this.put(`old.${ZONE}`, 'DNAME', [`ent.${ZONE}`])
    await this.put(`lined.${ZONE}`, 'A', ['192.0.2.4'])
    await this.put(`lined.${ZONE}`, 'A', ['192.0.2.5'], { line: 'US' })
    await this.put(`weighted.${ZONE}`, 'A', ['192.0.2.6'], { weight: 1 })
    await this.put(`weighted.${ZONE}`, 'A', ['192.0.2.7'], { weight: 2 })
    await this.put(`plain.${ZONE}`, 'NS', [`ns.plain.${ZONE}`])
    await this.put(`ns.plain.${ZONE}`, 'A', ['192.0.2.8'])
    await this.put(`secure.${ZONE}`, 'NS', ['ns.elsewhere.example.'])
    await this.put(`secure.${ZONE}`, 'DS', [`12345 13 2 ${'ab'.repeat(32)}`])
  }

  /** Starts the service again, at the same address. */
  async restart(): Promise<void> {
    const { port } = this.source
    await this.service.stop()
    this.service = await startService({ args: ['--dns', `127.0.0.1:${port}`], dataDir: this.folder })
  }

  async stop(): Promise<void> {
    for (const secondary of this.secondaries) await secondary.stop()
    await this.service?.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  async call(method: string, path: string, body?: object) {
    const { status, json } = await this.service.call(method, path, body)
    if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`)
    return json
  }

  put(name: string, type: string, records: string[], more: object = {}) {
    return this.call('POST', `/v2.1/zones/${this.zoneId}/recordsets`, {
      name,
      type,
      ttl: 300,
      records,
      ...more,
    })
  }

  /** What `dig` prints of one question; a transfer with `AXFR`. */
  dig(port: number, ...words: string[]): Promise<string> {
    const how = ['+noall', '+answer', '+nocookie', '+time=2', '+tries=1']
    return run(['dig', ...how, '-p', String(port), '@127.0.0.1', ...words])
  }

  /** The zone by transfer. */
  async whole(port: number): Promise<string> {
    const { algorithm, name, secret } = this.source.key
    const text = await this.dig(port, '-y', `${algorithm}:${name}:${secret}`, ZONE, 'AXFR')
    return text.replace(/^.*\sTSIG\s.*$/gm, '')
  }

  /** What ldns-verify-zone says of the zone as it is transferred. */
  async verify(): Promise<string> {
    const file = join(this.folder, 'zone')
    writeFileSync(file, await this.whole(this.source.port))
    return (await run(['ldns-verify-zone', file])).trim()
  }

  /** What delv says of a name at a port: its verdict in the first line, then the records without signatures. */
  async delv(port: number, name: string, type: string): Promise<string> {
    const trusting = ['-a', this.anchors, `+root=${ZONE}`]
    const text = await run(['delv', '@127.0.0.1', '-p', String(port), ...trusting, name, type]).catch(String)
    const rows = text.trim().split('\n')
    return rows
      .filter((row) => !/\s(RRSIG|NSEC)\s/.test(row))
      .map((row) => row.replace(/\s+/g, ' '))
      .join('\n')
  }
}

const lab = new Lab()
const { secondaries } = lab

beforeAll(() => lab.start(['Knot', 'NSD', 'BIND', 'PowerDNS']), 120_000)
afterAll(() => lab.stop(), 60_000)

const untilAnswered = (port: number, name: string, type: string, wanted: string): Promise<number> =>
  until(true, async () => (await lab.dig(port, '+short', name, type)).includes(wanted))

const recordsOf = (text: string): string[] =>
  text
    .split('\n')
    .map((row) => row.replace(/\s+/g, ' '))
    .sort()

const VERIFIED = 'Zone is verified and complete'

test('ldns-verify-zone finds nothing wrong with what is transferred', async () => {
  expect(await lab.verify()).toBe(VERIFIED)
})

describe('each secondary', () => {
  test('takes the zone with its signatures', async () => {
    for (const { port } of secondaries) {
      await untilAnswered(port, `www.${ZONE}`, 'A', '192.0.2.1')
      expect(await lab.dig(port, '+dnssec', `www.${ZONE}`, 'A')).toContain('RRSIG')
    }
  }, 120_000)

  test('answers what delv validates', async () => {
    for (const { name, port } of secondaries) {
      for (const [owner, type, wanted] of [
        [ZONE, 'SOA', 'IN SOA'],
        [ZONE, 'DNSKEY', 'IN DNSKEY 257'],
        [ZONE, 'CDS', 'IN CDS'],
        [ZONE, 'CDNSKEY', 'IN CDNSKEY'],
        [`www.${ZONE}`, 'A', '192.0.2.2'],
        [`weighted.${ZONE}`, 'A', '192.0.2.7'],
        [`x.y.wild.${ZONE}`, 'TXT', '"any"'],
        [`alias.${ZONE}`, 'A', '192.0.2.1'],
        [`a.old.${ZONE}`, 'A', '192.0.2.3'],
        [`secure.${ZONE}`, 'DS', 'IN DS 12345'],
      ] as const) {
        const said = await lab.delv(port, owner, type)
        expect([name, owner, said]).toEqual([name, owner, expect.stringContaining('; fully validated')])
        expect(said).toContain(wanted)
      }
      for (const [owner, type] of [
        [`missing.${ZONE}`, 'A'],
        [`www.${ZONE}`, 'MX'],
        [`ent.${ZONE}`, 'A'],
        [`x.wild.${ZONE}`, 'A'],
        [`plain.${ZONE}`, 'DS'],
        [ZONE, 'TXT'],
      ] as const) {
        const said = await lab.delv(port, owner, type)
        const valid = expect.stringContaining('; negative response, fully validated')
        expect([name, owner, said]).toEqual([name, owner, valid])
      }
    }
  }, 120_000)

  test('answers what drill chases to the key of the zone', async () => {
    const file = join(lab.folder, 'key')
    for (const { name, port } of secondaries) {
      const keys = await lab.dig(port, '+nosplit', ZONE, 'DNSKEY')
      writeFileSync(file, `${keys.split('\n').find((row) => /DNSKEY\s257 /.test(row))}\n`)
      const chase = ['drill', '-p', String(port), '-S', '-k', file, '@127.0.0.1']
      for (const owner of [`www.${ZONE}`, `x.wild.${ZONE}`, ZONE]) {
        const said = await run([...chase, owner, 'TXT'])
        expect([name, owner, said]).toEqual([name, owner, expect.stringContaining(';; Chase successful')])
      }
    }
  }, 60_000)

  test('answers a change within a second, valid as before, and takes it by IXFR', async () => {
    const times: Record<string, number[]> = {}
    for (let round = 0; round < 3; round++) {
      const value = `192.0.2.${100 + round}`
      await lab.put(`new${round}.${ZONE}`, 'A', [value])
      await Promise.all(
        secondaries.map(async ({ name, port }) => {
          times[name] = [...(times[name] ?? []), await untilAnswered(port, `new${round}.${ZONE}`, 'A', value)]
        }),
      )
      for (const { port } of secondaries) {
        expect(await lab.delv(port, `new${round}.${ZONE}`, 'A')).toContain('; fully validated')
        expect(await lab.delv(port, `new${round}a.${ZONE}`, 'A')).toContain('response, fully validated')
      }
    }
    for (const [name, all] of Object.entries(times))
      expect([name, median(all) < WITHIN_MS[name]!]).toEqual([name, true])
    const [knot, nsd, bind] = await Promise.all(secondaries.map(({ log }) => log()))
    expect(knot).toMatch(/IXFR, incoming.*finished/)
    expect(bind).toMatch(/shop\.example.*Transfer completed: 1 messages, 1\d records/)
    expect(nsd).toMatch(/serial \d+ is updated to/)
    expect(await lab.verify()).toBe(VERIFIED)
  }, 120_000)

  test('has the signed zone that we have after changes of all kinds', async () => {
    const { recordsets } = await lab.call('GET', `/v2.1/zones/${lab.zoneId}/recordsets?limit=500`)
    const path = (name: string, type: string): string => {
      const set = recordsets.find(
        (each: { name: string; type: string }) => each.name === name && each.type === type,
      )
      return `/v2.1/zones/${lab.zoneId}/recordsets/${set.id}`
    }
    const www = { name: `www.${ZONE}`, type: 'A', ttl: 60, records: ['192.0.2.9'] }
    await lab.call('PUT', path(`www.${ZONE}`, 'A'), www)
    await lab.call('DELETE', path(`plain.${ZONE}`, 'NS'))
    await lab.call('DELETE', path(`old.${ZONE}`, 'DNAME'))
    await lab.call('DELETE', path(`*.wild.${ZONE}`, 'TXT'))
    await lab.call('DELETE', path(`secure.${ZONE}`, 'DS'))
    await lab.put(`*.${ZONE}`, 'A', ['192.0.2.10'])
    await lab.put(`ent.${ZONE}`, 'TXT', ['"no longer empty"'])
    await lab.put(`last.${ZONE}`, 'A', ['192.0.2.11'])
    const own = await lab.whole(lab.source.port)
    for (const { name, port } of secondaries) {
      await untilAnswered(port, `last.${ZONE}`, 'A', '192.0.2.11')
      // The others give transfers to nobody unless told to.
      if (name === 'BIND') expect(recordsOf(await lab.whole(port))).toEqual(recordsOf(own))
      for (const owner of ['www', 'ns.plain', 'a.ent', 'any', 'x.wild'])
        expect([name, owner, await lab.delv(port, `${owner}.${ZONE}`, 'A')]).toEqual([
          ...[name, owner],
          expect.stringMatching(/; fully validated[\s\S]*IN A 192/),
        ])
      for (const owner of ['secure', 'plain'])
        expect(await lab.delv(port, `${owner}.${ZONE}`, 'DS')).toContain('response, fully validated')
    }
    expect(await lab.verify()).toBe(VERIFIED)
  }, 120_000)

  test('stays valid when keys are rolled', async () => {
    for (const role of ['zsk', 'ksk']) {
      await lab.call('POST', `/waymark/v1/zones/${lab.zoneId}/dnssec/roll`, { role })
      const serial = (await lab.dig(lab.source.port, '+short', ZONE, 'SOA')).split(' ')[2]!
      for (const { name, port } of secondaries) {
        await untilAnswered(port, ZONE, 'SOA', ` ${serial} `)
        expect([name, await lab.delv(port, ZONE, 'DNSKEY')]).toEqual([
          name,
          expect.stringContaining('; fully validated'),
        ])
        expect(await lab.delv(port, `www.${ZONE}`, 'A')).toContain('; fully validated')
      }
      expect(await lab.verify()).toBe(VERIFIED)
    }
  }, 120_000)

  test('has one set of signatures after a restart, which makes others for the same serial', async () => {
    await lab.restart()
    await lab.put(`restarted.${ZONE}`, 'A', ['192.0.2.12'])
    const own = await lab.whole(lab.source.port)
    for (const { name, port } of secondaries) {
      await untilAnswered(port, `restarted.${ZONE}`, 'A', '192.0.2.12')
      if (name === 'BIND') expect(recordsOf(await lab.whole(port))).toEqual(recordsOf(own))
      for (const owner of ['restarted', 'www', 'a.ent'])
        expect(await lab.delv(port, `${owner}.${ZONE}`, 'A')).toContain('; fully validated')
      expect((await lab.dig(port, '+dnssec', `www.${ZONE}`, 'A')).match(/RRSIG/g)).toHaveLength(1)
    }
  }, 120_000)

  test('serves the zone unsigned when it is signed no longer', async () => {
    await lab.call('POST', `/v2/zones/${lab.zoneId}/disable-dnssec`)
    for (const { port } of secondaries)
      await until(false, async () => (await lab.dig(port, '+dnssec', `www.${ZONE}`, 'A')).includes('RRSIG'))
  }, 120_000)
})

test('a zone with keys of Ed25519 is valid at a secondary as well', async () => {
  const other = new Lab()
  try {
    await other.start(['Knot'], ['--dnssec-algorithm', 'ed25519'])
    const { port } = other.secondaries[0]!
    await until(true, async () => (await other.dig(port, '+short', `www.${ZONE}`, 'A')).includes('192.0.2.1'))
    expect(await other.verify()).toBe(VERIFIED)
    expect(await other.delv(port, `www.${ZONE}`, 'A')).toContain('; fully validated')
    expect(await other.delv(port, `missing.${ZONE}`, 'A')).toContain('response, fully validated')
  } finally {
    await other.stop()
  }
}, 120_000)
