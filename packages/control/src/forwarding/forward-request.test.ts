import { describe, expect, test } from 'bun:test'
import { recordSet, zone } from '../store/samples.ts'
import type { StandInSet } from '../store/stand-in-calls.ts'
import { ForwardIndex } from './forward-index.ts'
import { answerVisit } from './forward-request.ts'

const home = zone({ id: '1'.repeat(32), apex: 'shop.example.' })
let last = 0
const forward = (owner: string, url: string, special: Partial<StandInSet> = {}): StandInSet => ({
  ...recordSet(home, { id: (++last).toString(16).padStart(32, '0'), owner, records: [url] }),
  ...{ type: 'REDIRECT_URL', domainId: home.domainId, projectId: home.projectId, zoneStatus: 'ACTIVE' },
  ...special,
})
const FRAME = { type: 'FORWARD_URL' }

function indexOf(...sets: StandInSet[]): ForwardIndex {
  const forwards = new ForwardIndex()
  forwards.replace(undefined, sets)
  return forwards
}
const visit = (forwards: ForwardIndex, host: string | null, method = 'GET'): Response =>
  answerVisit({ method, host }, forwards)
/** Status and target. */
const seen = (...visited: Parameters<typeof visit>): [number, string | null] => {
  const response = visit(...visited)
  return [response.status, response.headers.get('Location')]
}

describe('a visitor', () => {
  const forwards = indexOf(
    forward('old.shop.example.', 'https://www.shop.example/new?x=1#top'),
    forward('xn--bcher-kva.shop.example.', 'http://books.example.net', { name: 'bücher.shop.example.' }),
  )
  const FOUND: [number, string] = [302, 'https://www.shop.example/new?x=1#top']

  test('is redirected to the address as it was given', () => {
    expect(seen(forwards, 'old.shop.example')).toEqual(FOUND)
    expect(seen(forwards, 'xn--bcher-kva.shop.example')).toEqual([302, 'http://books.example.net/'])
  })

  test.each(['OLD.Shop.Example', 'old.shop.example.', 'old.shop.example:80', 'old.shop.example:8081'])(
    'may write the host %s',
    (host) => {
      expect(seen(forwards, host)).toEqual(FOUND)
    },
  )

  test.each([
    'www.shop.example',
    'shop.example',
    'a.old.shop.example',
    '192.0.2.1',
    '[2001:db8::1]:80',
    'old.shop.example, old.shop.example',
    'old.shop.example:port',
    'old.shop.example/x',
    '',
    '<script>',
    `${'a.'.repeat(200)}example`,
  ])('of %p finds nothing, and is told so without an echo', async (host) => {
    const response = visit(forwards, host)
    expect(response.status).toBe(404)
    expect(response.headers.get('Content-Type')).toBe('text/plain; charset=utf-8')
    expect(await response.text()).toBe('Nothing is forwarded from this name.\n')
  })

  test('without a host is told so', () => {
    expect(seen(forwards, null)).toEqual([400, null])
  })

  test('gets nothing done but reading', () => {
    expect(seen(forwards, 'old.shop.example', 'HEAD')).toEqual(FOUND)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']) {
      const response = visit(forwards, 'old.shop.example', method)
      expect([response.status, response.headers.get('Allow')]).toEqual([405, 'GET, HEAD'])
    }
    expect(seen(forwards, 'www.shop.example', 'POST')).toEqual([404, null])
  })
})

describe('a frame', () => {
  test('shows the target under the name, and lets nothing run', async () => {
    const response = visit(
      indexOf(forward('a.shop.example.', `https://www.example.net/"><script>alert('1')</script>&x=1`, FRAME)),
      'a.shop.example',
    )
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
    const policy = response.headers.get('Content-Security-Policy')!
    expect(policy).toStartWith(`default-src 'none'; style-src 'sha256-`)
    const page = await response.text()
    const style = /<style>(.*)<\/style>/.exec(page)![1]!
    expect(policy).toContain(new Bun.CryptoHasher('sha256').update(style).digest('base64'))
    expect(page).toContain('<title>a.shop.example</title>')
    expect(page).not.toContain('<script')
    expect(page.match(/"/g)!.length % 2).toBe(0)
    expect(page).toContain('&amp;x=1')
  })

  test('has the name as it was written for a title', async () => {
    const set = forward('xn--a.shop.example.', 'http://example.net/', {
      ...FRAME,
      name: 'ä<b>.shop.example.',
    })
    expect(await visit(indexOf(set), 'xn--a.shop.example').text()).toContain(
      '<title>ä&lt;b&gt;.shop.example</title>',
    )
  })
})

test('a target is a header of one line, whatever it holds', () => {
  for (const url of ['http://example.net/\u0001\u007fü', 'http://example.net/a\\b', "http://example.net/'"]) {
    const [status, location] = seen(indexOf(forward('a.shop.example.', url)), 'a.shop.example')
    expect(status).toBe(302)
    expect(location).toMatch(/^http:\/\/example\.net\/[\x21-\x7e]*$/)
  }
})

describe('a loop', () => {
  const status = (host: string, ...sets: StandInSet[]) => seen(indexOf(...sets), host)[0]

  test.each(['http://a.shop.example/', 'http://A.shop.example:80/x?y', 'http://a.shop.example./'])(
    'to the name itself (%s) is refused',
    (url) => {
      expect(status('a.shop.example', forward('a.shop.example.', url))).toBe(508)
      expect(status('a.shop.example', forward('a.shop.example.', url, FRAME))).toBe(508)
    },
  )

  test.each(['https://a.shop.example/', 'http://a.shop.example:8080/', 'http://b.a.shop.example/'])(
    'is not what leads elsewhere: %s',
    (url) => {
      expect(status('a.shop.example', forward('a.shop.example.', url))).toBe(302)
    },
  )

  test('is refused at every name of it, and what leads into it is not part of it', () => {
    const sets = [
      forward('a.shop.example.', 'http://b.shop.example/'),
      forward('b.shop.example.', 'http://c.shop.example/'),
      forward('c.shop.example.', 'http://a.shop.example/'),
    ]
    for (const name of ['a', 'b', 'c']) expect(status(`${name}.shop.example`, ...sets)).toBe(508)
  })

  test('is also a chain too long to follow', () => {
    const chain = Array.from({ length: 9 }, (_, at) =>
      forward(`h${at}.shop.example.`, `http://h${at + 1}.shop.example/`),
    )
    expect(status('h0.shop.example', ...chain)).toBe(508)
    expect(status('h5.shop.example', ...chain)).toBe(302)
  })

  test('at another port is found when that port is asked', () => {
    const set = forward('a.shop.example.', 'http://a.shop.example:8081/')
    expect([status('a.shop.example', set), status('a.shop.example:8081', set)]).toEqual([302, 508])
  })
})

describe('names under URL forwarding', () => {
  const at = (forwards: ForwardIndex) => forwards.find('a.shop.example.')?.target

  test('are those that are answered: neither they nor their zone paused', () => {
    const url = 'http://example.net/'
    expect(at(indexOf(forward('a.shop.example.', url)))).toBe(url)
    expect(at(indexOf(forward('a.shop.example.', url, { status: 'DISABLE' })))).toBeUndefined()
    expect(at(indexOf(forward('a.shop.example.', url, { zoneStatus: 'DISABLE' })))).toBeUndefined()
    expect(at(indexOf(forward('a.shop.example.', url, { zoneStatus: 'FREEZE' })))).toBeUndefined()
  })

  test('lead where the default line does, else where the oldest does', () => {
    const [abroad, plain] = ['Abroad', 'default_view'].map((line) =>
      forward('a.shop.example.', `http://${line.replace('_', '-')}.example.net/`, { line }),
    ) as [StandInSet, StandInSet]
    const china = forward('a.shop.example.', 'http://cn.example.net/', { line: 'CN' })
    expect(at(indexOf(abroad, china, plain))).toBe('http://default-view.example.net/')
    expect(at(indexOf(china, abroad))).toBe('http://abroad.example.net/')
  })

  test('are replaced zone by zone', () => {
    const other = '2'.repeat(32)
    const forwards = indexOf(
      forward('a.shop.example.', 'http://1.example.net/'),
      forward('b.sites.example.', 'http://2.example.net/', { zoneId: other }),
    )
    forwards.replace([home.id], [forward('c.shop.example.', 'http://3.example.net/')])
    expect(
      ['a.shop.example.', 'b.sites.example.', 'c.shop.example.'].map((owner) => forwards.find(owner)?.target),
    ).toEqual([undefined, 'http://2.example.net/', 'http://3.example.net/'])
    forwards.replace([other, home.id], [])
    expect(forwards.find('b.sites.example.')).toBeUndefined()
  })
})
