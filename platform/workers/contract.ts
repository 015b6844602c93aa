import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PlayloopError } from '../errors.ts'
import type { Workers, WorkersOptions } from './port.ts'
import type { SampleTask } from './samples.ts'

type Sampled = Workers<SampleTask, unknown>
const script = new URL('./samples.ts', import.meta.url)
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof PlayloopError ? error.code : (error as Error).message),
  )

/** Contract suite for every implementation of Workers. */
export function workersContract(name: string, create: (options: WorkersOptions) => Sampled): void {
  const withWorkers = async (use: (workers: Sampled) => Promise<void>, more: Partial<WorkersOptions> = {}) => {
    const workers = create({ script, size: 2, data: { factor: 2 }, ...more })
    try {
      await use(workers)
    } finally {
      await workers.stop()
    }
  }

  describe(`workers: ${name}`, { timeout: 60_000 }, () => {
    it('answer each task with its own result, however many wait', () =>
      withWorkers(async (workers) => {
        const values = Array.from({ length: 50 }, (_, value) => value)
        const results = await Promise.all(values.map((value) => workers.run({ kind: 'double', value })))
        assert.deepEqual(
          results,
          values.map((value) => 2 * value),
        )
      }))

    it('move buffers there and back', () =>
      withWorkers(async (workers) => {
        const numbers = new Float64Array([1, 2, 3])
        assert.equal(await workers.run({ kind: 'sum', numbers }, { transfer: [numbers.buffer] }), 6)
        assert.equal(numbers.length, 0, 'the caller has given them away')
        assert.deepEqual(await workers.run({ kind: 'fill', length: 3 }), new Float64Array([2, 2, 2]))
      }))

    it('report progress in order, before the result', () =>
      withWorkers(async (workers) => {
        const reports: unknown[] = []
        await workers.run({ kind: 'report', times: 4 }, { onProgress: (report) => reports.push(report) })
        assert.deepEqual(reports, [0, 1, 2, 3])
      }))

    it('fail a task that throws with a code and go on', () =>
      withWorkers(async (workers) => {
        await assert.rejects(workers.run({ kind: 'throw' }), { code: 'WORKER_TASK_FAILED', message: /no such matrix/ })
        assert.equal(await workers.run({ kind: 'double', value: 4 }), 8)
      }))

    it('take so many tasks and no more', () =>
      withWorkers(
        async (workers) => {
          const taken = [1, 2].map((ms) => workers.run({ kind: 'wait', ms: 20 * ms }))
          assert.equal(await codeOf(workers.run({ kind: 'double', value: 1 })), 'WORKER_QUEUE_FULL')
          assert.deepEqual(await Promise.all(taken), [20, 40])
          assert.equal(await workers.run({ kind: 'double', value: 1 }), 2)
        },
        { size: 1, maxQueue: 1 },
      ))

    it('give up a task whose caller has gone, waiting or computed, and go on', () =>
      withWorkers(
        async (workers) => {
          const [first, second] = [new AbortController(), new AbortController()]
          const computed = codeOf(workers.run({ kind: 'wait', ms: 5_000 }, { signal: first.signal }))
          const waiting = codeOf(workers.run({ kind: 'double', value: 1 }, { signal: second.signal }))
          const last = workers.run({ kind: 'double', value: 5 })
          second.abort(new Error('second has gone'))
          first.abort(new Error('first has gone'))
          assert.deepEqual(await Promise.all([computed, waiting, last]), ['first has gone', 'second has gone', 10])
          assert.equal(
            await codeOf(workers.run({ kind: 'double', value: 1 }, { signal: first.signal })),
            'first has gone',
          )
        },
        { size: 1 },
      ))

    it('stop once what they accepted is done', async () => {
      const workers = create({ script, size: 1, data: { factor: 2 } })
      const accepted = [10, 20, 30].map((ms) => workers.run({ kind: 'wait', ms }))
      const stopped = workers.stop()
      assert.equal(await codeOf(workers.run({ kind: 'double', value: 1 })), 'WORKER_STOPPED')
      await stopped
      assert.deepEqual(await Promise.all(accepted), [10, 20, 30])
      await workers.stop()
    })
  })
}
