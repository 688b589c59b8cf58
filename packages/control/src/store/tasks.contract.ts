import { describe, expect, test } from 'bun:test'
import { type ContractBed, id, ids } from './contract-bed.ts'
import { task } from './samples.ts'
import { RowExists, RowMissing } from './store.ts'

/** What every engine must do with tasks. */
export function tasksContract(bed: ContractBed): void {
  const { newId, newZone, write } = bed

  describe('tasks', () => {
    const chunks = [
      { no: 0, first: 0, count: 2, items: [{ a: '\0\ud800' }, [null, 1.5]] },
      { no: 1, first: 2, count: 1, items: ['x'] },
    ]

    test('come back as they went in, with their chunks', async () => {
      const full = task({
        id: newId(),
        zoneId: bed.home.id,
        ...bed.tenant,
        kind: 'import_file',
        slot: `batch:${bed.home.id}`,
        totalCount: 3,
        chunkCount: 2,
        params: { language: 'zh-cn', deep: { list: [1] } },
        idempotencyKey: 'key',
        feedSeq: 2 ** 33,
      })
      await write((tx) => tx.insertTask(full, chunks))
      expect(await bed.store.findTask(bed.tenant, full.id)).toEqual(full)
      expect(await bed.store.findTaskInSlot(bed.tenant, full.slot!)).toEqual(full)
      expect(await bed.store.findTaskByIdempotencyKey(bed.tenant, 'key')).toEqual(full)
      expect(await bed.store.readTaskChunk(full.id, 0)).toEqual(chunks[0]!)
      expect(await bed.store.readTaskChunk(full.id, 1)).toEqual(chunks[1]!)
      expect(await bed.store.readTaskChunk(full.id, 2)).toBeUndefined()

      const done = { ...full, status: 'DONE' as const, successCount: 2, errorCount: 1, cursor: 3, slot: null }
      await write(async (tx) => {
        await tx.updateTask(done)
        await tx.removeTaskChunks(full.id)
      })
      expect(await bed.store.findTask(bed.tenant, full.id)).toEqual(done)
      expect(await bed.store.readTaskChunk(full.id, 0)).toBeUndefined()
      expect(write((tx) => tx.updateTask({ ...full, id: newId() }))).rejects.toThrow(RowMissing)
    })

    test('one slot and one idempotency key hold one task', async () => {
      const first = task({
        id: newId(),
        zoneId: bed.home.id,
        ...bed.tenant,
        slot: 's1',
        idempotencyKey: 'k1',
      })
      await write((tx) => tx.insertTask(first, []))
      const second = { ...first, id: newId() }
      expect(write((tx) => tx.insertTask({ ...second, idempotencyKey: null }, []))).rejects.toThrow(RowExists)
      expect(write((tx) => tx.insertTask({ ...second, slot: null }, []))).rejects.toThrow(RowExists)
      await write(async (tx) => {
        await tx.removeTask(first.id)
        await tx.insertTask(second, [])
      })
      expect(await bed.store.findTask(bed.tenant, first.id)).toBeUndefined()
    })

    test('are seen by whoever sees the zone', async () => {
      const inner = newZone({ zoneType: 'private' })
      const outside = task({ id: newId(), zoneId: bed.home.id, ...bed.tenant })
      const inside = task({ id: newId(), zoneId: inner.id, ...bed.tenant })
      await write(async (tx) => {
        await tx.insertZone(inner)
        await tx.insertTask(outside, [])
        await tx.insertTask(inside, [])
      })
      const otherProject = { ...bed.tenant, projectId: id(0xffff) }
      expect(await bed.store.findTask(otherProject, outside.id)).toEqual(outside)
      expect(await bed.store.findTask(otherProject, inside.id)).toBeUndefined()
      expect(await bed.store.findTask({ ...bed.tenant, domainId: id(0xffff) }, outside.id)).toBeUndefined()
      const { rows, total } = await bed.store.listTasks(otherProject, {}, { limit: 10, offset: 0 })
      expect([ids(rows), total]).toEqual([[Number.parseInt(outside.id, 16)], 1])
    })

    test('are listed newest first', async () => {
      const tasks = [1, 2, 3].map((createdAt) =>
        task({ id: newId(), zoneId: bed.home.id, ...bed.tenant, createdAt }),
      )
      await write(async (tx) => {
        for (const one of tasks) await tx.insertTask(one, [])
        await tx.updateTask({ ...tasks[1]!, status: 'DONE' })
      })
      const list = async (filter: object, limit: number, offset = 0) => {
        const { rows, total, hasMore } = await bed.store.listTasks(bed.tenant, filter, { limit, offset })
        return [rows.map((row) => row.createdAt), total, hasMore]
      }
      expect(await list({}, 2)).toEqual([[3, 2], 3, true])
      expect(await list({}, 2, 2)).toEqual([[1], 3, false])
      expect(await list({ status: 'PENDING', zoneId: bed.home.id }, 9)).toEqual([[3, 1], 2, false])
      expect(await list({ zoneId: id(0xabcdef) }, 9)).toEqual([[], 0, false])
      await write((tx) => tx.removeZone(bed.home.id)) // or a later test would lease them
    })

    test('keep errors by index and effects by chunk', async () => {
      const one = task({ id: newId(), zoneId: bed.home.id, ...bed.tenant })
      const errors = [4, 2, 9].map((index) => ({
        index,
        item: { name: `\ud800${index}` },
        code: 'DNS.1',
        message: 'm',
      }))
      const effect = (index: number) => ({
        index,
        recordSetId: id(index),
        before: null,
        after: { ttl: index },
      })
      await write(async (tx) => {
        await tx.insertTask(one, [])
        await tx.insertTaskErrors(one.id, errors)
        await tx.insertTaskErrors(one.id, [])
        await tx.insertTaskEffects(one.id, 1, [effect(3)])
        await tx.insertTaskEffects(one.id, 0, [effect(1), effect(2)])
      })
      expect(await bed.store.listTaskErrors(one.id, { limit: 2, offset: 0 })).toEqual([
        errors[1]!,
        errors[0]!,
      ])
      expect(await bed.store.listTaskErrors(one.id, { limit: 2, offset: 2 })).toEqual([errors[2]!])
      expect(await bed.store.listTaskEffects(one.id)).toEqual([effect(1), effect(2), effect(3)])
      await write((tx) => tx.removeZone(bed.home.id))
    })
  })
}
