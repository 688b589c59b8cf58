/**
 * Whatever a caller sends: the documented refusal comes back, nothing in the store has changed, and the service goes on. What
 * each field allows is known by the tests of the rules; here it is the doors that are tried, on a running service.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { zipSync } from 'fflate'
import errors from '../../packages/control/src/catalogue/errors.json' with { type: 'json' }
import { sleep } from '../support/process.ts'
import { type Answer, type Service, startService } from '../support/service.ts'

let service: Service
let zone: { id: string; name: string }
let recordSet: string
const paths = { single2: '', single21: '', task: '', upload: '', files: '' }

beforeAll(async () => {
  service = await startService()
  zone = (await service.call('POST', '/v2/zones', { name: 'bad-input.example' })).json
  paths.single2 = `/v2/zones/${zone.id}/recordsets`
  paths.single21 = `/v2.1/zones/${zone.id}/recordsets`
  paths.task = `${paths.single21}/batch-create-task`
  paths.upload = `/v2/zones/${zone.id}/import/recordsets`
  paths.files = `/waymark/v1/zones/${zone.id}/imports`
  recordSet = (await service.call('POST', paths.single21, A)).json.id
  before = await state()
}, 120_000)

afterAll(async () => {
  await service?.stop()
})

const A = { name: 'www.bad-input.example.', type: 'A', records: ['192.0.2.1'] }

/** All that a refused call must leave alone. */
let before: string
const state = async (): Promise<string> => {
  const { json: shown } = await service.call('GET', `/v2/zones/${zone.id}`)
  const { json: sets } = await service.call('GET', paths.single21)
  const task = await service.call('GET', paths.task)
  return JSON.stringify([shown, sets.recordsets, task.status])
}

const codeOf = ({ status, json }: Answer): string => `${status} ${json?.code ?? json?.error_code}`
const texts = new Map(errors.errors.map(({ code, message }) => [code, message]))

/** The text is that of the catalogue, as far as the catalogue's has no parameters. */
function expectCatalogued({ json }: Answer): void {
  expect(Object.keys(json)).toEqual(['code', 'message'])
  const known = texts.get(json.code)
  expect(known).toBeDefined()
  expect(json.message).toStartWith(known!.split(/%|\{|\. /)[0]!)
}

const WRONG = [0, -1, 1.5, true, false, {}, [], [5], [[]], 'no such thing', '\ud800', 'a\u0000b']

/** What may be refused for each field, and which of the values above it takes. */
const FIELDS: Readonly<Record<string, { codes: string[]; takes?: readonly unknown[] }>> = {
  name: { codes: ['DNS.0304'] },
  type: { codes: ['DNS.0307'] },
  records: { codes: ['DNS.0308'] },
  ttl: { codes: ['DNS.0303', 'DNS.0319'] },
  line: { codes: ['DNS.0806', 'DNS.1601'] },
  weight: { codes: ['DNS.0323'], takes: [0] },
  status: { codes: ['DNS.0315'] },
  description: { codes: ['DNS.0305'], takes: ['no such thing'] },
  tags: { codes: ['DNS.1003'], takes: [[]] },
  alias_target: { codes: ['DNS.0330'] },
}

const sent = (takes: readonly unknown[] = []) =>
  WRONG.filter((value) => !takes.some((each) => Bun.deepEquals(each, value)))

async function expectRefused(
  fields: typeof FIELDS,
  send: (fields: object) => Promise<Answer>,
): Promise<void> {
  for (const [field, { codes, takes }] of Object.entries(fields)) {
    for (const value of sent(takes)) {
      const answer = await send({ [field]: value })
      // U+0000 is refused with the body that holds it.
      const allowed = JSON.stringify(value).includes('\\u0000') ? ['DNS.0002'] : codes
      expect([field, value, allowed]).toEqual([field, value, expect.arrayContaining([answer.json.code])])
      expect(answer.status).toBe(400)
      expectCatalogued(answer)
    }
  }
}

describe('a value of a wrong kind', () => {
  test('in a creation through v2.1', async () => {
    await expectRefused(FIELDS, (fields) => service.call('POST', paths.single21, { ...A, ...fields }))
    expect(await state()).toBe(before)
  })

  test('in a creation through v2, which passes over what it does not know', async () => {
    const { line: _line, weight: _weight, alias_target: _alias, ...known } = FIELDS
    await expectRefused(known, (fields) => service.call('POST', paths.single2, { ...A, ...fields }))
    expect(await state()).toBe(before)
  })

  test('in an update', async () => {
    const { name, type, records, ttl, weight, description } = FIELDS as Required<typeof FIELDS>
    const line = { codes: ['DNS.0043'] }
    const kept = { ...records!, takes: [[]] }
    const fields = {
      name: name!,
      type: type!,
      records: kept,
      ttl: ttl!,
      weight: weight!,
      description: description!,
      line,
    }
    await expectRefused(fields, (change) =>
      service.call('PUT', `${paths.single21}/${recordSet}`, { ...A, ...change }),
    )
    expect(await state()).toBe(before)
  })

  test('in an item of a batch: the whole request is refused, or the item fails', async () => {
    const { tags: _tags, alias_target: _alias, ...known } = FIELDS
    await expectRefused(known, async (fields) => {
      const answer = await service.call('POST', paths.task, { recordsets: [{ ...A, name: 'x', ...fields }] })
      if (answer.status !== 202) {
        const { code, message } = answer.json
        return { ...answer, json: { code, message } }
      }
      const { json } = await service.call('GET', paths.task)
      await service.call('DELETE', paths.task)
      expect({ fields, errors: json.error_count }).toEqual({ fields, errors: 1 })
      const { error_code: code, error_message: message } = json.error_items[0]
      return { ...answer, status: 400, json: { code, message } }
    })
    expect(await state()).toBe(before)
  })

  test('in a zone', async () => {
    const fields = {
      name: { codes: ['DNS.0202'] },
      zone_type: { codes: ['DNS.0204'] },
      description: { codes: ['DNS.0206'], takes: ['no such thing'] },
      email: { codes: ['DNS.0201'] },
      ttl: { codes: ['DNS.0203'] },
      enterprise_project_id: { codes: ['DNS.1905'] },
      tags: { codes: ['DNS.1003'], takes: [[]] },
    }
    await expectRefused(fields, (each) =>
      service.call('POST', '/v2/zones', { name: 'more.example', ...each }),
    )
    const { description, email, ttl } = fields
    await expectRefused({ description, email, ttl }, (each) =>
      service.call('PATCH', `/v2/zones/${zone.id}`, each),
    )
    expect((await service.call('GET', '/v2/zones')).json.metadata.total_count).toBe(1)
    expect(await state()).toBe(before)
  })
})

describe('a body', () => {
  const BROKEN: readonly (string | Uint8Array)[] = [
    ...['', ' ', 'null', '[]', '5', '"x"', '{', '{"a":}', "{'a':1}", '{} x', '{"a":NaN}'],
    ...['['.repeat(100_000), '{"a":'.repeat(100_000), `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
  ]

  test('that is no JSON object is DNS.0002, however deep it goes', async () => {
    const put = `${paths.single21}/${recordSet}`
    for (const body of BROKEN) {
      const octets = typeof body === 'string' ? new TextEncoder().encode(body) : body
      for (const [method, path] of [
        ...[
          ['POST', paths.single2],
          ['POST', paths.single21],
          ['POST', paths.task],
          ['PUT', put],
        ],
        ...[
          ['POST', '/v2/zones'],
          ['PATCH', `/v2/zones/${zone.id}`],
        ],
      ] as const) {
        const answer = await service.call(method, path, octets)
        expect([method, path, codeOf(answer)]).toEqual([method, path, '400 DNS.0002'])
      }
    }
    expect(await state()).toBe(before)
  })

  test('with odd numbers and members is read as JSON says', async () => {
    const put = async (members: string) =>
      codeOf(
        await service.call(
          'PUT',
          `${paths.single21}/${recordSet}`,
          new TextEncoder().encode(`{"name":"${A.name}","type":"A",${members}}`),
        ),
      )
    expect(await put('"ttl":1e400')).toBe('400 DNS.0303')
    expect(await put('"ttl":-0')).toBe('400 DNS.0319')
    expect(await put('"ttl":99999999999999999999')).toBe('400 DNS.0319')
    expect(await put('"ttl":"300"')).toBe('400 DNS.0303')
    expect(await put('"weight":1e400')).toBe('400 DNS.0323')
    expect(await put('"ttl":5,"ttl":0')).toBe('400 DNS.0319')
    const polluted = '{"__proto__":{"name":"p.bad-input.example.","type":"A","records":["192.0.2.1"]}}'
    expect(codeOf(await service.call('POST', paths.single21, new TextEncoder().encode(polluted)))).toBe(
      '400 DNS.0307',
    )
    expect(await state()).toBe(before)
  })

  test('with more items than a task may have, or none, makes no task', async () => {
    const items = (length: number) => ({
      recordsets: Array.from({ length }, (_, i) => ({ ...A, name: `n${i}` })),
    })
    const many = await service.call('POST', paths.task, items(2001))
    expect(codeOf(many)).toBe('400 DNS.0326')
    expect(many.json.message).toContain('2000')
    for (const recordsets of [[], {}, null, 'x', [null], [[]], [5]])
      expect(codeOf(await service.call('POST', paths.task, { recordsets }))).toBe('400 DNS.0002')
    expect(codeOf(await service.call('POST', paths.task, { recordsets: [{}] }))).toBe('400 DNS.0307')
    expect(await state()).toBe(before)
  })
})

describe('over the wire', () => {
  test('oddities of HTTP are answered with the documented refusal or as what they mean', async () => {
    const at = (line: string, more = '') =>
      raw(`${line} HTTP/1.1\r\nHost: a\r\n${more}Connection: close\r\n\r\n`)
    expect(await at('OPTIONS /v2/zones')).toStartWith('HTTP/1.1 404')
    expect(await at('TRACE /v2/zones')).toStartWith('HTTP/1.1 404')
    expect(await at('GET /v2/zones')).toStartWith('HTTP/1.1 401')
    expect(await at('HEAD /v2/zones')).toStartWith('HTTP/1.1 401')
    expect(await at('GET /v2/zones', 'X-Auth-Token: \xff\xfe\r\n')).toStartWith('HTTP/1.1 401')
    for (const path of ['%00', '%ff', '%zz', 'x', 'a'.repeat(33)])
      expect(await at(`GET /v2/zones/${path}`)).toMatch(/^HTTP\/1\.1 (401|404)/)
    expect(await at('POST /v2/zones', 'Content-Length: -5\r\n')).toStartWith('HTTP/1.1 400')
    expect(await at('POST /v2/zones', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n')).toStartWith(
      'HTTP/1.1 400',
    )
    expect(await at(`GET /v2/zones?name=${'a'.repeat(12_000)}`)).toStartWith('HTTP/1.1 401')
    expect(await at(`GET /v2/zones?name=${'a'.repeat(500_000)}`)).toStartWith('HTTP/1.1 431')
    expect(await raw('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03')).toStartWith('HTTP/1.1 400')
    const two = await raw(
      'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /nope HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    )
    expect(two).toMatch(/^HTTP\/1\.1 200[\s\S]*HTTP\/1\.1 404/)
  })

  test('hundreds of connections that never finish hold nobody up', async () => {
    const half = Array.from({ length: 300 }, (_, i) => {
      const socket = connect(portOf(service.url), '127.0.0.1', () =>
        socket.write(
          i % 2
            ? 'GET /v2/zo'
            : 'POST /v2/zones HTTP/1.1\r\nHost: a\r\nX-Auth-Token: x\r\nContent-Length: 9\r\n\r\n{',
        ),
      )
      socket.on('error', () => undefined)
      return socket
    })
    await sleep(200)
    const startedAt = performance.now()
    expect((await service.call('GET', `/v2/zones/${zone.id}`)).status).toBe(200)
    expect(performance.now() - startedAt).toBeLessThan(8000)
    for (const socket of half) socket.resetAndDestroy()
  })
})

describe('an upload', () => {
  const form = (name: string, octets: Uint8Array, field = 'uploadfile'): FormData => {
    const data = new FormData()
    data.set(field, new File([octets as Uint8Array<ArrayBuffer>], name))
    return data
  }
  const parts = (...each: string[]) =>
    new TextEncoder().encode(`${each.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`)
  const multipart = { 'Content-Type': 'multipart/form-data; boundary=b' }
  const text = (value: string) => new TextEncoder().encode(value)

  test('with a fault gets the code of the fault and makes no import', async () => {
    const faults: [string, string, FormData | Uint8Array | undefined, Record<string, string>?][] = [
      ['no body', '400 DNS.1302', undefined],
      ['no such part', '400 DNS.1302', form('a.xlsx', text('x'), 'file')],
      [
        'a part that is no file',
        '400 DNS.1302',
        parts('Content-Disposition: form-data; name="uploadfile"\r\n\r\nx'),
        multipart,
      ],
      ['no octets', '400 DNS.1302', form('a.xlsx', new Uint8Array(0))],
      ['another extension', '400 DNS.1303', form('a.xls', text('x'))],
      ['no workbook', '400 DNS.1301', form('a.xlsx', text('PK nonsense'))],
      ['over 2 MB', '413 DNS.0027', form('a.xlsx', new Uint8Array(2 * 1024 * 1024 + 1))],
      ['far over 2 MB', '413 DNS.0027', form('a.xlsx', new Uint8Array(12 * 1024 * 1024))],
      ['no boundary', '400 DNS.0002', text('x'), { 'Content-Type': 'multipart/form-data' }],
      ['another boundary', '400 DNS.0002', parts('x'), { 'Content-Type': 'multipart/form-data; boundary=c' }],
      ['JSON', '400 DNS.0002', text('{}'), { 'Content-Type': 'application/json' }],
      [
        '30,000 parts',
        '400 DNS.1302',
        parts(...Array(30_000).fill('Content-Disposition: form-data; name="a"\r\n\r\n')),
        multipart,
      ],
    ]
    for (const [what, expected, body, headers] of faults)
      expect([what, codeOf(await service.call('POST', paths.upload, body, headers))]).toEqual([
        what,
        expected,
      ])
    expect(codeOf(await service.call('GET', paths.upload))).toBe('404 DNS.1304')
    expect(await state()).toBe(before)
  })

  test('made to swell is refused in time and without the memory it asks for, while others are served', async () => {
    const octets = (head: string, fill: string, times: number) => {
      const all = new Uint8Array(head.length + fill.length * times)
      all.set(text(head))
      const one = text(fill)
      for (let at = head.length; at < all.length; at += one.length) all.set(one, at)
      return all
    }
    const row = '<row><c t="inlineStr"><is><t>域名</t></is></c></row>'
    const start = `<worksheet><sheetData>${row}`.replace('域名', 'Domain Name')
    const bombs = {
      blanks: workbookOf(octets(start, ' '.repeat(1024), 32 * 1024)),
      'one text': workbookOf(octets(`${start}<row><c t="inlineStr"><is><t>`, 'a'.repeat(1024), 32 * 1024)),
      nesting: workbookOf(octets(start, '<a>', 10_000_000)),
      entities: workbookOf(
        text(`<!DOCTYPE x [<!ENTITY a "aaaa">]>${start}<row><c><v>&a;</v></c></row></sheetData></worksheet>`),
      ),
    }
    const resident = residentMb(service.pid)
    expect(resident).toBeGreaterThan(20)
    for (const [what, bomb] of Object.entries(bombs)) {
      expect(bomb.length).toBeLessThan(2 * 1024 * 1024)
      const startedAt = performance.now()
      const upload = service.call('POST', paths.upload, form('a.xlsx', bomb))
      expect((await service.call('GET', `/v2/zones/${zone.id}`)).status).toBe(200)
      expect([what, codeOf(await upload)]).toEqual([what, '400 DNS.1301'])
      expect(performance.now() - startedAt).toBeLessThan(15_000)
    }
    expect(residentMb(service.pid) - resident).toBeLessThan(150)
    expect(await state()).toBe(before)
  })

  test('that breaks off half-way leaves nothing behind', async () => {
    for (let i = 0; i < 20; i++) {
      const socket = connect(portOf(service.url), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(
        `POST ${paths.upload} HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n--b\r\n${'x'.repeat(9999)}`,
      )
      await sleep(2)
      socket.resetAndDestroy()
    }
    expect(await state()).toBe(before)
  })

  test.each([
    ['a byte order mark and semicolons', '\ufeffname;type;ttl;value\r\nc1;A;60;192.0.2.1\r\n', 1, ''],
    ['U+0000 in a value', 'name,type,value\nc2,TXT,"""a\u0000b"""\n', 0, 'DNS.0308'],
    ['U+0000 in a description', 'name,type,value,description\nc3,A,192.0.2.1,a\u0000b\n', 0, 'DNS.0305'],
    ['a formula', 'name,type,value\n=HYPERLINK(1),A,192.0.2.1\n', 0, 'DNS.0304'],
  ])('of a CSV file with %s', async (_, csv, created, code) => {
    const { json } = await service.call('POST', `${paths.files}?format=csv`, text(csv), {
      'Content-Type': 'text/csv',
    })
    const task = (await service.settled(`/waymark/v1/tasks/${json.task_id}`)).json
    expect([task.success_count, task.error_items[0]?.error_code ?? '']).toEqual([created, code])
  })
})

test('none of it was logged as a failure of ours, and no secret, token or body is in the log', async () => {
  const lines = (await service.output()).split('\n').filter((line) => line.startsWith('{'))
  expect(lines.length).toBeGreaterThan(100)
  const faults = lines.filter((line) => JSON.parse(line).level >= 50 || JSON.parse(line).level === 'error')
  expect(faults).toEqual([])
  const { secret_key: secretKey, password } = service.credentials
  for (const word of [secretKey!, password!, 'uploadfile', '192.0.2.1', 'no such thing', 'X-Auth-Token'])
    expect(lines.filter((line) => line.includes(word))).toEqual([])
})

const portOf = (url: string): number => Number(new URL(url).port)

/** Sends octets as they are and gives what came back until the connection closed. */
function raw(octets: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(portOf(service.url), '127.0.0.1', () => socket.write(octets, 'latin1'))
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
    socket.setTimeout(10_000, () => socket.destroy())
  })
}

/** A workbook whose only sheet is `sheet`. */
function workbookOf(sheet: Uint8Array): Uint8Array {
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const links = (target: string, type: string) =>
    new TextEncoder().encode(
      `<Relationships><Relationship Id="r" Type="${office}/${type}" Target="${target}"/></Relationships>`,
    )
  return zipSync(
    {
      '_rels/.rels': links('xl/workbook.xml', 'officeDocument'),
      'xl/workbook.xml': new TextEncoder().encode(
        `<workbook xmlns:r="${office}"><sheets><sheet name="a" sheetId="1" r:id="r"/></sheets></workbook>`,
      ),
      'xl/_rels/workbook.xml.rels': links('worksheets/a.xml', 'worksheet'),
      'xl/worksheets/a.xml': sheet,
    },
    { level: 1 },
  )
}

/** Memory of the processes that `pid` started, MB: the launcher's child serves the API. */
function residentMb(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  return children
    .map((child) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child}/status`, 'utf8'))![1]) / 1024)
    .reduce((sum, each) => sum + each, 0)
}
