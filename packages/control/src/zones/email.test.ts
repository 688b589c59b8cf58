import { expect, test } from 'bun:test'
import { defaultEmail, mailboxName } from './email.ts'

test.each([
  ['hostmaster@shop.example', 'hostmaster.shop.example.'],
  ['first.last@shop.example', 'first\\.last.shop.example.'],
  ['Ops+dns@Shop.Example', 'Ops+dns.shop.example.'],
  ['ops@bücher.example', 'ops.xn--bcher-kva.example.'],
  ['ops@localhost', 'ops.localhost.'],
])('%s → %s', (email, name) => {
  expect(mailboxName(email)).toBe(name)
})

test.each([
  ['no at sign', 'ops'],
  ['no local part', '@shop.example'],
  ['no domain', 'ops@'],
  ['an empty atom', 'a..b@shop.example'],
  ['a blank', 'a b@shop.example'],
  ['two at signs', 'a@b@shop.example'],
  ['a label that is too long', `${'a'.repeat(64)}@shop.example`],
  ['an underscore in the domain', 'ops@_x.example'],
])('%s makes no mailbox', (_why, email) => {
  expect(mailboxName(email)).toBeUndefined()
})

test('a zone without one gets a mailbox of its own', () => {
  expect(defaultEmail('shop.example.')).toBe('hostmaster@shop.example')
})
