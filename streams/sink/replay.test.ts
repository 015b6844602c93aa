import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { manualClock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import type { LogMessage, LogProducer } from '../../platform/kafka/port.ts'
import { migrations } from './migrations.ts'
import { resendDeadLetters } from './replay.ts'

describe('replay of dead letters', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'playloop-letters-'))
  let store: Store
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'test' })
    await migrate(store, migrations)
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const letter = (n: number, topic: string, code: string, raw: string, size = raw.length, offset = n): Promise<void> =>
    store.exec({
      sql: `INSERT INTO dead_letters (event_id, clock, event_time, received_time, source_topic, source_partition, source_offset, source_time, error_code, error_message, step, raw_key, raw, raw_size, raw_sha256, _partition, _offset)
SELECT toFixedString(unhex({id:String}), 16), 'live', now64(3), now64(3), {topic:String}, 0, {n:Int64}, now64(3), {code:String}, '', 'insert', 'key', {raw:String}, {size:Int64}, toFixedString('', 32), 0, {offset:Int64}`,
      params: { id: n.toString(16).padStart(32, '0'), topic, n, code, raw, size, offset },
    })

  /** A log that fails once. */
  const log = (fails = 0): { producer: LogProducer; sent: string[] } => {
    const sent: string[] = []
    const producer: LogProducer = {
      async send(topic: string, messages: readonly LogMessage[]) {
        if (fails-- > 0) throw new Error('the broker is away')
        sent.push(...messages.map(({ key, value }) => `${topic} ${key.toString()} ${value.toString()}`))
      },
      close: async () => undefined,
    }
    return { producer, sent }
  }

  it('sends each whole letter once, byte for byte, to where it came from; a failure sends nothing twice', async () => {
    await letter(1, 'viewer.actions', 'schema_unknown', 'one')
    await letter(2, 'playback.telemetry', 'schema_unknown', 'two')
    await letter(2, 'playback.telemetry', 'schema_unknown', 'two', 3, 102) // the same letter again, after a crash of the sink
    await letter(3, 'viewer.actions', 'poison', 'three')
    await letter(4, 'viewer.actions', 'null_value', '')
    await letter(5, 'viewer.actions', 'poison', 'cut off', 300_000)
    await letter(6, 'viewer.actions', 'id_reuse', 'other payload')
    const clock = manualClock(1)
    const { producer, sent } = log(1)
    await assert.rejects(resendDeadLetters({ store, producer, clock }), /away/)
    assert.deepEqual(await resendDeadLetters({ store, producer, clock }, { code: 'schema_unknown' }), {
      replayed: 2,
      truncated: 0,
      empty: 0,
    })
    assert.deepEqual(await resendDeadLetters({ store, producer, clock }, { topic: 'viewer.actions' }), {
      replayed: 1,
      truncated: 1,
      empty: 1,
    })
    assert.deepEqual(await resendDeadLetters({ store, producer, clock }), { replayed: 0, truncated: 1, empty: 1 })
    assert.deepEqual(sent, ['playback.telemetry key two', 'viewer.actions key one', 'viewer.actions key three'])
  })
})
