/**
 * `playloop bench sink [--rows N] [--runs N]`: the sink beside ClickHouse's own Kafka engine (AvroConfluent), on the
 * same topic, with the same engine, interleaved; medians of the runs. First the fixed 12-column record, then telemetry.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { createAdmin } from '../../platform/kafka/admin.ts'
import { startLocalKafka } from '../../platform/kafka/local/index.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import { silentLogger } from '../../platform/logger.ts'
import { messages, SCHEMA, SCHEMA_ID } from './dataset.ts'
import { TELEMETRY_SCHEMA, telemetryMessages } from './telemetry.ts'

interface Run {
  readonly mode: 'ours' | 'engine'
  readonly rows: number
  readonly wallMs: number
  readonly cpuUs: number
  readonly rssBytes: number
  readonly rssAt: readonly number[]
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    telemetry: { type: 'string', default: '400000' },
    runs: { type: 'string', default: '5' },
  },
})
const runs = Number(values.runs)
const work = mkdtempSync(join(tmpdir(), 'playloop-bench-'))
const kafka = await startLocalKafka({ dataDir: work, logger: silentLogger })
const registry = await serveSchemas()
try {
  await compare('12 columns', 'bench.rows', 2, Number(values.rows), messages)
  await compare('playback.telemetry', 'playback.telemetry', 2, Number(values.telemetry), telemetryMessages)
} finally {
  registry.close()
  await kafka.stop()
  rmSync(work, { recursive: true, force: true })
}

async function compare(
  title: string,
  topic: string,
  partitions: number,
  rows: number,
  source: (count: number) => Iterable<{ key: Buffer; value: Buffer }>,
): Promise<void> {
  process.stderr.write(`${title}: writing ${rows} rows to the log ...\n`)
  await fill(topic, partitions, rows, source)
  const done: Run[] = []
  for (let run = 0; run < runs; run++) {
    // Interleaved, and each first in turn: a machine that slows down slows both.
    for (const mode of run % 2 === 0 ? (['ours', 'engine'] as const) : (['engine', 'ours'] as const)) {
      const result = await measure(mode, topic, rows, run)
      done.push(result)
      process.stderr.write(
        `  ${mode.padEnd(6)} ${(result.cpuUs / rows).toFixed(2)} us CPU/row  ${Math.round((rows / result.wallMs) * 1_000)} rows/s  ${Math.round(result.rssBytes / 1_048_576)} MiB\n`,
      )
    }
  }
  report(title, rows, done)
}

async function fill(
  topic: string,
  partitions: number,
  rows: number,
  source: (count: number) => Iterable<{ key: Buffer; value: Buffer }>,
): Promise<void> {
  const admin = createAdmin(kafka.brokers)
  await admin.ensureTopics([{ name: topic, partitions, configs: {} }])
  await admin.close()
  const producer = createProducer(kafka.brokers)
  let batch: { key: Buffer; value: Buffer }[] = []
  for (const message of source(rows)) {
    batch.push(message)
    if (batch.length === 10_000) {
      await producer.send(topic, batch)
      batch = []
    }
  }
  await producer.send(topic, batch)
  await producer.close()
}

async function measure(mode: Run['mode'], topic: string, rows: number, run: number): Promise<Run> {
  const dir = join(work, `${mode}-${topic}-${run}`)
  const script = join(import.meta.dirname, 'run.ts')
  const group = `${mode}-${run}`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [script, mode, kafka.brokers.join(','), topic, String(rows), dir, registryUrl(), group],
    { env: { ...process.env, UV_THREADPOOL_SIZE: '16' } },
  )
  rmSync(dir, { recursive: true, force: true })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Run
}

function report(title: string, rows: number, done: readonly Run[]): void {
  const of = (mode: Run['mode'], figure: (run: Run) => number): number =>
    median(done.filter((run) => run.mode === mode).map(figure))
  const cpu = (mode: Run['mode']): number => of(mode, (run) => run.cpuUs / rows)
  const rate = (mode: Run['mode']): number => of(mode, (run) => (rows / run.wallMs) * 1_000)
  process.stdout.write(
    `${JSON.stringify({
      bench: 'sink',
      what: title,
      rows,
      runs,
      cpuUsPerRow: {
        ours: round(cpu('ours')),
        engine: round(cpu('engine')),
        ratio: round(cpu('ours') / cpu('engine')),
      },
      rowsPerSecond: {
        ours: Math.round(rate('ours')),
        engine: Math.round(rate('engine')),
        ratio: round(rate('ours') / rate('engine')),
      },
      rssMiB: {
        ours: Math.round(of('ours', (run) => run.rssBytes) / 1_048_576),
        engine: Math.round(of('engine', (run) => run.rssBytes) / 1_048_576),
      },
      exact: done.every((run) => run.mode === 'engine' || run.rows === rows),
    })}\n`,
  )
}

/** What the Kafka engine asks of a schema registry: one schema by its id. */
async function serveSchemas(): Promise<Server> {
  const known = new Map<string, object>([
    [String(SCHEMA_ID), SCHEMA],
    [String(TELEMETRY_SCHEMA.id), TELEMETRY_SCHEMA.json],
  ])
  const server = createServer((request, response) => {
    const schema = known.get((request.url ?? '').replace('/schemas/ids/', ''))
    response
      .writeHead(schema === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ schema: JSON.stringify(schema) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function registryUrl(): string {
  const address = registry.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100
}
