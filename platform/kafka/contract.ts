import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { LogAdmin, LogMessage, LogProducer } from './port.ts'

/** A log under test; every case uses its own topic. */
export interface LogUnderTest {
  producer(options?: { maxInflightBytes?: number; maxRecordBytes?: number }): LogProducer
  admin(): LogAdmin
}

export const message = (key: string, value: string | Buffer = ''): LogMessage => ({
  key: Buffer.from(key),
  value: Buffer.from(value),
})

/** Contract suite for every LogProducer and LogAdmin, in memory and on a real broker. */
export function logContract(log: LogUnderTest): void {
  let topics = 0
  const fresh = async (partitions = 1): Promise<{ topic: string; end: () => Promise<number[]> }> => {
    const topic = `contract-${++topics}`
    const admin = log.admin()
    await admin.ensureTopics([{ name: topic, partitions, configs: {} }])
    await admin.close()
    const end = async (): Promise<number[]> => {
      const reader = log.admin()
      const ranges = await reader.offsets(topic)
      await reader.close()
      return ranges.map((range) => range.end)
    }
    return { topic, end }
  }

  it('acknowledges what is in the log', async () => {
    const { topic, end } = await fresh()
    const producer = log.producer()
    await producer.send(topic, [message('a', '1'), message('b', '2')])
    assert.deepEqual(await end(), [2])
    await Promise.all([
      producer.send(topic, [message('a', '3')]),
      producer.send(topic, []),
      producer.send(topic, [message('c')]),
    ])
    assert.deepEqual(await end(), [4])
    await producer.close()
  })

  it('puts the same key into the same partition', async () => {
    const { topic, end } = await fresh(3)
    const producer = log.producer()
    await producer.send(
      topic,
      Array.from({ length: 50 }, () => message('one-session')),
    )
    assert.deepEqual(
      (await end()).filter((count) => count > 0),
      [50],
    )
    await producer.send(
      topic,
      Array.from({ length: 300 }, (_, i) => message(`session-${i}`)),
    )
    assert.ok((await end()).every((count) => count > 50))
    await producer.close()
  })

  it('writes nothing of a call that holds an oversized record', async () => {
    const { topic, end } = await fresh()
    const producer = log.producer({ maxRecordBytes: 1_000 })
    await assert.rejects(producer.send(topic, [message('a', 'small'), message('b', Buffer.alloc(1_000))]), {
      code: 'KAFKA_RECORD_TOO_LARGE',
      status: 413,
    })
    assert.deepEqual(await end(), [0])
    await producer.send(topic, [message('a', Buffer.alloc(900))])
    assert.deepEqual(await end(), [1])
    await producer.close()
  })

  it('refuses what would go over its memory, and takes it later', async () => {
    const { topic, end } = await fresh()
    const producer = log.producer({ maxInflightBytes: 10_000 })
    const first = producer.send(topic, [message('a', Buffer.alloc(6_000))])
    await assert.rejects(producer.send(topic, [message('b', Buffer.alloc(6_000))]), {
      code: 'KAFKA_PRODUCER_FULL',
      status: 503,
    })
    await first
    await producer.send(topic, [message('b', Buffer.alloc(6_000))])
    assert.deepEqual(await end(), [2])
    await producer.close()
  })

  it('does not make a topic of a mistyped name, and takes it once it is there', async () => {
    const producer = log.producer()
    const admin = log.admin()
    const topic = `late-${++topics}`
    await assert.rejects(producer.send(topic, [message('a')]), { code: 'KAFKA_TOPIC_UNKNOWN' })
    await assert.rejects(admin.offsets(topic), { code: 'KAFKA_TOPIC_UNKNOWN' })
    await admin.ensureTopics([{ name: topic, partitions: 1, configs: {} }])
    await producer.send(topic, [message('a')])
    assert.deepEqual(await admin.offsets(topic), [{ partition: 0, start: 0, end: 1 }])
    await Promise.all([producer.close(), admin.close()])
  })

  it('creates topics once and leaves them as they are: more partitions would move keys', async () => {
    const { topic } = await fresh(2)
    const admin = log.admin()
    const shape = async (partitions: number): Promise<number> => {
      await admin.ensureTopics([{ name: topic, partitions, configs: {} }])
      return (await admin.offsets(topic)).length
    }
    assert.deepEqual([await shape(2), await shape(4), await shape(1)], [2, 2, 2])
    await admin.close()
  })

  it('writes out what is under way when it is closed, and refuses what comes later', async () => {
    const { topic, end } = await fresh()
    const producer = log.producer()
    const under = producer.send(topic, [message('a'), message('b')])
    await producer.close()
    await under
    assert.deepEqual(await end(), [2])
    await assert.rejects(producer.send(topic, [message('c')]), { code: 'KAFKA_PRODUCER_CLOSED' })
  })
}
