import assert from 'node:assert/strict'
import { join } from 'node:path'
import { seeded } from '../../platform/random.ts'
import { systemClock } from '../../platform/clock.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import { accountOf } from './account.ts'
import { hasLanded, type TestBroker } from './broker.ts'
import type { SinkOptions } from './child-options.ts'
import { eventSource } from './events.ts'
import type { KillPoint } from './kill-points.ts'
import { startLoad, type Load } from './load.ts'
import { startEngine, startSinkProcess, until, type EngineProcess } from './processes.ts'
import type { Account } from './verify.ts'

/**
 * The load of kill tests: every kind of table and view, two schema versions in one topic, poison and resends in
 * between.
 */
export function killLoad(broker: TestBroker, scale = 1): Load {
  return startLoad({
    producer: createProducer(broker.brokers),
    sources: [
      { source: eventSource('viewer.actions', 2), perSecond: 400 * scale },
      { source: eventSource('playback.telemetry'), perSecond: 1_000 * scale },
      { source: eventSource('delivery.requests'), perSecond: 100 * scale },
      { source: eventSource('experiment.exposures', 2), perSecond: 50 * scale },
    ],
    poisonEvery: 997,
  })
}

export interface KillResult {
  readonly kills: number
  readonly msEach: number
}

/** Kills a sink `kills` times at one point; each life continues where the last one died. */
export async function killSinks(options: SinkOptions, point: KillPoint, kills: number): Promise<KillResult> {
  const random = seeded(point.length * 1_000 + kills)
  const begun = performance.now()
  for (let i = 0; i < kills; i++) {
    const sink = await startSinkProcess({
      ...options,
      kill: { point, pass: 1 + random.below(3), delayMs: random.below(80) },
    })
    const how = await Promise.race([sink.ended, systemClock.sleep(60_000).then(() => 'alive after 60 s')])
    assert.equal(how, 'SIGKILL', `${point}, kill ${i + 1}`)
  }
  return { kills, msEach: Math.round((performance.now() - begun) / kills) }
}

/** Kills the engine `kills` times under a running sink: before the write, after it, and at any moment. */
export async function killEngine(engine: EngineProcess, options: SinkOptions, kills: number): Promise<KillResult> {
  const random = seeded(kills)
  const begun = performance.now()
  const sink = await startSinkProcess(options)
  for (let i = 0; i < kills; i++) {
    const { inserts } = await sink.stats()
    await until('the sink inserts again', async () => (await sink.stats()).inserts > inserts + random.below(3))
    const way = (['before', 'after', 'any'] as const)[i % 3]!
    if (way === 'any') {
      await systemClock.sleep(random.below(200))
      engine.kill()
    } else await engine.plant({ on: 'INSERT INTO', die: way })
    await engine.ended
    await engine.restart()
  }
  await sink.stop()
  return { kills, msEach: Math.round((performance.now() - begun) / kills) }
}

/** Lets a sink without faults land the rest, ends it in order, and takes the account. */
export async function finish(
  broker: TestBroker,
  options: SinkOptions,
  load: Load,
  storeDir: string,
  engine?: EngineProcess,
): Promise<Account & { drainMs: number }> {
  const sink = await startSinkProcess(options)
  await until('all is landed', () => hasLanded(broker, options.group), 120_000)
  const drainMs = Math.round(await sink.stop())
  const cut = await broker.ends()
  assert.ok(
    (await broker.committed(options.group)).every(({ metadata }) => metadata === ''),
    'a drained sink leaves no intent open',
  )
  await engine?.stop()
  return { ...(await accountOf(storeDir, cut, load.journals)), drainMs }
}

export const engineFor = (storeDir: string): Promise<EngineProcess> => startEngine(join(storeDir, 'clickhouse'))

/** Nothing lost, nothing counted twice, in every table and every aggregate. */
export function assertExact(account: Account): void {
  assert.deepEqual(
    { lost: account.lost, twice: account.twice, faults: account.faults },
    { lost: 0, twice: 0, faults: [] },
  )
  assert.ok(account.landed > 1_000 && account.dead > 0, 'the load was too thin to prove anything')
  assert.ok(
    Object.values(account.aggregates).length >= 2 && Object.values(account.aggregates).every((rows) => rows > 0),
    'an aggregate was empty',
  )
}
