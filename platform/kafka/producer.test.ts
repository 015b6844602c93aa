import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { systemClock } from '../clock.ts'
import { errorCode } from '../errors.ts'
import { silentLogger } from '../logger.ts'
import { createAdmin } from './admin.ts'
import { logContract, message } from './contract.ts'
import { startLocalKafka, type LocalKafka } from './local/index.ts'
import { createProducer } from './producer.ts'

/** The producer and the administration on the real broker. */
describe('log on Kafka', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'playloop-'))
  let kafka: LocalKafka
  before(async () => void (kafka = await startLocalKafka({ dataDir, logger: silentLogger })))
  after(async () => {
    await kafka.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const foreign = (): Kafka => new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING })

  logContract({
    producer: (options = {}) => createProducer(kafka.brokers, options),
    admin: () => createAdmin(kafka.brokers),
  })

  it('applies the settings of a topic', async () => {
    const admin = createAdmin(kafka.brokers)
    await admin.ensureTopics([
      { name: 'settings', partitions: 1, configs: { 'cleanup.policy': 'compact', 'retention.ms': '1234' } },
    ])
    await admin.close()
    const other = foreign().admin()
    const { resources } = await other.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: 'settings', configNames: ['cleanup.policy', 'retention.ms'] }],
    })
    await other.disconnect()
    assert.deepEqual(resources[0]?.configEntries.map(({ configValue }) => configValue).sort(), ['1234', 'compact'])
  })

  it('writes what a foreign client reads, byte for byte, in the partitions it would choose itself', async () => {
    const admin = createAdmin(kafka.brokers)
    await admin.ensureTopics([
      { name: 'ours', partitions: 4, configs: {} },
      { name: 'theirs', partitions: 4, configs: {} },
    ])
    await admin.close()
    const keys = Array.from({ length: 200 }, (_, i) => 'k'.repeat(i % 11) + i)
    // kafkajs reads no lz4 by itself.
    const producer = createProducer(kafka.brokers, { compression: 'none' })
    await producer.send(
      'ours',
      keys.map((key) => message(key, `value of ${key}`)),
    )
    await producer.close()
    const theirs = foreign().producer({ createPartitioner: Partitioners.DefaultPartitioner })
    await theirs.connect()
    await theirs.send({ topic: 'theirs', messages: keys.map((key) => ({ key, value: `value of ${key}` })) })
    await theirs.disconnect()
    const [a, b] = [await readAll(foreign(), 'ours', keys.length), await readAll(foreign(), 'theirs', keys.length)]
    assert.equal(a.size, keys.length)
    assert.deepEqual(a, b)
  })

  it(
    'loses nothing acknowledged and stores nothing twice while the broker is killed three times under load',
    { timeout: 120_000 },
    async (test) => {
      const admin = createAdmin(kafka.brokers)
      await admin.ensureTopics([{ name: 'killed', partitions: 2, configs: {} }])
      const producer = createProducer(kafka.brokers, { compression: 'none', deliveryMs: 30_000 })
      const acknowledged = new Set<string>()
      const refused: string[] = []
      let [running, next] = [true, 0]
      const load = async (): Promise<void> => {
        while (running) {
          const batch = Array.from({ length: 20 }, () => String(next++))
          try {
            await producer.send(
              'killed',
              batch.map((id) => message(id, id)),
            )
            for (const id of batch) acknowledged.add(id)
          } catch (error) {
            refused.push(errorCode(error))
            await systemClock.sleep(20)
          }
        }
      }
      const loads = Array.from({ length: 4 }, load)
      const flowing: number[] = []
      const down: number[] = []
      for (let round = 0; round < 3; round++) {
        await systemClock.sleep(500)
        kafka.kill()
        const killed = performance.now()
        const before = acknowledged.size
        await kafka.restart()
        down.push((performance.now() - killed) / 1_000)
        // What was on the wire at the kill may still be acknowledged: 1,000 more is flowing.
        while (acknowledged.size < before + 1_000) await systemClock.sleep(10)
        flowing.push((performance.now() - killed) / 1_000)
      }
      running = false
      await Promise.all(loads)
      await producer.close()
      const stored = (await admin.offsets('killed')).reduce((sum, { end }) => sum + end, 0)
      await admin.close()
      test.diagnostic(
        `broker back ${seconds(down)} s, flowing ${seconds(flowing)} s after kill -9; ${acknowledged.size} acknowledged, ${stored} stored, ${refused.length} calls refused`,
      )
      for (const [round, at] of flowing.entries())
        assert.ok(at - down[round]! < 5, `flowing only ${at - down[round]!} s after the broker answered`)
      const found = await readAll(foreign(), 'killed', stored)
      for (const id of acknowledged) assert.ok(found.has(id), `${id} was acknowledged and is lost`)
      assert.deepEqual(refused, [])
      assert.equal(stored, found.size, 'a repetition was stored twice')
    },
  )

  it('tells the caller within its time when no broker answers', async () => {
    const own = mkdtempSync(path.join(tmpdir(), 'playloop-'))
    const broker = await startLocalKafka({ dataDir: own, logger: silentLogger })
    const admin = createAdmin(broker.brokers)
    await admin.ensureTopics([{ name: 't', partitions: 1, configs: {} }])
    await admin.close()
    const producer = createProducer(broker.brokers, { deliveryMs: 1_000 })
    await producer.send('t', [message('a')])
    await broker.stop()
    const started = performance.now()
    await assert.rejects(producer.send('t', [message('b')]), { code: 'KAFKA_PRODUCE_FAILED', status: 503 })
    assert.ok(performance.now() - started < 3_000)
    await producer.close()
    rmSync(own, { recursive: true })
  })
})

const seconds = (list: number[]): string => list.map((value) => value.toFixed(1)).join(', ')

/** key → `partition value` of every record. */
async function readAll(kafka: Kafka, topic: string, count: number): Promise<Map<string, string>> {
  const consumer = kafka.consumer({ groupId: `read-${topic}` })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const found = new Map<string, string>()
  let seen = 0
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ partition, message: { key, value } }) => {
          found.set(String(key), `${partition} ${String(value)}`)
          if (++seen >= count) resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  return found
}
