import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Admin, Producer } from '@platformatic/kafka'
import { systemClock } from '../../clock.ts'
import { errorCode } from '../../errors.ts'
import { silentLogger } from '../../logger.ts'
import { isAlive } from '../../process/alive.ts'
import { startLocalKafka, type LocalKafka } from './index.ts'

/** The real broker, fetched, formatted and killed for real. */
describe('local Kafka', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'playloop-'))
  let kafka: LocalKafka
  before(async () => {
    kafka = await startLocalKafka({ dataDir, logger: silentLogger })
  })
  after(async () => {
    await kafka.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  it('keeps what it acknowledged through kill -9, on the same ports, and flows again at once', async (test) => {
    const [brokers, firstPid] = [kafka.brokers, kafka.pid]
    await createTopic(brokers, 'kept')
    const acknowledged = await produce(brokers, 'kept', 500)
    kafka.kill()
    const killed = performance.now()
    await kafka.restart()
    const back = performance.now()
    const more = await produce(brokers, 'kept', 1)
    const flowing = performance.now()
    test.diagnostic(
      `answers ${((back - killed) / 1000).toFixed(1)} s after kill -9, flows ${((flowing - back) / 1000).toFixed(1)} s later`,
    )
    // How long Java takes to start is the machine's affair; what the broker waits for is ours.
    assert.ok(flowing - back < 10_000, `flowing only ${flowing - back} ms after it answered`)
    assert.notEqual(kafka.pid, firstPid)
    assert.deepEqual(kafka.brokers, brokers)
    assert.equal(await endOffset(brokers, 'kept'), acknowledged + more)
  })

  it('refuses a second start on data in use and says by whom', async () => {
    await assert.rejects(startLocalKafka({ dataDir, logger: silentLogger }), (error) => {
      assert.equal(errorCode(error), 'KAFKA_DATA_IN_USE')
      assert.match(String(error), new RegExp(String(process.pid)))
      return true
    })
  })

  it('refuses a port that another program has', async () => {
    const other = mkdtempSync(path.join(tmpdir(), 'playloop-'))
    const port = Number(kafka.brokers[0]!.split(':')[1])
    await assert.rejects(startLocalKafka({ dataDir: other, logger: silentLogger, port }), { code: 'KAFKA_PORT_IN_USE' })
    rmSync(other, { recursive: true })
  })

  it('stamps records with its own time: a client clock of the year 5138 is neither refused nor kept', async () => {
    await createTopic(kafka.brokers, 'timed')
    const producer = client(Producer, kafka.brokers)
    await producer.send({
      messages: [{ topic: 'timed', value: Buffer.from('x'), timestamp: 100_000_000_000_000n }],
      acks: -1,
    })
    await producer.close()
    assert.equal(await endOffset(kafka.brokers, 'timed'), 1)
  })

  it('dies with the process that started it, even by kill -9, and the next start takes the data over', async () => {
    const own = mkdtempSync(path.join(tmpdir(), 'playloop-'))
    const script = `
      import { startLocalKafka } from ${JSON.stringify(path.join(import.meta.dirname, 'index.ts'))}
      import { silentLogger } from ${JSON.stringify(path.join(import.meta.dirname, '../../logger.ts'))}
      const kafka = await startLocalKafka({ dataDir: ${JSON.stringify(own)}, logger: silentLogger })
      console.log(kafka.pid)
      setInterval(() => undefined, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const javaPid = Number(line.toString())
    assert.ok(isAlive(javaPid))
    parent.kill('SIGKILL')
    await once(parent, 'close')
    for (let i = 0; i < 50 && isAlive(javaPid); i++) await systemClock.sleep(100)
    assert.ok(!isAlive(javaPid), 'Java outlived its parent')
    const next = await startLocalKafka({ dataDir: own, logger: silentLogger })
    await next.stop()
    assert.ok(!isAlive(next.pid))
    rmSync(own, { recursive: true })
  })
})

const client = <T extends Admin | Producer<Buffer, Buffer, Buffer, Buffer>>(
  type: new (options: { clientId: string; bootstrapBrokers: string[] }) => T,
  brokers: string[],
): T => new type({ clientId: 'test', bootstrapBrokers: brokers })

async function createTopic(brokers: string[], topic: string): Promise<void> {
  const admin = client(Admin, brokers)
  await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 })
  await admin.close()
}

async function produce(brokers: string[], topic: string, count: number): Promise<number> {
  const producer = client(Producer, brokers)
  const messages = Array.from({ length: count }, (_, i) => ({
    topic,
    key: Buffer.from(String(i)),
    value: Buffer.alloc(100),
  }))
  await producer.send({ messages, acks: -1 })
  await producer.close()
  return count
}

async function endOffset(brokers: string[], topic: string): Promise<number> {
  const admin = client(Admin, brokers)
  const [listed] = await admin.listOffsets({
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
  })
  await admin.close()
  return Number(listed!.partitions[0]!.offset)
}
