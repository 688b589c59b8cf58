import { describe, expect, test } from 'bun:test'
import { type ContractBed, id } from './contract-bed.ts'
import type { Tx } from './store.ts'

/** What every engine must do with the feed, and with the snapshot before it. */
export function feedContract(bed: ContractBed): void {
  const { fill, write } = bed

  describe('the feed', () => {
    const append = (tx: Tx, text = 'x') =>
      tx.appendFeed({ zoneId: bed.home.id, serial: 3, payload: new TextEncoder().encode(text) })

    test('numbers entries one by one, also after a transaction that was taken back', async () => {
      const { newest } = await bed.store.feedBounds()
      expect(await write((tx) => append(tx))).toBe(newest + 1)
      await write(async (tx) => {
        await append(tx)
        throw new Error('no')
      }).catch(() => {})
      expect(await write((tx) => append(tx, 'yes'))).toBe(newest + 2)
      expect(await bed.store.readFeed(newest + 1, 9)).toEqual([
        { seq: newest + 2, zoneId: bed.home.id, serial: 3, payload: new TextEncoder().encode('yes') },
      ])
    })

    test('a reader never finds an entry below one it has seen', async () => {
      const { newest } = await bed.store.feedBounds()
      const seen: number[] = []
      let isDone = false
      const reader = (async () => {
        while (!isDone) {
          for (const { seq } of await bed.store.readFeed(seen.at(-1) ?? newest, 5)) seen.push(seq)
          await Bun.sleep(0)
        }
      })()
      const writer = async (no: number) => {
        for (let i = 0; i < 5; i++) {
          await write(async (tx) => {
            await append(tx)
            await Bun.sleep((no * 7 + i) % 3)
          })
        }
      }
      await Promise.all([0, 1, 2, 3].map(writer))
      isDone = true
      await reader
      for (const { seq } of await bed.store.readFeed(seen.at(-1) ?? newest, 100)) seen.push(seq)
      expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => newest + 1 + i))
    })

    test('tells its listeners after the commit, and only of what was appended', async () => {
      let calls = 0
      const before = (await bed.store.feedBounds()).newest
      const stop = bed.store.onFeed(() => calls++)
      await write(async (tx) => {
        await append(tx)
        expect((await tx.feedBounds()).newest).toBe(before + 1)
      })
      expect(calls).toBeGreaterThan(0)
      stop()
      const until = calls
      await write((tx) => append(tx))
      await Bun.sleep(20)
      expect(calls).toBe(until)
    })

    test('is trimmed from its old end, and never reuses a number', async () => {
      await write((tx) => append(tx, 'abc'))
      const last = await write((tx) => append(tx, 'defg'))
      await write((tx) => tx.trimFeed(last - 1))
      expect(await bed.store.feedBounds()).toEqual({ oldest: last, newest: last, sizeBytes: 4 })
      expect(await bed.store.feedSizes(0, 9)).toEqual([{ seq: last, sizeBytes: 4 }])
      await write((tx) => tx.trimFeed(last - 1))
      await write((tx) => tx.trimFeed(last + 100))
      expect(await bed.store.feedBounds()).toEqual({ oldest: last + 1, newest: last, sizeBytes: 0 })
      expect(await bed.store.readFeed(0, 9)).toEqual([])
      expect(await write((tx) => append(tx))).toBe(last + 1)
      expect((await bed.store.feedBounds()).oldest).toBe(last + 1)
    })
  })

  describe('a snapshot', () => {
    test('does not move while others write', async () => {
      await fill({ owner: 'before' })
      const seq = await write((tx) =>
        tx.appendFeed({ zoneId: bed.home.id, serial: 1, payload: Uint8Array.of(1) }),
      )
      await bed.store.readSnapshot(async (snapshot) => {
        await Promise.resolve()
        await fill({ owner: 'after' })
        await write((tx) => tx.appendFeed({ zoneId: bed.home.id, serial: 2, payload: Uint8Array.of(2) }))
        expect(snapshot.seq).toBe(seq)
        const found = (await snapshot.zones()).find((one) => one.id === bed.home.id)
        expect(found).toEqual({ ...bed.home, recordCount: 1 })
        const pages = await Array.fromAsync(snapshot.publishedRecordSets(bed.home.id))
        expect(pages.flat().map((set) => set.owner)).toEqual([`before.${bed.home.apex}`])
      })
      expect((await bed.store.findZone(bed.tenant, bed.home.id))!.recordCount).toBe(2)
    })

    test('gives what is published, in order, no group over two pages', async () => {
      const owners = Array.from({ length: 700 }, (_, i) => `h${String(i).padStart(4, '0')}`)
      await fill(
        ...owners.flatMap((owner) => [1, 2, 3, 4, 5, 6, 7].map((weight) => ({ owner, weight }))),
        { owner: 'off', status: 'DISABLE' },
        { owner: 'url', type: 'REDIRECT_URL', rdatas: null },
      )
      const pages = await bed.store.readSnapshot((snapshot) =>
        Array.fromAsync(snapshot.publishedRecordSets(bed.home.id)),
      )
      expect(pages.length).toBeGreaterThan(1)
      expect(pages.flat().map((set) => set.owner)).toEqual(
        owners.flatMap((owner) => Array(7).fill(`${owner}.${bed.home.apex}`)),
      )
      const lasts = pages.map((sets) => sets.at(-1)!.owner)
      const firsts = pages.map((sets) => sets[0]!.owner)
      expect(firsts.slice(1).some((owner, i) => owner === lasts[i])).toBe(false)
    })

    test('of an unknown zone is empty', async () => {
      const pages = await bed.store.readSnapshot((snapshot) =>
        Array.fromAsync(snapshot.publishedRecordSets(id(0xabcdef))),
      )
      expect(pages).toEqual([])
    })
  })
}
