import { expect, test } from 'bun:test'
import { Slices } from './slices.ts'

function* work(steps: number, done: () => void, ms = 1): Generator<void, void> {
  for (let i = 0; i < steps; i++) {
    const end = performance.now() + ms
    while (performance.now() < end);
    yield
  }
  done()
}

test('the event loop turns while work is done, and short work does not wait for long work', async () => {
  const slices = new Slices()
  const ended: string[] = []
  let turns = 0
  const ticking = setInterval(() => turns++, 1)
  const long = slices.run(work(60, () => ended.push('long')))
  const short = slices.run(work(2, () => ended.push('short')))
  await Promise.all([long, short])
  clearInterval(ticking)
  expect(ended).toEqual(['short', 'long'])
  expect(turns).toBeGreaterThan(5)
})

test('work that fails rejects, and holds up no other', async () => {
  const slices = new Slices()
  const failing = slices.run(
    work(1, () => {
      throw new Error('no key')
    }),
  )
  const other = slices.run(work(3, () => {}))
  await expect(failing).rejects.toThrow('no key')
  await other
})

test('the stop gives work up, and whoever waits for it is told', async () => {
  const slices = new Slices()
  let isDone = false
  const under = slices.run(
    work(30, () => {
      isDone = true
    }),
  )
  await Bun.sleep(2)
  slices.stop()
  await expect(under).rejects.toThrow('given up')
  await expect(slices.run(work(1, () => {}))).rejects.toThrow('given up')
  await Bun.sleep(5)
  expect(isDone).toBe(false)
})
