import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { allDomains } from '../../bin/composition.ts'
import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { openCodec } from '../../platform/avro/codec.ts'
import { systemClock } from '../../platform/clock.ts'
import { silentLogger } from '../../platform/logger.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { auditPartition } from '../../streams/audit/offsets.ts'
import { startTouched, type RunningTouched } from '../../streams/touched/index.ts'
import { until } from '../faults/processes.ts'
import { openStoreBench, type StoreBench } from '../faults/store-bench.ts'

const settings = { group: 'identity', topics: ['viewer.actions', 'dead.letters'] as TopicName[] }

describe('an id that stands for two payloads', () => {
  let bench: StoreBench
  const runs: RunningTouched[] = []
  before(async () => {
    bench = await openStoreBench()
  })
  after(async () => {
    for (const run of runs) await run.stop()
    await bench.stop()
  })

  const codec = openCodec('viewer.actions', openCatalogue())
  const act = (id: number, action: string, session = '') => ({
    key: 'p',
    value: codec.encode({
      event_id: Buffer.alloc(16, id),
      clock: 'world',
      event_time: 1_700_000_000_000,
      received_time: systemClock.now(),
      profile_id: 'p',
      action,
      title_id: 'film',
      session_id: session,
    }),
  })

  it('the first counts, the others are letters of the step identity, each once, and the audit holds', async () => {
    await bench.foreign('viewer.actions', [
      act(1, 'play'),
      act(1, 'play'),
      act(2, 'play'),
      act(1, 'click'),
      act(1, 'play', 's'),
      act(2, 'play'),
    ])
    const sink = bench.sink(settings)
    const run = () => {
      const touched = startTouched(
        {
          store: bench.store,
          clock: systemClock,
          logger: silentLogger,
          restMs: 50,
          onIdReuse: (topic, reuses) => sink.deadLetterReused(topic, reuses),
        },
        allDomains,
      )
      runs.push(touched)
      return touched
    }
    const first = run()
    const letters = () =>
      bench.store.rows<{ offset: number; code: string; message: string; size: number }>(
        "SELECT toUInt32(source_offset) AS offset, any(error_code) AS code, any(error_message) AS message, toUInt32(any(raw_size)) AS size FROM dead_letters WHERE step = 'identity' GROUP BY source_offset ORDER BY source_offset",
      )
    await until('the letters land', async () => (await letters()).length === 2)
    await first.stop()
    const found = await letters()
    assert.deepEqual(
      found.map(({ offset, code }) => [offset, code]),
      [
        [3, 'id_reuse'],
        [4, 'id_reuse'],
      ],
    )
    assert.ok(found.every(({ message, size }) => message.includes('offset 0 of partition 0') && size > 20))

    const again = run()
    await bench.foreign('viewer.actions', [act(3, 'play')])
    await until(
      'what comes later is recomputed',
      async () =>
        (await bench.row("SELECT sum(plays) AS plays FROM title_hour_v1 FINAL WHERE title_id = 'film'"))['plays'] === 3,
    )
    await again.stop()
    await bench.landed(settings)
    await sink.stop()
    assert.equal((await letters()).length, 2)
    assert.deepEqual(await bench.row('SELECT plays, clicks FROM title_hour_v1 FINAL'), { plays: 3, clicks: 0 })
    const { end } = (await bench.broker.ends()).find(({ topic }) => topic === 'viewer.actions')!
    const { faults, landed, dead } = await auditPartition(
      bench.store,
      { topic: 'viewer.actions', partition: 0, start: 0, end },
      systemClock.now(),
    )
    assert.deepEqual([faults, landed, dead], [[], 7, 0])
  })
})
