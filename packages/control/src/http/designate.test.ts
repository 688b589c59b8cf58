import { expect, test } from 'bun:test'
import { queryMeant } from './designate.ts'

const from = (agent: string) => new Headers({ 'User-Agent': agent })

test('a name that the Designate client of OpenStack asks for is a whole name', () => {
  const agent = from('python-designateclient-7.0.0')
  expect(queryMeant({ name: 'example.org.' }, agent)).toEqual({ name: 'example.org.', search_mode: 'equal' })
  expect(queryMeant({ type: 'A' }, agent)).toEqual({ type: 'A' })
  const said = { name: 'example', search_mode: 'like' }
  expect(queryMeant(said, agent)).toBe(said)
})

test('for all other clients it is a part of a name', () => {
  const query = { name: 'example' }
  for (const agent of ['openstacksdk/4.22.0 keystoneauth1/5.18.1', 'curl/8.0', 'my python-designateclient'])
    expect(queryMeant(query, from(agent))).toBe(query)
  expect(queryMeant(query, new Headers())).toBe(query)
})
