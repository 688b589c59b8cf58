import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash, createPublicKey } from 'node:crypto'
import { DNSKEY, DS } from '@waymark/dns/rr-types/dnssec'
import { ERRORS } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { type Lab, openLab } from '../tenants/testing.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.stop())

let zones = 0
const call = (method: string, path: string, body?: unknown) => lab.call(lab.operator, method, path, body)
async function makeZone(body: object = {}) {
  const name = `signed${++zones}.example`
  return (await call('POST', '/v2/zones', { name, ...body })).json
}
const enable = (id: string) => call('POST', `/v2/zones/${id}/enable-dnssec`, {})
const disable = (id: string) => call('POST', `/v2/zones/${id}/disable-dnssec`, {})
const show = (id: string) => call('GET', `/v2/zones/${id}/dnssec`)
const keysOf = (id: string) => lab.control.context.store.zoneKeys(id)

describe('enabling DNSSEC', () => {
  test('makes keys and answers with what the parent needs', async () => {
    const zone = await makeZone()
    const { status, json } = await enable(zone.id)
    expect(status).toBe(202)
    expectFitsContract('EnableDnssecConfig', 202, json)
    expect(json).toMatchObject({
      zone_name: zone.name,
      flag: 257,
      digest_algorithm: 'SHA256',
      digest_type: 2,
      signature: 'ECDSAP256SHA256',
      signature_type: 13,
      status: 'ENABLE',
    })
    expect(json.ds_record).toBe(`${zone.name} 300 IN DS ${json.key_tag} 13 2 ${json.digest}`)
    expect(Buffer.from(json.ksk_public_key, 'base64')).toHaveLength(64)
    expect((await keysOf(zone.id)).map(({ flags, algorithm }) => [flags, algorithm])).toEqual([
      [257, 13],
      [256, 13],
    ])
    const shown = await show(zone.id)
    expect(shown.status).toBe(200)
    expectFitsContract('ShowDnssecConfig', 200, shown.json)
    expect(shown.json).toEqual(json)
  })

  test('shows a digest that is that of the key record', async () => {
    const { json } = await enable((await makeZone()).id)
    const dnskey = DNSKEY.parse(`257 3 13 ${json.ksk_public_key}`)
    const ds = DS.parse(json.ds_record.split(' DS ')[1])
    if (!dnskey.ok || !ds.ok) throw new Error(json.ds_record)
    const wire = Buffer.concat(
      json.zone_name.split('.').map((label: string) => Buffer.from([label.length, ...Buffer.from(label)])),
    )
    expect(createHash('sha256').update(wire).update(dnskey.value).digest('hex')).toBe(json.digest)
  })

  test('keeps private keys sealed, and fitting their public halves', async () => {
    const { secrets } = lab.control.context
    const zone = await makeZone()
    await enable(zone.id)
    const keys = await keysOf(zone.id)
    for (const key of keys) {
      const d = Buffer.from(secrets.open(key.sealedSecret, key.id), 'base64')
      const [x, y] = [key.publicKey.subarray(0, 32), key.publicKey.subarray(32)]
      const jwk = { kty: 'EC', crv: 'P-256', x: base64url(x), y: base64url(y), d: base64url(d) }
      const made = createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'jwk' })
      expect([made.x, made.y]).toEqual([jwk.x, jwk.y])
      expect(key.sealedSecret).not.toContain(d.toString('base64'))
    }
    expect(() => secrets.open(keys[0]!.sealedSecret, keys[1]!.id)).toThrow()
  })

  test('twice is refused, and the keys stay', async () => {
    const zone = await makeZone()
    const first = (await enable(zone.id)).json
    const again = await enable(zone.id)
    expect([again.status, again.json.code]).toEqual([400, ERRORS.DNSSEC_ENABLED.code])
    expect((await show(zone.id)).json).toEqual(first)
  })

  test('twenty times at once makes one pair of keys', async () => {
    const zone = await makeZone()
    const answers = await Promise.all(Array.from({ length: 20 }, () => enable(zone.id)))
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(await keysOf(zone.id)).toHaveLength(2)
  })

  test('raises the serial, since what is answered changes', async () => {
    const zone = await makeZone()
    const serial = async () => (await call('GET', `/v2/zones/${zone.id}`)).json.serial
    const before = await serial()
    await enable(zone.id)
    const between = await serial()
    await disable(zone.id)
    expect([between > before, (await serial()) > between]).toEqual([true, true])
  })
})

describe('disabling DNSSEC', () => {
  test('takes the keys away; the next ones are others', async () => {
    const zone = await makeZone()
    const first = (await enable(zone.id)).json
    const gone = await disable(zone.id)
    expect(gone.status).toBe(202)
    expectFitsContract('DisableDnssecConfig', 202, gone.json)
    expect(gone.json).toEqual({ status: 'DISABLE' })
    expect(await keysOf(zone.id)).toEqual([])
    expect((await show(zone.id)).json).toEqual({ status: 'DISABLE' })
    expect((await enable(zone.id)).json.digest).not.toBe(first.digest)
  })

  test('of a zone that never was signed changes nothing', async () => {
    const zone = await makeZone()
    const newest = async () => (await lab.control.context.store.feedBounds()).newest
    const before = await newest()
    expect((await show(zone.id)).json).toEqual({ status: 'DISABLE' })
    expect(await disable(zone.id)).toMatchObject({ status: 202, json: { status: 'DISABLE' } })
    expect(await newest()).toBe(before)
  })

  test('comes along when the zone is removed', async () => {
    const zone = await makeZone()
    await enable(zone.id)
    await call('DELETE', `/v2/zones/${zone.id}`)
    expect(await keysOf(zone.id)).toEqual([])
    expect((await show(zone.id)).json.code).toBe('DNS.0302')
  })
})

describe('DNSSEC is refused', () => {
  test('for private zones and zones that are not there', async () => {
    const router = { router_id: '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11' }
    const zone = await makeZone({ zone_type: 'private', router })
    for (const act of [enable, disable, show]) {
      expect((await act(zone.id)).json.code).toBe('DNS.0008')
      expect((await act('0123456789abcdef0123456789abcdef')).json.code).toBe('DNS.0302')
    }
  })

  test('for a zone that is paused, but shown', async () => {
    const zone = await makeZone()
    const { json } = await enable(zone.id)
    await call('PUT', `/v2/zones/${zone.id}/statuses`, { status: 'DISABLE' })
    for (const act of [enable, disable]) expect((await act(zone.id)).json.code).toBe('DNS.0213')
    expect((await show(zone.id)).json).toEqual(json)
  })

  test('for who may only read, but shown', async () => {
    const zone = await makeZone()
    const reader = await lab.makeUser(lab.operator, { name: 'dnssec-reader', role: 'read_only' })
    for (const verb of ['enable-dnssec', 'disable-dnssec'])
      expect((await lab.call(reader, 'POST', `/v2/zones/${zone.id}/${verb}`, {})).status).toBe(403)
    expect((await lab.call(reader, 'GET', `/v2/zones/${zone.id}/dnssec`)).status).toBe(200)
  })
})

test('the audit log names the keys and shows nothing private', async () => {
  const zone = await makeZone()
  await enable(zone.id)
  const { text, json } = await call('GET', '/waymark/v1/audit?limit=1')
  expect(json.entries[0]).toMatchObject({ operation: 'enableDnssecConfig', zone_id: zone.id })
  const kinds = json.entries[0].changes.map(({ kind }: { kind: string }) => kind)
  expect(kinds.filter((kind: string) => kind === 'ZoneKey')).toHaveLength(2)
  const { secrets } = lab.control.context
  for (const key of await keysOf(zone.id)) {
    expect(text).toContain(key.id)
    expect(text).not.toContain(key.sealedSecret)
    expect(text).not.toContain(secrets.open(key.sealedSecret, key.id))
  }
})

const base64url = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url')
