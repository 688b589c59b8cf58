import { expect, test } from 'bun:test'
import { OctetWriter } from '@waymark/dns/feed-codec'
import { groupPayload } from '../feed/publish.ts'
import { recordSet } from '../store/samples.ts'
import type { RecordSet } from '../store/store.ts'
import { changedZone } from './commit-change.ts'
import { packAddresses } from './published-addresses.ts'
import { testZone } from './testing.ts'
import { ZoneState } from './zone-state.ts'

const zone = testZone()
const owner = 'www.shop.example.'
const a = recordSet(zone, { id: '1'.repeat(32), owner })
const url = recordSet(zone, {
  ...{ id: '2'.repeat(32), owner, type: 'REDIRECT_URL' },
  rdatas: packAddresses(['192.0.2.80', '2001:db8::80']),
})

/** The operations for A and AAAA groups of these sets, one after the other. */
function groups(...wanted: [type: string, sets: readonly RecordSet[]][]): Uint8Array {
  const out = new OctetWriter()
  for (const [type, sets] of wanted) groupPayload(out, { owner, type, line: 'default_view' }, sets)
  return out.finish()
}

test('URL forwarding is announced as a group of each address type', () => {
  const changed = changedZone(new ZoneState(zone, [url]), [url])
  expect(changed.payload).toEqual(groups(['A', [url]], ['AAAA', [url]]))
  expect(changed.zone.serial).toBe(zone.serial + 1)
})

test('a name that changes between addresses and URL forwarding ends with what it has now, in whatever order', () => {
  for (const [standing, gone] of [
    [url, a],
    [a, url],
  ] as const) {
    for (const touched of [
      [standing, gone],
      [gone, standing],
    ]) {
      const { payload } = changedZone(new ZoneState(zone, [standing]), touched)
      const aaaa = standing === url ? [url] : []
      const expected = new Set(
        [
          groups(['A', [standing]], ['A', [standing]], ['AAAA', aaaa]),
          groups(['A', [standing]], ['AAAA', aaaa], ['A', [standing]]),
          groups(['A', [standing]], ['AAAA', aaaa]),
        ].map((octets) => octets.toHex()),
      )
      expect(expected).toContain(payload!.toHex())
    }
  }
})

test('without a forwarder the revision alone grows', () => {
  const unpublished = { ...url, rdatas: null }
  const changed = changedZone(new ZoneState(zone, [unpublished]), [unpublished])
  expect(changed).toEqual({ zone: { ...zone, revision: zone.revision + 1 }, payload: undefined })
})
