import { expect, test } from 'bun:test'
import { EdgeQuestions } from './edge-questions.ts'

const STAYS = new AbortController().signal

test('a question goes to an edge that waits, and its answer back', async () => {
  const questions = new EdgeQuestions()
  const waiting = questions.next(STAYS)
  const asked = questions.ask({ name: 'a' })
  const { id, question } = (await waiting)!
  expect(question).toEqual({ name: 'a' })
  expect(questions.answer(id, 'because')).toBe(true)
  expect(await asked).toBe('because')
  expect(questions.answer(id, 'late')).toBe(false)
})

test('questions wait for an edge that is just coming back, each for one edge', async () => {
  const questions = new EdgeQuestions()
  await questions.next(STAYS, 0)
  const both = [questions.ask('a'), questions.ask('b')]
  for (let i = 0; i < 2; i++) {
    const { id, question } = (await questions.next(STAYS))!
    questions.answer(id, `${question}!`)
  }
  expect(await Promise.all(both)).toEqual(['a!', 'b!'])
})

test('nothing is said at once when no edge was there, and soon when none comes back or answers', async () => {
  const questions = new EdgeQuestions()
  expect(await questions.ask('a', { edgeMs: 60_000, answerMs: 60_000 })).toBeUndefined()
  await questions.next(STAYS, 0)
  expect(await questions.ask('a', { edgeMs: 10 })).toBeUndefined()
  const taken = questions.next(STAYS)
  const silent = questions.ask('b', { answerMs: 10 })
  await taken
  expect(await silent).toBeUndefined()
})

test('an edge that leaves gets no question', async () => {
  const questions = new EdgeQuestions()
  const leaving = new AbortController()
  const gone = questions.next(leaving.signal)
  const stays = questions.next(STAYS)
  leaving.abort()
  expect(await gone).toBeUndefined()
  const asked = questions.ask('a')
  questions.answer((await stays)!.id, 1)
  expect(await asked).toBe(1)
})
