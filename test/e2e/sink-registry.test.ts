import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import type { SchemaSource } from '../../platform/avro/catalogue.ts'
import { typeOf } from '../../platform/avro/exact-long.ts'
import { openRegistry, subjectOf } from '../../platform/avro/registry.ts'
import { writeWireHeader } from '../../platform/avro/wire.ts'
import { systemClock } from '../../platform/clock.ts'
import { silentLogger } from '../../platform/logger.ts'
import { startLocalRegistry, type LocalRegistry } from '../../platform/registry/local.ts'
import { startRecorder, type Recorder } from '../../platform/registry/recorder.ts'
import { newest } from '../../schemas/catalogue.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { resendDeadLetters } from '../../streams/sink/replay.ts'
import { until } from '../faults/processes.ts'
import { openStoreBench, type StoreBench } from '../faults/store-bench.ts'

const topic: TopicName = 'oca.reports'
const settings = { group: 'registry', topics: [topic, 'dead.letters'] as TopicName[] }

describe('a sink whose schemas stand in a registry', () => {
  let bench: StoreBench
  let registry: LocalRegistry
  let recorder: Recorder
  let foreign: SchemaRegistry
  before(async () => {
    bench = await openStoreBench()
    registry = await startLocalRegistry({ dataDir: join(bench.broker.folder, 'registry'), logger: silentLogger })
    recorder = await startRecorder(registry.url)
    foreign = new SchemaRegistry({ host: registry.url })
  })
  after(async () => {
    await recorder.stop()
    await Promise.all([registry.stop(), bench.stop()])
  })

  const open = (): Promise<SchemaSource> => openRegistry({ url: recorder.url, logger: silentLogger, timeoutMs: 2_000 })
  /** A version of our schema that somebody else wrote: without its last `missing` fields. */
  const version = (missing: number): object => {
    const { fields, ...record } = newest(topic).json as { fields: object[] }
    return { ...record, fields: fields.slice(0, fields.length - missing) }
  }
  const register = async (missing: number): Promise<number> =>
    (
      await foreign.register(
        { type: SchemaType.AVRO, schema: JSON.stringify(version(missing)) },
        { subject: subjectOf(topic), compatibility: COMPATIBILITY.FULL_TRANSITIVE },
      )
    ).id
  const report = (id: number, missing: number, oca: string): { key: string; value: Buffer } => {
    const datum = typeOf(version(missing)).toBuffer({
      event_id: Buffer.alloc(16, oca),
      clock: 'world',
      event_time: 1,
      received_time: Date.now(),
      oca,
      kind: 'load',
    })
    const value = Buffer.alloc(5 + datum.length)
    value.set(datum, writeWireHeader(value, 0, id))
    return { key: oca, value }
  }
  const landed = async (): Promise<string[]> =>
    (await bench.store.rows<{ oca: string }>('SELECT oca FROM oca_reports ORDER BY oca')).map(({ oca }) => oca)
  const letters = async (): Promise<number> =>
    (await bench.row("SELECT count() AS letters FROM dead_letters WHERE source_topic = 'oca.reports'"))['letters']!

  it('does not start without it, and so takes nothing for unknown', async () => {
    recorder.cut(true)
    await assert.rejects(open(), { code: 'REGISTRY_UNREACHABLE' })
    recorder.cut(false)
  })

  it('waits for it when it goes away: what is known flows, what must be asked stands, nothing becomes a letter', async () => {
    const schemas = await open()
    const sink = bench.sink({ ...settings, schemas })
    const known = await register(1)
    await bench.foreign(topic, [report(known, 1, 'known')])
    await until('the known one lands', async () => (await landed()).length === 1)
    const late = await register(2)
    recorder.cut(true)
    await bench.foreign(topic, [report(known, 1, 'still known')])
    await until('a known one lands in the outage', async () => (await landed()).length === 2)
    await bench.foreign(topic, [report(late, 2, 'asked for')])
    await until('the partition waits', () =>
      sink.stats().partitions.some(({ paused }) => paused === 'REGISTRY_UNREACHABLE'),
    )
    await systemClock.sleep(1_500)
    assert.deepEqual([await landed(), await letters()], [['known', 'still known'], 0])
    recorder.cut(false)
    await until('it lands once the registry answers', async () => (await landed()).includes('asked for'))
    await sink.stop()
    await schemas.close()
    assert.equal(await letters(), 0)
  })

  it('asks once for an id that it does not have; the letters land by a replay once it has', async () => {
    const next = (await register(3)) + 1
    const schemas = await open()
    const first = bench.sink({ ...settings, schemas })
    await bench.foreign(
      topic,
      Array.from({ length: 20 }, (_, n) => report(next, 4, `early ${n}`)),
    )
    await bench.landed(settings)
    await first.stop()
    await schemas.close()
    assert.equal(await letters(), 20)
    assert.equal(recorder.asked(`/schemas/ids/${next}`), 1)

    assert.equal(await register(4), next)
    const store = { store: bench.store, producer: bench.producer, clock: systemClock }
    assert.equal((await resendDeadLetters(store, { topic, code: 'schema_unknown' })).replayed, 20)
    assert.equal((await resendDeadLetters(store, { topic, code: 'schema_unknown' })).replayed, 0)
    const again = await open()
    const second = bench.sink({ ...settings, schemas: again })
    await bench.landed(settings)
    await second.stop()
    await again.close()
    assert.equal((await landed()).filter((oca) => oca.startsWith('early')).length, 20)
    assert.equal(await letters(), 20)
  })
})
