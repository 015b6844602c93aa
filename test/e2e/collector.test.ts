import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { startTestBroker, type TestBroker } from '../faults/broker.ts'
import {
  endAll,
  freshBatch,
  idsInLog,
  lost,
  newRecord,
  post,
  startClients,
  startCollectorProcess,
  type CollectorProcess,
} from './collector-process.ts'

/** The collector in a process of its own, over a real broker, by real connections. */
const KILLS = 5
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const ingest = ({ url }: CollectorProcess): string => `${url}/v1/events/playback.telemetry`

let broker: TestBroker
before(async () => (broker = await startTestBroker()), { timeout: 120_000 })
after(() => {
  endAll()
  return broker.stop()
})

describe('what was acknowledged is in the log', { timeout: 240_000 }, () => {
  it(`while the collector is killed -9 ${KILLS} times under load`, async (test) => {
    const record = newRecord()
    let collector = await startCollectorProcess(broker.brokers)
    const clients = startClients(8, 20, () => collector.url, record)
    test.after(() => clients.stop())
    for (let round = 0; round < KILLS; round++) {
      const goal = record.acknowledged.size + 1_000
      while (record.acknowledged.size < goal) await sleep(5)
      collector.kill('SIGKILL')
      assert.equal(await collector.ended, 'SIGKILL')
      collector = await startCollectorProcess(broker.brokers)
    }
    await clients.stop()
    collector.kill('SIGTERM')
    assert.equal(await collector.ended, '0')
    const log = await idsInLog(broker)
    test.diagnostic(
      `${record.acknowledged.size} acknowledged, ${log.size} in the log; ${JSON.stringify([...record.statuses])}`,
    )
    assert.ok(record.acknowledged.size >= KILLS * 1_000)
    assert.deepEqual(lost(record.acknowledged, log), [])
  })

  it('while it is asked to end under load: it answers what it has taken, and nothing breaks', async (test) => {
    const record = newRecord()
    const collector = await startCollectorProcess(broker.brokers)
    const clients = startClients(8, 20, () => collector.url, record)
    test.after(() => clients.stop())
    while (record.acknowledged.size < 2_000) await sleep(5)
    const readiness: number[] = []
    const probe = (async () => {
      for (;;) readiness.push((await fetch(`${collector.url}/health/ready`)).status)
    })().catch(() => undefined)
    collector.kill('SIGTERM')
    assert.equal(await collector.ended, '0')
    await Promise.all([probe, clients.stop()])
    assert.equal(readiness.at(-1), 503, 'not ready before nothing is accepted, so that nobody is sent here any more')
    test.diagnostic(JSON.stringify([...record.statuses]))
    const broken = [...record.statuses.keys()].filter((how) => ![202, 503, 'ECONNREFUSED', 'ECONNRESET'].includes(how))
    assert.deepEqual(broken, [], 'a request on a connection that was taken is answered')
    assert.deepEqual(lost(record.acknowledged, await idsInLog(broker)), [])
  })
})

describe('a broker that does not answer', { timeout: 240_000 }, () => {
  it('down: 503 with Retry-After and nothing acknowledged; the same request is taken once it is back', async () => {
    const collector = await startCollectorProcess(broker.brokers)
    assert.equal((await post(ingest(collector), freshBatch(5).body)).status, 202)
    broker.kafka.kill()
    const { ids, body } = freshBatch(5)
    const refused = await post(ingest(collector), body)
    assert.deepEqual([refused.status, refused.body.code], [503, 'COLLECTOR_LOG_UNAVAILABLE'])
    assert.ok(Number(refused.headers['retry-after']) > 0)
    await broker.kafka.restart()
    let answer = await post(ingest(collector), body)
    for (let i = 0; answer.status === 503 && i < 20; i++) {
      await sleep(1_000)
      answer = await post(ingest(collector), body)
    }
    assert.deepEqual([answer.status, answer.body.accepted], [202, 5])
    assert.deepEqual(lost(new Set(ids), await idsInLog(broker)), [])
    collector.kill('SIGTERM')
    assert.equal(await collector.ended, '0')
  })

  it('frozen, ten times overloaded: it sheds at once, its memory stays flat, nothing acknowledged is lost', async (test) => {
    const limit = 4 << 20
    const collector = await startCollectorProcess(broker.brokers, { PLAYLOOP_MAX_INFLIGHT: String(limit) })
    const record = newRecord()
    const target = (): string => collector.url
    const warm = startClients(16, 200, target, record)
    while ((record.statuses.get(202) ?? 0) < 150) await sleep(20)
    await warm.stop()
    const memory = collector.memory()
    process.kill(broker.kafka.pid, 'SIGSTOP')
    test.after(() => process.kill(broker.kafka.pid, 'SIGCONT'))
    const flood = startClients(400, 200, target, record)
    test.after(() => flood.stop())
    const samples: number[] = []
    let slowest = 0
    for (let i = 0; i < 12; i++) {
      await sleep(400)
      samples.push(collector.memory())
      const asked = performance.now()
      await fetch(`${collector.url}/health/live`)
      slowest = Math.max(slowest, performance.now() - asked)
    }
    process.kill(broker.kafka.pid, 'SIGCONT')
    await flood.stop()
    const most = Math.max(...samples)
    const shed = record.statuses.get(503) ?? 0
    test.diagnostic(
      `${memory.toFixed(0)} -> ${most.toFixed(0)} MB, health within ${slowest.toFixed(0)} ms; ${JSON.stringify([...record.statuses])}`,
    )
    // 400 clients of 50 KB are 20 MB on the wire at any moment, five times what may be held.
    assert.ok(shed > 1_000, `only ${shed} were shed`)
    assert.ok(most - memory < 200, `memory grew from ${memory} to ${most} MB`)
    assert.ok(
      Math.max(...samples.slice(8)) - Math.max(...samples.slice(0, 4)) < 60,
      `memory still grows: ${samples.join(', ')} MB`,
    )
    assert.deepEqual(
      [...record.statuses.keys()].filter((how) => how !== 202 && how !== 503),
      [],
    )
    assert.equal((await post(ingest(collector), freshBatch(5).body)).status, 202, 'it takes again')
    assert.deepEqual(lost(record.acknowledged, await idsInLog(broker)), [])
    collector.kill('SIGTERM')
    assert.equal(await collector.ended, '0')
  })
})

describe('over the wire', { timeout: 60_000 }, () => {
  let collector: CollectorProcess
  before(
    async () =>
      (collector = await startCollectorProcess(broker.brokers, { PLAYLOOP_CORS_ORIGINS: 'https://play.example' })),
  )
  after(async () => {
    collector.kill('SIGTERM')
    await collector.ended
  })

  it('a gzip bomb is refused and never held', async () => {
    const bomb = gzipSync(Buffer.alloc(256 << 20, ' '))
    assert.ok(bomb.length < 1 << 20)
    const memory = collector.memory()
    for (let i = 0; i < 20; i++) {
      const answer = await post(ingest(collector), bomb, { 'content-encoding': 'gzip' })
      assert.deepEqual([answer.status, answer.body.code], [413, 'COLLECTOR_TOO_LARGE'])
    }
    // One bomb that is held is 256 MB; what is refused is garbage of some dozens until it is collected.
    assert.ok(collector.memory() - memory < 200, `${memory} -> ${collector.memory()} MB`)
  })

  it('a body that is too large is refused, by its length and by what arrives', async () => {
    const body = ' '.repeat(3 << 20)
    assert.equal((await post(ingest(collector), body)).status, 413)
    // Many times: an answer under a body that is still being sent must not be lost with its connection.
    for (let n = 0; n < 50; n++) {
      const chunked = await fetch(ingest(collector), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new Blob([body]).stream(),
        duplex: 'half',
      })
      assert.equal(chunked.status, 413)
    }
  })

  it('clients that say much and send little hold up neither others nor the end', async () => {
    const slow = await startCollectorProcess(broker.brokers)
    const { body } = freshBatch(3)
    const stalled = Array.from({ length: 50 }, () =>
      post(ingest(slow), body, { 'content-length': '1000000', connection: 'close' }),
    )
    await sleep(200)
    assert.equal((await post(ingest(slow), body)).status, 202)
    const asked = performance.now()
    slow.kill('SIGTERM')
    const answers = await Promise.all(stalled)
    assert.deepEqual(new Set(answers.map(({ body: { code } }) => code)), new Set(['COLLECTOR_DRAINING']))
    assert.equal(await slow.ended, '0')
    assert.ok(performance.now() - asked < 10_000)
  })

  it('pages of another origin are refused before anything is read', async () => {
    const { body } = freshBatch(1)
    assert.equal((await post(ingest(collector), body, { origin: 'https://evil.example' })).status, 403)
    const good = await post(ingest(collector), body, { origin: 'https://play.example' })
    assert.deepEqual([good.status, good.headers['access-control-allow-origin']], [202, 'https://play.example'])
  })
})
