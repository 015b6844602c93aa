import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { startTestBroker, type TestBroker } from '../faults/broker.ts'
import type { SinkOptions } from '../faults/child-options.ts'
import { assertExact, engineFor, finish, killLoad } from '../faults/kill-rounds.ts'
import type { KillPoint } from '../faults/kill-points.ts'
import { endAll, startSinkProcess, until, type EngineProcess, type SinkProcess } from '../faults/processes.ts'

/** The least that a broker allows. */
const SESSION_MS = 6_000

describe('two sinks on one store, one of them frozen past its session and woken', () => {
  let broker: TestBroker
  let engine: EngineProcess
  let dataDir = ''
  before(async () => {
    broker = await startTestBroker()
    dataDir = join(broker.folder, 'store')
    mkdirSync(dataDir)
    engine = await engineFor(dataDir)
  })
  after(async () => {
    endAll()
    await broker.stop()
  })
  const options = (instanceId: string): SinkOptions => ({
    brokers: broker.brokers,
    group: 'zombie',
    instanceId,
    dataDir: '',
    url: engine.url,
    sessionTimeoutMs: SESSION_MS,
  })
  const owned = async (sink: SinkProcess): Promise<number> => (await sink.stats()).partitions.length

  it('lost 0, counted twice 0: what it sends late is refused, what it had landed is known, and it joins again', async (test) => {
    const load = killLoad(broker)
    const other = await startSinkProcess(options('b'))
    await until('one sink owns everything', async () => (await owned(other)) > 0)
    const all = await owned(other)

    const zombie = async (
      point: KillPoint,
      plant: () => Promise<void> = async () => undefined,
    ): Promise<{ retries: number }> => {
      const sink = await startSinkProcess({ ...options('a'), kill: { point, pass: 4, delayMs: 60, signal: 'SIGSTOP' } })
      await plant()
      await until('it is frozen', () => sink.frozen())
      await engine.plant({ delayMs: 0 })
      const { rows } = await other.stats()
      await until(
        'the other owns everything and lands',
        async () => (await owned(other)) === all && (await other.stats()).rows > rows,
      )
      await systemClock.sleep(1_000)
      sink.signal('SIGCONT')
      await until('it has joined again and lands', async () => {
        const stats = await sink.stats()
        return stats.epochs >= 2 && stats.partitions.length > 0 && stats.partitions.length < all
      })
      const { retries } = await sink.stats()
      test.diagnostic(`frozen ${point}: ${retries} of its statements refused`)
      await sink.stop()
      return { retries }
    }

    // Its statement is made and not sent: the engine gets it with a lease that is over.
    assert.ok((await zombie('before the insert')).retries > 0, 'a late statement was not refused')
    // Its statement is sent and waits in the engine until the lease is over and the other has landed the batch.
    const held = await zombie('during the insert', () =>
      engine.plant({ on: 'INSERT INTO', delayMs: SESSION_MS + 4_000 }),
    )
    assert.ok(held.retries > 0, 'a statement that the engine held was not refused')
    // Its batch has landed and is not committed: the other lands it again, and the tables know it.
    await zombie('after the insert')

    await load.stop()
    await other.stop()
    const account = await finish(broker, options('b'), load, dataDir, engine)
    test.diagnostic(JSON.stringify(account))
    assertExact(account)
  })
})
