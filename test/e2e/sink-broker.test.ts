import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { startTestBroker, type TestBroker } from '../faults/broker.ts'
import type { SinkOptions } from '../faults/child-options.ts'
import { assertExact, finish, killLoad } from '../faults/kill-rounds.ts'
import { endAll, startSinkProcess, until } from '../faults/processes.ts'

const RESTARTS = 3
/**
 * From the broker's restart to flowing: the promise of docs/slo.md. A machine so busy that Java needs half of it gets
 * as much again.
 */
const FLOWING_MS = 10_000

describe('a broker killed and restarted under load', () => {
  let broker: TestBroker
  before(async () => {
    broker = await startTestBroker()
  })
  after(async () => {
    endAll()
    await broker.stop()
  })

  it(`${RESTARTS} times: flows again within ${FLOWING_MS / 1_000} s, lost 0, counted twice 0`, async (test) => {
    const dataDir = join(broker.folder, 'store')
    mkdirSync(dataDir)
    const options: SinkOptions = { brokers: broker.brokers, group: 'broker', instanceId: 'broker-1', dataDir, url: '' }
    const load = killLoad(broker)
    const sink = await startSinkProcess(options)
    for (let i = 0; i < RESTARTS; i++) {
      const { rows } = await sink.stats()
      await until('rows land', async () => (await sink.stats()).rows > rows)
      broker.kafka.kill()
      await systemClock.sleep(500)
      const stood = { acknowledged: load.acknowledged(), rows: (await sink.stats()).rows }
      const begun = performance.now()
      await broker.kafka.restart()
      const answered = performance.now() - begun
      await until('events are acknowledged', () => load.acknowledged() > stood.acknowledged)
      const produced = performance.now() - begun
      await until('rows land', async () => (await sink.stats()).rows > stood.rows)
      const flowing = performance.now() - begun
      test.diagnostic(
        `restart ${i + 1}: the broker answers after ${Math.round(answered)} ms, events are acknowledged after ${Math.round(produced)} ms, rows land after ${Math.round(flowing)} ms`,
      )
      assert.ok(flowing < Math.max(FLOWING_MS, 2 * answered), `flowing only after ${flowing} ms`)
    }
    await load.stop()
    await until('all is landed', async () => (await sink.stats()).lagTotal === 0)
    await sink.stop()
    const account = await finish(broker, options, load, dataDir)
    test.diagnostic(JSON.stringify(account))
    assertExact(account)
  })
})
