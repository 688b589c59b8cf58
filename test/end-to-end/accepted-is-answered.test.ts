// needs: dig nsd-checkzone kzonecheck named-checkzone named-compilezone
/**
 * What the API accepts is answered exactly: hundreds of odd record sets are sent; BIND reads the accepted ones, as they were sent, out
 * of a zone file, and its reading is compared with what the edge answers to `dig`. The exported zone loads in NSD, Knot and BIND.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { domainToASCII } from 'node:url'
import { TYPE_CASES } from '@waymark/dns/rr-types/rr-types.cases'
import { run } from '../support/process.ts'
import { type Service, startService } from '../support/service.ts'

const ZONE = 'odd.example.'

interface Sent {
  readonly name: string
  readonly type: string
  readonly ttl?: number
  readonly records: readonly string[]
}

let service: Service
let folder: string
let zoneId: string
let sent: readonly Sent[]
let accepted: readonly Sent[]
/** Codes by `type name`. */
let refused: ReadonlyMap<string, string>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waymark-odd-'))
  service = await startService()
  zoneId = (await service.call('POST', '/v2/zones', { name: ZONE })).json.id
  sent = oddRecordSets()
  const path = `/v2.1/zones/${zoneId}/recordsets/batch-create-task`
  expect(await service.call('POST', path, { recordsets: sent })).toMatchObject({ status: 202 })
  const task = await settled(path)
  expect(task.total_count).toBe(sent.length)
  refused = new Map(
    // biome-ignore lint/suspicious/noExplicitAny: an error item of the task
    task.error_items.map((item: any) => [`${item.type} ${item.name.split('.')[0]}`, item.error_code]),
  )
  const list = await service.call('GET', `/v2.1/zones/${zoneId}/recordsets`)
  expect(list.json.metadata.total_count).toBe(task.success_count + 2)
  accepted = await allRecordSets()
}, 120_000)

afterAll(async () => {
  await service?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('hundreds are accepted and hundreds refused, each for its own field', () => {
  expect(accepted.length).toBeGreaterThan(250)
  expect(refused.size).toBeGreaterThan(250)
  // Names begin with what their code must be when they are wrong.
  for (const [what, code] of refused) {
    const [type, label] = what.split(' ') as [string, string]
    const isUncreatable = [
      'PTR',
      'SOA',
      'RRSIG',
      'NSEC',
      'NSEC3',
      'NSEC3PARAM',
      'DNSKEY',
      'CDS',
      'CDNSKEY',
    ].includes(type)
    expect([what, code]).toEqual([
      what,
      label.startsWith('v') ? (isUncreatable ? 'DNS.0307' : 'DNS.0308') : 'DNS.0304',
    ])
  }
})

test('values come back in every list as they were sent', () => {
  const byName = new Map(accepted.map((set) => [`${set.type} ${set.name}`, set.records]))
  let seen = 0
  for (const { name, type, records } of sent) {
    const kept = byName.get(`${type} ${name.toLowerCase()}.${ZONE}`)
    if (kept === undefined) continue
    expect(kept).toEqual(records.map((value) => value.trim()))
    seen++
  }
  expect(seen).toBeGreaterThan(250)
})

test('the edge answers what BIND reads in the values as they were sent', async () => {
  // BIND wants these in its own spelling: LOC units in lower case, the text of a URI in quotes.
  const comparable = accepted.filter(({ type }) => !['LOC', 'URI'].includes(type))
  const lines = comparable.flatMap(({ name, ttl, type, records }) =>
    records.map((value) => `${asciiName(name)} ${ttl} IN ${type} ${zoneFileValue(type, value)}\n`),
  )
  const file = join(folder, 'sent')
  writeFileSync(file, `${ZONE} 300 IN SOA a. b. 1 2 3 4 5\n${ZONE} 300 IN NS a.\n${lines.join('')}`)
  const compiled = join(folder, 'compiled')
  await run(['named-compilezone', '-i', 'none', '-k', 'ignore', '-s', 'full', '-o', compiled, ZONE, file])
  const expected = grouped((await Bun.file(compiled).text()).split('\n'))

  const questions = join(folder, 'questions')
  const keys = [...new Set(comparable.map(({ name, type }) => `${asciiName(name)} ${type}`))]
  writeFileSync(questions, keys.map((key) => `${key}\n`).join(''))
  const dig = [
    'dig',
    '@127.0.0.1',
    '-p',
    `${service.dnsPort}`,
    '+tcp',
    '+noall',
    '+answer',
    '+authority',
    '+nocookie',
  ]
  const answered = grouped((await run([...dig, '-f', questions])).split('\n'))
  for (const key of keys) expect([key, expected.get(key.toLowerCase())?.length]).not.toEqual([key, undefined])
  for (const key of keys)
    expect([key, answered.get(key.toLowerCase())]).toEqual([key, expected.get(key.toLowerCase())])
}, 120_000)

test('the exported zone loads in NSD, Knot and BIND', async () => {
  const { json: zoneText } = await service.call('GET', `/waymark/v1/zones/${zoneId}/export?format=zone`)
  const file = join(folder, 'exported')
  writeFileSync(file, zoneText)
  expect(await run(['nsd-checkzone', ZONE, file])).toContain('is ok')
  await run(['kzonecheck', '-o', ZONE, file])
  // Underscores in names of hosts are the API's own wish, so BIND's check of names stays out.
  await run(['named-checkzone', '-i', 'local', '-k', 'ignore', '-m', 'fail', '-n', 'fail', ZONE, file])
})

/** Everything that may look like a value or a name; each at a label of its own, which tells what may be wrong with it. */
function oddRecordSets(): Sent[] {
  const sets: Sent[] = []
  const value = (type: string, ...records: string[]) => {
    // What the door itself refuses before there is a task is not for this test.
    if (records.every((each) => each.length >= 1 && each.length <= 4096 && !each.includes('\u0000')))
      sets.push({ name: `${type === 'SRV' ? 'v_' : 'v'}${sets.length}`, type, records })
  }
  const values = (type: string, texts: readonly string[]) => {
    for (const text of texts) value(type, text)
  }
  values('A', [
    '0.0.0.0',
    '255.255.255.255',
    '1.2.3.4 ',
    '01.2.3.4',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4/32',
    '0x1.2.3.4',
  ])
  values('A', ['１.2.3.4', '127.1', '1.2.3.4;x', '1.2.3.4 5.6.7.8', '::1'])
  values('AAAA', [
    '::',
    '2001:DB8::A',
    '1:2:3:4:5:6:7::',
    '::ffff:1.2.3.4',
    'fe80::1%eth0',
    '::1/128',
    '[::1]',
    ':::',
  ])
  const hosts = [
    'a.example',
    'A.EXAMPLE.',
    'a',
    '.',
    'a..b',
    '-a.example',
    'a-.example',
    'a_b.example',
    '*.example',
    '1.2.3.4',
  ]
  const odd = [
    '::1',
    '例子.测试',
    'faß.example',
    'xn--a.example',
    'a。b.example',
    '%41.example',
    '"a.example"',
    'a.example;b',
    '@',
  ]
  const long = [
    'a'.repeat(63),
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(126)}a`,
    `${'a.'.repeat(127)}a`,
    'a\\046b.example',
  ]
  for (const host of [...hosts, ...odd, ...long]) {
    for (const type of ['CNAME', 'NS', 'DNAME'])
      if (type !== 'DNAME' || /^[\w.-]+$/.test(host)) value(type, host)
    value('MX', `10 ${host}`)
    value('SRV', `1 2 3 ${host}`)
  }
  values('MX', [
    '0 .',
    '65535 a.example',
    '65536 a.example',
    '-1 a.example',
    '010 a.example',
    '10\ta.example',
    '10',
    '1e1 a.b',
  ])
  values('SRV', [
    '0 0 0 .',
    '65535 65535 65535 a.example.',
    '65536 0 0 a.example',
    '0 5 5060',
    '0  5\t5060 a.example',
  ])
  values('TXT', [
    '"a"',
    '""',
    '"" "a"',
    '"a" ""',
    '"a"  "b"',
    '"a""b"',
    'a',
    '"a',
    '"a\\"b"',
    "'a'",
    '"a" b',
    '" "',
    '"\t"',
  ])
  values('TXT', [
    `"${'x'.repeat(255)}"`,
    `"${'x'.repeat(256)}"`,
    `"${'é'.repeat(127)}"`,
    `"${'é'.repeat(128)}"`,
    '"😀"',
  ])
  values('TXT', [
    '"a\rb"',
    '"\u0001"',
    '"\u007f"',
    '"\u0080"',
    '"\ufeffbom"',
    '"a\u2028b"',
    '"e\u0301"',
    '"half \ud83d"',
  ])
  values('TXT', [
    '"semi;colon"',
    '"(paren"',
    '"$TTL 5"',
    '"@"',
    '"v=DKIM1; p=" "AAAA"',
    '"\\000"',
    '"%s"',
    '"a\nb"',
  ])
  value('TXT', ...Array.from({ length: 100 }, (_, i) => `"${i} ${'z'.repeat(240)}"`))
  value(
    'TXT',
    ...Array.from({ length: 20 }, (_, i) =>
      Array(15)
        .fill(`"${i} ${'y'.repeat(250)}"`)
        .join(' '),
    ),
  )
  value('A', ...Array.from({ length: 100 }, (_, i) => `10.0.0.${i}`))
  value('A', '192.0.2.1', '192.0.2.1')
  values('CAA', [
    '0 issue "ca.example"',
    '128 issue ";"',
    '0 issue ""',
    '256 issue "x"',
    '0 ISSUE "x"',
    '0 issue x',
  ])
  values('CAA', [
    '0 a-b "x"',
    `0 ${'a'.repeat(15)} "x"`,
    `0 ${'a'.repeat(16)} "x"`,
    '0 issue "é"',
    '0 issue "a b"',
    '0 issue "a"b',
  ])
  for (const [type, cases] of Object.entries(TYPE_CASES)) {
    // A DS stands at a delegation only, which has tests of its own.
    if (type === 'SOA' || type === 'DS') continue
    values(type, cases.canonical)
    for (const each of [...cases.rewritten, ...cases.refused] as readonly (string | readonly string[])[])
      value(type, typeof each === 'string' ? each : each[0]!)
  }
  const names = [
    '*',
    '*.a',
    'a.*',
    '*a',
    '_',
    '_dmarc',
    '-',
    'a-',
    '-a.b',
    'a_',
    '1.2.3.4',
    'a'.repeat(63),
    'a'.repeat(64),
  ]
  const more = [
    '中国',
    'ｆｕｌｌ',
    'A.B.C',
    'a..b',
    '.',
    '.a',
    'a b',
    'a\\.b',
    '@.x',
    'faß',
    'xn--',
    'ab--cd',
    'a。b',
    'İ',
    '١',
    'אa',
  ]
  const signs = [
    'a%b',
    'a/b',
    'a"b',
    "a'b",
    'a;b',
    'a(b',
    'a$b',
    'a\tb',
    'é',
    '☃',
    '😀',
    '½',
    'a\u200db',
    'half\ud83d',
  ]
  for (const name of [...names, ...more, ...signs]) {
    sets.push({ name, type: 'A', records: ['192.0.2.7'] })
    sets.push({ name, type: 'TXT', records: ['"n"'] })
  }
  for (const ttl of [1, 2147483647]) sets.push({ name: `ttl${ttl}`, type: 'A', ttl, records: ['192.0.2.1'] })
  return sets
}

/** A name of the API as a zone file has it. */
const asciiName = (name: string): string =>
  name
    .split('.')
    .map((label) => (isAscii(label) ? label : domainToASCII(label)))
    .join('.')

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length

/** A value of the API in the words of a zone file: host names are full names, with or without final dot. */
function zoneFileValue(type: string, value: string): string {
  if (type === 'TXT' || type === 'SPF') return value.replaceAll('\r', '\\013')
  if (!['CNAME', 'NS', 'MX', 'SRV', 'DNAME'].includes(type) || value.startsWith('\\#')) return value
  const words = value.split(/[ \t]+/)
  const host = asciiName(words.pop()!)
  return [...words, host.endsWith('.') ? host : `${host}.`].join(' ')
}

/** TTL and data by owner and type, from the lines that BIND's tools write. */
function grouped(lines: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const line of lines) {
    const match = /^([^;\s]\S*)\s+(\d+)\s+IN\s+(\S+)\s+(.*)$/.exec(line.trimEnd())
    if (match === null) continue
    const [, owner, ttl, type, data] = match as unknown as [string, string, string, string, string]
    const key = `${owner} ${type}`.toLowerCase()
    groups.set(key, [...(groups.get(key) ?? []), `${ttl} ${canonical(type, data)}`].sort())
  }
  return groups
}

/** Case and blanks in which two prints of the same data may differ. */
function canonical(type: string, data: string): string {
  if (['TXT', 'SPF', 'HINFO', 'NAPTR', 'SVCB', 'HTTPS'].includes(type)) return data.replace(/\s+/g, ' ')
  if (type === 'CAA') return data.replace(/^\d+ \S+/, (head) => head.toLowerCase())
  if (type === 'CERT' || type === 'OPENPGPKEY') return data.replace(/\s/g, '')
  return data.replace(/\s+/g, '').toLowerCase()
}

const settled = async (path: string) => (await service.settled(path)).json

async function allRecordSets(): Promise<Sent[]> {
  const sets: (Sent & { default: boolean })[] = []
  let next: string | undefined = `/v2.1/zones/${zoneId}/recordsets`
  while (next !== undefined) {
    const { json } = await service.call('GET', next)
    sets.push(...json.recordsets)
    next = json.links.next?.slice(service.url.length)
  }
  return sets.filter((set) => !set.default)
}
