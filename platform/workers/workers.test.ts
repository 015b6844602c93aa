import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { describe, it } from 'node:test'
import { workersContract } from './contract.ts'
import { createInProcessWorkers, createWorkers, type WorkersOptions } from './index.ts'
import type { SampleTask } from './samples.ts'

workersContract('threads', (options) => createWorkers(options))
workersContract('in process', (options) => createInProcessWorkers(options))

describe('threads', { timeout: 60_000 }, () => {
  const options: WorkersOptions = { script: new URL('./samples.ts', import.meta.url), size: 1, data: { factor: 2 } }

  it('are replaced when they die within a task, which fails with a code', async () => {
    const workers = createWorkers<SampleTask, unknown>(options)
    const after = workers.run({ kind: 'double', value: 2 })
    await assert.rejects(workers.run({ kind: 'exit' }), { code: 'WORKER_CRASHED', message: /code 3/ })
    assert.equal(await after, 4)
    assert.equal(await workers.run({ kind: 'double', value: 3 }), 6)
    await workers.stop()
  })

  it('whose module is not there fail each task and do not start over and over', async () => {
    const workers = createWorkers<SampleTask, unknown>({ ...options, script: new URL('./gone.ts', import.meta.url) })
    for (const value of [1, 2])
      await assert.rejects(workers.run({ kind: 'double', value }), { code: 'WORKER_CRASHED', message: /gone/ })
    await workers.stop()
  })

  it('cut off a task that never gives way when its caller has gone', async () => {
    const workers = createWorkers<SampleTask, unknown>(options)
    const begun = performance.now()
    const task = workers.run({ kind: 'burn', ms: 30_000 }, { signal: AbortSignal.timeout(300) })
    await assert.rejects(task, { name: 'TimeoutError' })
    assert.equal(await workers.run({ kind: 'double', value: 1 }), 2)
    assert.ok(performance.now() - begun < 10_000)
    await workers.stop()
  })

  it('leave the event loop free: a heartbeat is on time while a task burns two seconds of CPU', async () => {
    const workers = createWorkers<SampleTask, unknown>(options)
    await workers.run({ kind: 'double', value: 1 })
    const delay = monitorEventLoopDelay({ resolution: 5 })
    const beats: number[] = []
    delay.enable()
    const heart = setInterval(() => beats.push(performance.now()), 100)
    const turns = await workers.run({ kind: 'burn', ms: 2_000 })
    clearInterval(heart)
    delay.disable()
    await workers.stop()
    assert.ok((turns as number) > 100_000, `${String(turns)} turns`)
    // The mean and not the longest: other programs take the core away, too. On the event loop it would be 2,000 ms.
    assert.ok(delay.mean / 1e6 < 50, `the event loop was late by ${delay.mean / 1e6} ms`)
    const gaps = beats.slice(1).map((at, i) => at - beats[i]!)
    assert.ok(beats.length >= 15 && Math.max(...gaps) < 500, `${beats.length} beats, ${Math.max(...gaps)} ms apart`)
  })
})
