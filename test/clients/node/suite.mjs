/** Runs operations one by one and prints a line for each: `ok   node ShowPublicZone` or `FAIL node ShowPublicZone: reason`. */
import assert from 'node:assert/strict'
import catalogue from '../../../packages/control/src/catalogue/operations.json' with { type: 'json' }

const operations = new Map(catalogue.operations.map((entry) => [entry.operation, entry]))
const words = (operation) => operation[0].toUpperCase() + operation.slice(1)

export class Suite {
  #client
  #answered = new Set()
  #reported = new Set()
  #failed = 0

  constructor(client) {
    this.#client = client
  }

  /** The calls of one operation: `await suite.check('showPublicZone', async (call) => …)`; what is thrown inside is its failure. */
  async check(operation, calls) {
    const call = (input = {}) => this.call(operation, input)
    // The Node SDK reads the code of a refusal only in the shape of the gateway, so that the status has to be right.
    call.refused = (status, input = {}) =>
      assert.rejects(this.call(operation, input), (error) => {
        assert.equal(error.httpStatusCode, status, String(error.errorMsg))
        assert.match(error.requestId, /^[0-9a-f]{32}$/)
        return true
      })
    try {
      await calls(call)
      assert.ok(this.#answered.has(operation), 'never answered')
      this.#report(operation)
    } catch (error) {
      const frame = error.stack
        ?.split('\n')
        .find((line) => /\w\.mjs:/.test(line) && !line.includes('suite.mjs'))
      const at = /[\w-]+\.mjs:\d+/.exec(frame ?? '')?.[0]
      this.#report(operation, `${error.httpStatusCode ?? ''} ${error.errorMsg ?? error.message} (${at})`)
    }
  }

  /** One call, put together as the service packages of the SDK do; the answer has been held against the catalogue. */
  async call(operation, { query = {}, body = {}, ...pathParams } = {}) {
    const { method, path, response } = operations.get(operation)
    const options = { method, url: path, contentType: 'application/json', headers: {} }
    const answer = await this.#client.sendRequest({ ...options, queryParams: query, pathParams, data: body })
    assert.equal(Math.floor(answer.httpStatusCode / 100), 2)
    const { httpStatusCode: _, ...members } = answer
    assert.deepEqual([...mismatches(members, response, 'answer')], [])
    this.#answered.add(operation)
    return answer
  }

  #report(operation, reason) {
    this.#reported.add(operation)
    if (reason !== undefined) this.#failed++
    const line =
      reason === undefined ? `ok   node ${words(operation)}` : `FAIL node ${words(operation)}: ${reason}`
    console.log(line.replaceAll(/\s*\n\s*/g, ' '))
  }

  /** Reports the operations of the catalogue that nobody has checked; gives the exit code. */
  end() {
    for (const operation of operations.keys())
      if (!this.#reported.has(operation)) this.#report(operation, 'never called')
    return this.#failed === 0 ? 0 : 1
  }
}

/** What of an answer is not of the type that the catalogue gives for it. A member that was not sent is nothing. */
function* mismatches(value, type, path) {
  if (value === undefined || value === null || type === 'object') return
  if (type.endsWith('[]')) {
    if (!Array.isArray(value)) return yield `${path} is ${JSON.stringify(value)}, not a list`
    for (const [n, item] of value.entries()) yield* mismatches(item, type.slice(0, -2), `${path}[${n}]`)
    return
  }
  const model = catalogue.models[type]
  if (model === undefined) {
    if (typeof value !== type) yield `${path} is ${JSON.stringify(value)}, not a ${type}`
    return
  }
  if (typeof value !== 'object') return yield `${path} is ${JSON.stringify(value)}, not a ${type}`
  for (const [name, member] of Object.entries(model))
    yield* mismatches(value[name], member.type, `${path}.${name}`)
}

/** Asks until `show` gives a task that has ended, for at most thirty seconds. */
export async function untilDone(show) {
  for (let n = 0; ; n++) {
    const task = await show()
    if (task.status === 'DONE') return task
    assert.ok(n < 600, JSON.stringify(task))
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export const UNKNOWN = '0'.repeat(32)
