import { expect, test } from 'bun:test'
import { Router } from './router.ts'

const table = (...routes: string[]) =>
  new Router(
    routes.map((text) => {
      const [method, path] = text.split(' ') as [string, string]
      return { method, path, text }
    }),
  )

test('a literal segment wins over a parameter, in either order of the table', () => {
  for (const router of [
    table('GET /v2/zones/{zone_id}', 'GET /v2/zones/template'),
    table('GET /v2/zones/template', 'GET /v2/zones/{zone_id}'),
  ]) {
    expect(router.find('GET', '/v2/zones/template')?.route.text).toBe('GET /v2/zones/template')
    expect(router.find('GET', '/v2/zones/abc')?.params).toMatchObject({ zone_id: 'abc' })
  }
})

test('the parameter is tried when the literal branch leads nowhere', () => {
  const router = table(
    'GET /v2/zones/{zone_id}/nameservers',
    'GET /v2/{project_id}/{resource_type}/{id}/tags',
  )
  expect(router.find('GET', '/v2/zones/DNS-public_zone/x/tags')?.params).toEqual({
    project_id: 'zones',
    resource_type: 'DNS-public_zone',
    id: 'x',
  })
  const methods = table('GET /a/b', 'PUT /a/{x}')
  expect(methods.find('PUT', '/a/b')?.params).toEqual({ x: 'b' })
})

test('one trailing slash means nothing', () => {
  const router = table('GET /', 'GET /v2', 'GET /v2/zones')
  for (const path of ['/', '/v2', '/v2/', '/v2/zones', '/v2/zones/'])
    expect(router.find('GET', path)).toBeDefined()
  for (const path of ['/v2//zones', '/v2/zones//', '/v3']) expect(router.find('GET', path)).toBeUndefined()
})

test('an unknown method finds nothing, HEAD finds GET', () => {
  const router = table('GET /v2/zones/{zone_id}', 'HEAD /v3/auth/tokens', 'GET /v3/auth/tokens')
  expect(router.find('PUT', '/v2/zones/a')).toBeUndefined()
  expect(router.find('HEAD', '/v2/zones/a')?.params).toEqual({ zone_id: 'a' })
  expect(router.find('HEAD', '/v3/auth/tokens')?.route.text).toBe('HEAD /v3/auth/tokens')
})

test('parameters are decoded; escapes that are no UTF-8 match nothing', () => {
  const router = table('DELETE /tags/{key}')
  expect(router.find('DELETE', '/tags/cost%20center')?.params).toEqual({ key: 'cost center' })
  expect(router.find('DELETE', '/tags/a%2Fb')?.params).toEqual({ key: 'a/b' })
  expect(router.find('DELETE', '/tags/%zz')).toBeUndefined()
  expect(router.find('DELETE', '/tags/%ff')).toBeUndefined()
  expect(router.find('DELETE', '/tags/a%00')).toBeUndefined()
  expect(router.find('DELETE', '/tags/')).toBeUndefined()
})

test('a table with the same route twice is refused', () => {
  expect(() => table('GET /a/{x}', 'GET /a/{y}')).toThrow('two routes')
})
