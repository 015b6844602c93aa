import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Consumer } from '@platformatic/kafka'
import { topicSettings } from '../../platform/kafka/topics.ts'
import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { openCodec } from '../../platform/avro/codec.ts'
import { systemClock } from '../../platform/clock.ts'
import { readConfig, type Config } from '../../platform/config.ts'
import { createAdmin } from '../../platform/kafka/admin.ts'
import { startLocalKafka, type LocalKafka } from '../../platform/kafka/local/index.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import type { RunningRole } from '../../platform/role.ts'
import { journalPath, readJournal } from '../../platform/journal/journal.ts'
import { startCollector } from '../../producers/collector/main.ts'
import type { Checkpoint } from '../../producers/replay/checkpoint.ts'
import type { ReplayOptions, ReplaySummary } from '../../producers/replay/main.ts'
import { readTotals } from '../../producers/replay/traces/totals.ts'
import type { TopicName } from '../../schemas/topics.ts'

/** Real data through the real path: replay process, collector, broker. */
const DATA = process.env['PLAYLOOP_TEST_DATA'] ?? join(import.meta.dirname, '../../../shared/data')
const MOVIELENS = join(DATA, 'rec/ml-1m')
const TRACES = join(DATA, 'cdn/network-traces.tar.gz')
const RATINGS = 1_000_209
const FILMS = 3_883

/** The data may not be passed on, so a machine may be without: said aloud, and the test says that it proved nothing. */
function present(path: string, context: { diagnostic(message: string): void }): boolean {
  if (existsSync(path)) return true
  const notice = `NOT PROVED: ${path} is absent; set PLAYLOOP_TEST_DATA to the folder that holds rec/ml-1m and cdn/network-traces.tar.gz`
  console.error(`\n*** ${notice} ***\n`)
  context.diagnostic(notice)
  return false
}

const PROGRAM = `
  import { runReplay } from ${JSON.stringify(import.meta.resolve('../../producers/replay/main.ts'))}
  import { systemClock } from ${JSON.stringify(import.meta.resolve('../../platform/clock.ts'))}
  import { silentLogger } from ${JSON.stringify(import.meta.resolve('../../platform/logger.ts'))}
  import { openMetrics } from ${JSON.stringify(import.meta.resolve('../../platform/metrics.ts'))}
  const { config, options } = JSON.parse(process.argv[1])
  const start = process.cpuUsage()
  const summary = await runReplay({ config, clock: systemClock, logger: silentLogger, metrics: openMetrics() }, { ...options, print: (text) => process.stderr.write(text) })
  const { user, system } = process.cpuUsage(start)
  console.log(JSON.stringify({ ...summary, cpuMs: (user + system) / 1000, rssMb: process.resourceUsage().maxRSS / 1024 }))`

type ChildSummary = ReplaySummary & { cpuMs: number; rssMb: number }

describe('replay of real data', { timeout: 600_000 }, () => {
  let [dir, kafka, collector, config]: [string, LocalKafka, RunningRole & { url: string }, Config] = [
    undefined!,
    undefined!,
    undefined!,
    undefined!,
  ]

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'playloop-e2e-replay-'))
    kafka = await startLocalKafka({ dataDir: dir, logger: silentLogger })
    const plain = readConfig({ PLAYLOOP_COLLECTOR_PORT: '0', PLAYLOOP_DUPLICATE_CACHE: '4000000' })
    config = { ...plain, dataDir: dir, kafka: { ...plain.kafka, brokers: kafka.brokers } }
    const admin = createAdmin(kafka.brokers)
    await admin.ensureTopics(topicSettings())
    await admin.close()
    collector = await startCollector({ config, clock: systemClock, logger: silentLogger, metrics: openMetrics() })
  })
  after(async () => {
    await collector.stop()
    await kafka.stop()
    await rm(dir, { recursive: true })
  })

  /** A replay in a process of its own; killed with SIGKILL once its checkpoint has reached `killAt`. */
  async function replay(
    options: Omit<ReplayOptions, 'collectorUrl'>,
    killAt = Infinity,
  ): Promise<ChildSummary | undefined> {
    const argument = JSON.stringify({ config, options: { ...options, collectorUrl: collector.url } })
    const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, argument], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (text) => (out += text))
    child.stderr.on('data', (text) => (err += text))
    const watch = setInterval(
      () => void position(options.source).then((at) => at >= killAt && child.kill('SIGKILL')),
      20,
    )
    const code = await new Promise((ended) => child.on('close', (exit, signal) => ended(signal ?? exit)))
    clearInterval(watch)
    if (code === 'SIGKILL') return undefined
    assert.equal(code, 0, err)
    return JSON.parse(out.trim().split('\n').at(-1)!) as ChildSummary
  }

  const position = (source: string): Promise<number> =>
    readFile(join(dir, 'replay', `${source}.json`), 'utf8').then(
      (text) => (JSON.parse(text) as Checkpoint).position,
      () => 0,
    )

  async function written(topic: TopicName): Promise<number> {
    const admin = createAdmin(kafka.brokers)
    const ranges = await admin.offsets(topic)
    await admin.close()
    return ranges.reduce((sum, { end }) => sum + end, 0)
  }

  /** Every message of a topic. */
  async function consume(topic: TopicName, each: (value: Buffer) => void | Promise<void>): Promise<void> {
    const total = await written(topic)
    const consumer = new Consumer({ groupId: `test-${topic}`, clientId: 'test', bootstrapBrokers: kafka.brokers })
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false, maxWaitTime: 200 })
    let seen = 0
    for await (const { value } of stream) {
      await each(value)
      if (++seen >= total) break
    }
    await consumer.close(true)
  }

  // After the wire header of 5 bytes the id is the first field.
  const idsOf = async (topic: TopicName): Promise<Set<string>> => {
    const ids = new Set<string>()
    await consume(topic, (value) => void ids.add(value.toString('latin1', 5, 21)))
    return ids
  }
  const journalled = async (producer: string, topic: TopicName): Promise<Set<string>> => {
    const ids = new Set<string>()
    for await (const chunk of readJournal(journalPath(join(dir, 'journal', producer), topic))) {
      for (let at = 0; at < chunk.length; at += 16) ids.add(chunk.toString('latin1', at, at + 16))
    }
    return ids
  }

  it('a million ratings, killed twice on the way: each in the log once, each on record', async (context) => {
    if (!present(MOVIELENS, context)) return
    assert.equal(await replay({ source: 'movielens', from: MOVIELENS }, 100_000), undefined, 'killed')
    const first = await position('movielens')
    assert.ok(first >= 100_000 && first < RATINGS, `${first}`)
    assert.equal(await replay({ source: 'movielens', from: MOVIELENS }, 250_000), undefined, 'killed again')
    const second = await position('movielens')
    const last = await replay({ source: 'movielens', from: MOVIELENS })
    assert.ok(last!.done && last!.resumedAt === second && second > first)
    assert.equal(last!.settled, RATINGS + FILMS)
    assert.deepEqual(last!.rejected, {})
    const { accepted, duplicates, cpuMs, eventsPerSecond, rssMb, latency } = last!
    context.diagnostic(
      `${eventsPerSecond} events/s, ${((cpuMs * 1_000) / (accepted + duplicates)).toFixed(1)} µs CPU an event in the replay process, ${Math.round(rssMb)} MB, ${JSON.stringify(latency)}`,
    )

    assert.equal(await written('viewer.actions'), RATINGS)
    const ids = await idsOf('viewer.actions')
    assert.equal(ids.size, RATINGS)
    assert.deepEqual(await journalled('movielens', 'viewer.actions'), ids)
    assert.equal(await written('catalog.titles'), FILMS)
  })

  it('a second run is all duplicates, as far as the collector remembers', async (context) => {
    if (!present(MOVIELENS, context)) return
    const copies = await written('viewer.actions')
    const again = await replay({ source: 'movielens', from: MOVIELENS, limit: 100_000 })
    const { accepted, duplicates } = again!
    assert.equal(accepted + duplicates, 100_000)
    // Its memory has eight places a bucket: at a quarter full, one id in thousands has been crowded out.
    assert.ok(duplicates > 99_500, `${duplicates} duplicates`)
    assert.ok((await written('viewer.actions')) - copies <= accepted, 'what was known is not stored again')
  })

  it('126 films over real networks: what was sent adds up to the truth of each session', async (context) => {
    if (!present(TRACES, context)) return
    const summary = await replay({ source: 'traces', from: TRACES })
    assert.ok(summary!.done)
    assert.deepEqual(summary!.rejected, {})
    const codec = openCodec('playback.telemetry', openCatalogue())
    const last = new Map<string, { seq: number; found: readonly unknown[] }>()
    await consume('playback.telemetry', async (value) => {
      const decoded = await codec.decode(value)
      assert.ok(decoded.ok)
      const {
        session_id,
        seq,
        playing_ms,
        stall_connection_ms,
        stall_connection_count,
        media_ms,
        bits_played,
        startup_ms,
        end_reason,
      } = decoded.record
      if (seq < (last.get(session_id)?.seq ?? 0)) return
      last.set(session_id, {
        seq,
        found: [
          playing_ms,
          stall_connection_ms,
          stall_connection_count,
          media_ms,
          bits_played,
          startup_ms,
          end_reason,
        ].map((x) => (typeof x === 'bigint' ? Number(x) : x)),
      })
    })
    const truth = await readTotals(join(dir, 'journal/traces/totals.ndjson'))
    assert.equal(truth.length, 126)
    for (const { session_id, totals: t } of truth) {
      const expected = [
        t.playingMs,
        t.stallConnectionMs,
        t.stallConnectionCount,
        t.mediaMs,
        t.bitsPlayed,
        t.startupMs,
        t.endReason,
      ]
      assert.deepEqual(last.get(session_id)?.found, expected, session_id)
    }
    assert.equal((await journalled('traces', 'playback.telemetry')).size, await written('playback.telemetry'))
  })
})
