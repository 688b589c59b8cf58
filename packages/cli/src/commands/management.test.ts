import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, openLab } from '@waymark/control/tenants/testing'
import { asOperator, runWaymark } from '../testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-manage-'))
let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(async () => {
  await lab.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs one command line, with the operator's key unless it says --data. */
const waymark = (line: string) =>
  runWaymark(line, line.includes('--data') ? { WAYMARK_URL: lab.control.url } : asOperator(lab), folder)

test('an account is made, used with the saved secrets, disabled and enabled', async () => {
  expect((await waymark('accounts create acme --save acme')).out).toStartWith('Account acme created')
  expect(statSync(join(folder, 'acme', 'credentials.json')).mode & 0o777).toBe(0o600)
  expect((await waymark('whoami --data acme')).out).toContain('acme')
  expect((await waymark('zones create acme.example --data acme')).code).toBe(0)
  expect((await waymark('accounts create other --save acme')).err).toContain('is there already')
  expect((await waymark('accounts list')).out).not.toContain('other')
  expect((await waymark('accounts disable acme')).out).toBe('Account acme is disabled\n')
  expect((await waymark('zones list --data acme')).code).toBe(4)
  await waymark('accounts enable acme')
  const { out } = await waymark('accounts rename acme acme-east --json')
  expect(JSON.parse(out)).toMatchObject({ name: 'acme-east', enabled: true })
  expect((await waymark('accounts list')).out).toMatch(/acme-east +enabled/)
}, 120_000)

test('a user gets a role, zones and policies, a key and a new password', async () => {
  await waymark('zones create mine.example')
  const made = await waymark('users create zoe --role zone-administrator --zones mine.example --json')
  expect(JSON.parse(made.out)).toMatchObject({ role: 'zone_administrator', zones: [expect.any(String)] })
  expect((await waymark('keys create zoe --save zoe')).code).toBe(0)
  expect((await waymark('zones list --data zoe')).out).toContain('mine.example.')
  const refused = await waymark('zones create other.example --data zoe')
  expect([refused.code, refused.err]).toEqual([4, expect.stringContaining('DNS.1802')])

  const deny = { Effect: 'Deny', Action: ['dns:zone:list'] }
  writeFileSync(join(folder, 'policy.json'), JSON.stringify({ Version: '1.1', Statement: [deny] }))
  expect((await waymark('users update zoe --policy policy.json')).out).toContain('zone-administrator')
  expect((await waymark('zones list --data zoe')).code).toBe(4)
  expect((await waymark('users show zoe')).out).toContain('"Deny"')
  expect((await waymark('users password zoe')).out).toMatch(/password +\w{24}/)
  expect((await waymark('users list')).out).toMatch(/zoe +enabled +zone-administrator +1 +1 /)
}, 120_000)

test('a zone is signed, its keys are rolled, and signed no longer', async () => {
  await waymark('zones create signed.example')
  expect((await waymark('dnssec show signed.example')).out).toBe('Zone signed.example. is not signed\n')
  const enabled = await waymark('dnssec enable signed.example')
  expect(enabled.out).toMatch(/KSK +\d+ +ECDSAP256SHA256 +ACTIVE.*\nsigned\.example\. 300 IN DS \d+ 13 2 /s)
  expect((await waymark('dnssec enable signed.example')).err).toContain('DNS.2302')
  expect((await waymark('dnssec roll signed.example')).out).toMatch(/ZSK +\d+ +ECDSAP256SHA256 +PUBLISHED/)
  const rolled = JSON.parse((await waymark('dnssec roll signed.example --role ksk --json')).out)
  expect(rolled.ds_records).toHaveLength(2)
  const confirmed = JSON.parse((await waymark('dnssec confirm-ds signed.example --json')).out)
  expect(confirmed.ds_records).toEqual([rolled.ds_records[1]])
  expect((await waymark('dnssec disable signed.example')).code).not.toBe(0)
  expect((await waymark('dnssec disable signed.example --yes')).out).toContain('signed no longer')
  expect((await waymark('dnssec roll signed.example --role csk')).err).toContain('must be ksk or zsk')
}, 120_000)

test('transfers are allowed and announced, for all zones and for one', async () => {
  await waymark('zones create moved.example')
  const key = await waymark('transfers create-key ns1')
  expect(key.out).toMatch(/^key +ns1\.\nalgorithm +hmac-sha256\nsecret +\S{44}\n$/)
  expect((await waymark('transfers keys')).out).toMatch(/ns1\. +hmac-sha256/)
  const all = await waymark(
    'transfers update --allow 192.0.2.0/24+key:ns1,key:ns1 --notify 192.0.2.1+key:ns1',
  )
  expect(all.out).toContain('192.0.2.0/24+key:ns1., key:ns1.')
  expect(all.out).toContain('192.0.2.1:53+key:ns1.')
  await waymark('transfers update moved.example --allow none')
  expect((await waymark('transfers show moved.example')).out).toMatch(
    /own +yes\nallowed +nobody\nnotified +192/,
  )
  await waymark('transfers reset moved.example')
  expect((await waymark('transfers show moved.example')).out).toContain('no, as for all zones')
  expect((await waymark('transfers delete-key ns1 --yes')).err).toContain('WAYMARK.0702')
  await waymark('transfers update --allow none --notify none')
  expect((await waymark('transfers delete-key ns1 --yes')).out).toBe('TSIG key ns1 deleted\n')
  expect((await waymark('transfers update')).err).toContain('give --allow or --notify')
}, 120_000)

test('keys are listed, disabled, enabled and deleted', async () => {
  await waymark('users create kim')
  const { access_key, secret_key } = JSON.parse((await waymark('keys create kim --json')).out)
  const listed = await waymark('keys list --user kim')
  expect(listed.out).toContain(access_key)
  expect(listed.out).not.toContain(secret_key)
  expect((await waymark(`keys disable ${access_key}`)).out).toBe(`Access key ${access_key} is disabled\n`)
  await waymark(`keys enable ${access_key}`)
  expect((await waymark(`keys delete ${access_key}`)).code).toBe(2)
  expect((await waymark(`keys delete ${access_key} --yes`)).code).toBe(0)
  expect((await waymark('users delete kim --yes')).out).toBe('User kim deleted\n')
  expect((await waymark('users show kim')).err).toContain('there is no user kim')
}, 120_000)

test('the operator manages users of another account by its name', async () => {
  await waymark('accounts create far')
  expect((await waymark('users create ann --account far --role administrator')).code).toBe(0)
  expect((await waymark('users list --account far')).out).toContain('ann')
  expect((await waymark('users list')).out).not.toContain('ann ')
  expect((await waymark('projects create region-a_lab --account far')).code).toBe(0)
  expect((await waymark('projects list --account far')).out).toContain('region-a_lab')
}, 120_000)

test('the audit log is listed and exported', async () => {
  await waymark('zones create audited.example')
  expect((await waymark('audit list --zone audited.example')).out).toMatch(
    /admin +127\.0\.0\.1 +createZone +made Zone audited\.example\./,
  )
  expect((await waymark('audit export --operation createZone --output log.jsonl')).code).toBe(0)
  const lines = readFileSync(join(folder, 'log.jsonl'), 'utf8').trimEnd().split('\n')
  expect(JSON.parse(lines[0]!)).toMatchObject({ operation: 'createZone', user: { name: 'admin' } })
}, 120_000)

test('a role that does not exist and a policy that is none are told at once', async () => {
  expect((await waymark('users create x --role king')).err).toContain('must be one of administrator')
  expect((await waymark('users create x --policy none.json')).code).toBe(2)
})

test('the status of edges tells how far they are and what they hold', async () => {
  const none = await waymark('edge status')
  expect([none.code, none.err]).toEqual([1, expect.stringContaining('No edge reports')])
  const { store } = lab.control.context
  const { newest } = await store.feedBounds()
  const report = {
    ...{ edge: 'north', seq: newest - 1, store: await store.findSetting('store_id'), dns: ['192.0.2.53:53'] },
    ...{ zones: 3, recordSets: 12, startedAt: Date.UTC(2026, 0, 2), version: '1.2.3', memoryBytes: 98e6 },
    ...{ tableBytes: 1e6, queries: 10, queriesPerSecond: 41.6, lineDataAt: Date.UTC(2026, 5, 17) },
    ...{ transfers: 40, transfersFailed: 2, transfersRunning: 1, notifyLost: 0 },
  }
  const answer = await fetch(`${lab.control.url}/waymark/v1/feed/position`, {
    method: 'POST',
    headers: { authorization: `Bearer ${lab.control.feedSecret}` },
    body: JSON.stringify(report),
  })
  expect([answer.status, answer.headers.get('x-waymark-newest')]).toEqual([204, String(newest)])
  const { out, code } = await waymark('edge status')
  expect(code).toBe(1)
  expect(out.split('\n')[1]!.split(/ {2,}/)).toEqual([
    ...['north', '1.2.3', String(newest - 1), '1', '3', '12', '42', '40, 1 now, 2 failed', '98 MB'],
    ...['2026-06-17', '2026-01-02', '192.0.2.53:53'],
  ])
  expect(JSON.parse((await waymark('edge status --json')).out)).toMatchObject({
    newest,
    edges: [{ id: 'north' }],
  })
}, 120_000)
