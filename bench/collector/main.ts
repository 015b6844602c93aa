/**
 * What an accepted event costs the collector: CPU of its process alone, acknowledged by a real Kafka (acks=all).
 *
 * npm run -s playloop -- bench collector [--seconds 4] [--batch 100] [--connections 16] [--only 'own sparse'] [--json]
 * [--node=--cpu-prof]
 * Broker, collector and load are processes of their own; the load writes fresh ids into ready requests. Peers run in
 * turn on the same broker, and each line is the median of its rounds. events/s/core = 1e6 / CPU µs an event.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createAdmin } from '../../platform/kafka/admin.ts'
import { startLocalKafka } from '../../platform/kafka/local/index.ts'
import { openLogger } from '../../platform/logger.ts'
import { TOPICS } from '../../schemas/topics.ts'
import type { Sample } from './events.ts'
import type { LoadOrder, LoadReport } from './load.ts'
import type { Usage } from './server.ts'

interface Case {
  readonly kind: 'own' | 'avsc' | 'ajv'
  readonly sample: Sample
  readonly form: LoadOrder['form']
  readonly gzip: boolean
}

interface Line extends Case {
  readonly perSecond: number
  readonly cpuMicros: number
  readonly perCore: number
  readonly p50: number
  readonly p99: number
  readonly bytesAnEvent: number
  readonly rssStartMb: number
  readonly rssEndMb: number
  readonly odd: number
}

const CASES: readonly Case[] = [
  { kind: 'own', sample: 'sparse', form: 'ndjson', gzip: false },
  { kind: 'avsc', sample: 'sparse', form: 'ndjson', gzip: false },
  { kind: 'ajv', sample: 'sparse', form: 'ndjson', gzip: false },
  { kind: 'own', sample: 'sparse', form: 'avro', gzip: false },
  { kind: 'own', sample: 'sparse', form: 'json', gzip: false },
  { kind: 'own', sample: 'sparse', form: 'ndjson', gzip: true },
  { kind: 'own', sample: 'sparse', form: 'cmcd', gzip: false },
  { kind: 'own', sample: 'full', form: 'ndjson', gzip: false },
  { kind: 'avsc', sample: 'full', form: 'ndjson', gzip: false },
  { kind: 'own', sample: 'full', form: 'cmcd', gzip: false },
  { kind: 'own', sample: 'action', form: 'ndjson', gzip: false },
  { kind: 'avsc', sample: 'action', form: 'ndjson', gzip: false },
]

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    batch: { type: 'string', default: '100' },
    connections: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    node: { type: 'string', default: '' },
  },
})

const script = (name: string): string => join(import.meta.dirname, name)
const told = async <T>(child: ChildProcess): Promise<T> => ((await once(child, 'message')) as [T])[0]
const ask = async <T>(child: ChildProcess, question: object): Promise<T> => {
  const answer = told<T>(child)
  child.send(question)
  return answer
}
const end = async (child: ChildProcess): Promise<void> => {
  const ended = once(child, 'exit')
  child.disconnect()
  await ended
}
const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!

let firstId = 1

async function measure(test: Case, brokers: string): Promise<Line> {
  const server = fork(script('server.ts'), [test.kind, brokers], {
    execArgv: values.node.split(' ').filter((flag) => flag !== ''),
  })
  const load = fork(script('load.ts'))
  const { port } = await told<{ port: number }>(server)
  const order = (seconds: number): LoadOrder => {
    firstId += 2 ** 32
    return { ...test, port, seconds, batch: Number(values.batch), connections: Number(values.connections), firstId }
  }
  await ask<LoadReport>(load, order(2))
  const rounds: { report: LoadReport; cpu: number }[] = []
  const start = await ask<Usage>(server, {})
  let before = start
  for (let i = 0; i < Number(values.rounds); i++) {
    const report = await ask<LoadReport>(load, order(Number(values.seconds)))
    const now = await ask<Usage>(server, {})
    rounds.push({ report, cpu: (now.cpu - before.cpu) / report.events })
    before = now
  }
  await Promise.all([end(server), end(load)])
  const of = (pick: (round: { report: LoadReport; cpu: number }) => number): number => median(rounds.map(pick))
  const cpuMicros = of(({ cpu }) => cpu)
  return {
    ...test,
    cpuMicros,
    perCore: 1e6 / cpuMicros,
    perSecond: of(({ report }) => report.events / report.seconds),
    p50: of(({ report }) => report.p50),
    p99: of(({ report }) => report.p99),
    bytesAnEvent: rounds[0]!.report.bodyBytes / Number(values.batch),
    rssStartMb: start.rss / 1e6,
    rssEndMb: before.rss / 1e6,
    odd: rounds.reduce((sum, { report }) => sum + report.odd, 0),
  }
}

function print(line: Line): void {
  const name = `${line.kind} ${line.sample} ${line.form}${line.gzip ? '+gzip' : ''}`.padEnd(24)
  process.stdout.write(
    `${name} ${line.perSecond.toFixed(0).padStart(7)}/s  ${line.cpuMicros.toFixed(2).padStart(6)} us CPU an event  ${line.perCore.toFixed(0).padStart(7)}/s/core  ` +
      `p50 ${line.p50.toFixed(1)} ms  p99 ${line.p99.toFixed(1)} ms  ${line.bytesAnEvent.toFixed(0)} B an event  RSS ${line.rssStartMb.toFixed(0)} -> ${line.rssEndMb.toFixed(0)} MB` +
      `${line.odd > 0 ? `  ${line.odd} ODD ANSWERS` : ''}\n`,
  )
}

const dataDir = mkdtempSync(join(tmpdir(), 'playloop-bench-'))
const kafka = await startLocalKafka({ dataDir, logger: openLogger('bench', 'error') })
try {
  const admin = createAdmin(kafka.brokers)
  await admin.ensureTopics(
    Object.values(TOPICS).map(({ name, partitions }) => ({
      name,
      partitions,
      configs: { 'retention.bytes': '200000000' },
    })),
  )
  await admin.close()
  const lines: Line[] = []
  for (const test of CASES.filter(({ kind, sample, form, gzip }) =>
    `${kind} ${sample} ${form}${gzip ? '+gzip' : ''}`.includes(values.only),
  )) {
    const line = await measure(test, kafka.brokers.join(','))
    lines.push(line)
    if (!values.json) print(line)
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ batch: Number(values.batch), lines })}\n`)
} finally {
  await kafka.stop()
  rmSync(dataDir, { recursive: true, force: true })
}
