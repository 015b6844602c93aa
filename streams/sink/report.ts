import type { Metrics } from '../../platform/metrics.ts'
import type { TopicPartition } from '../../platform/kafka/group.ts'
import { service } from '../../platform/services.ts'
import type { TopicName } from '../../schemas/topics.ts'
import type { Batch } from './batch.ts'

export interface PartitionStats {
  readonly topic: TopicName
  readonly partition: number
  /** Everything below this offset is a row or a dead letter. */
  readonly committed: number
  /** Next offset that producers will write. */
  readonly end: number
  /** Records between the two. */
  readonly lag: number
  /** Error code of what the partition waits for; '' if it is not paused. */
  readonly paused: string
}

export interface SinkStats {
  readonly rows: number
  readonly deadLetters: number
  readonly inserts: number
  readonly retries: number
  /** Largest lag of a partition, records. */
  readonly lag: number
  readonly lagTotal: number
  /** Duration of the last 256 inserts in ms: p50 and p99. */
  readonly insertMs: { readonly p50: number; readonly p99: number }
  readonly partitions: readonly PartitionStats[]
}

/** The sink's report; absent if the sink runs in another process. */
export const SINK_REPORT = service<Pick<SinkReport, 'stats' | 'onLanded'>>('sink.report')

/** The sink's progress, for metrics, the API and the summary. */
export interface SinkReport {
  assigned(partitions: readonly TopicPartition[]): void
  /** Where a partition resumes: earlier owners have landed everything below. */
  begun(at: TopicPartition, offset: number): void
  fetched(at: TopicPartition, next: number, end: number): void
  inserted(at: TopicPartition, ms: number): void
  retried(at: TopicPartition, code: string): void
  deadLettered(at: TopicPartition, code: string): void
  committed(at: TopicPartition, offset: number, batch: Batch): void
  paused(at: TopicPartition, code: string, reason: string): void
  stats(): SinkStats
  onLanded(listener: (topic: TopicName) => void): () => void
}

interface Seen {
  topic: TopicName
  partition: number
  committed: number
  end: number
  paused: string
}

const INSERT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const RECENT = 256

export function createReport(metrics: Metrics): SinkReport {
  const rows = metrics.counter('playloop_sink_rows_total', 'Rows landed', ['topic'])
  const bytes = metrics.counter('playloop_sink_bytes_total', 'Bytes landed, framed Avro', ['topic'])
  const batches = metrics.counter('playloop_sink_batches_total', 'Batches committed', ['topic'])
  const inserts = metrics.counter('playloop_sink_inserts_total', 'Inserts acknowledged by the store', ['topic'])
  const retries = metrics.counter('playloop_sink_retries_total', 'Inserts tried again', ['topic', 'code'])
  const letters = metrics.counter('playloop_sink_dead_letters_total', 'Records sent to dead.letters', ['topic', 'code'])
  const lag = metrics.gauge('playloop_sink_lag_records', 'Records in the log that are not committed', [
    'topic',
    'partition',
  ])
  const pausedGauge = metrics.gauge('playloop_sink_paused', '1 while a partition waits', ['topic', 'partition'])
  const latency = metrics.histogram('playloop_sink_insert_seconds', 'Time of an insert', INSERT_BUCKETS, ['topic'])
  const seen = new Map<string, Seen>()
  const listeners = new Set<(topic: TopicName) => void>()
  const recent: number[] = []
  const total = { rows: 0, deadLetters: 0, inserts: 0, retries: 0 }

  const at = ({ topic, partition }: TopicPartition): Seen => {
    const key = `${topic}/${partition}`
    const known = seen.get(key) ?? { topic: topic as TopicName, partition, committed: 0, end: 0, paused: '' }
    seen.set(key, known)
    return known
  }
  const measureLag = (known: Seen): void =>
    lag.set({ topic: known.topic, partition: known.partition }, Math.max(0, known.end - known.committed))

  return {
    assigned(partitions) {
      seen.clear()
      for (const each of partitions) at(each)
    },
    begun(place, offset) {
      const known = at(place)
      known.committed = Math.max(known.committed, offset)
      measureLag(known)
    },
    fetched(place, _next, end) {
      const known = at(place)
      known.end = Math.max(known.end, end)
      measureLag(known)
    },
    inserted({ topic }, ms) {
      total.inserts++
      inserts.inc({ topic })
      latency.observe({ topic }, ms / 1_000)
      recent[total.inserts % RECENT] = ms
      for (const listener of listeners) listener(topic as TopicName)
    },
    retried({ topic }, code) {
      total.retries++
      retries.inc({ topic, code })
    },
    deadLettered({ topic }, code) {
      total.deadLetters++
      letters.inc({ topic, code })
    },
    committed(place, offset, batch) {
      const known = at(place)
      Object.assign(known, { committed: offset, end: Math.max(known.end, offset), paused: '' })
      measureLag(known)
      pausedGauge.set({ topic: known.topic, partition: known.partition }, 0)
      total.rows += batch.rows
      rows.inc({ topic: known.topic }, batch.rows)
      bytes.inc({ topic: known.topic }, batch.bytes)
      batches.inc({ topic: known.topic })
    },
    paused(place, code) {
      const known = at(place)
      known.paused = code
      pausedGauge.set({ topic: known.topic, partition: known.partition }, 1)
    },
    stats() {
      const partitions = [...seen.values()].map((each) => ({ ...each, lag: Math.max(0, each.end - each.committed) }))
      const sorted = recent.filter((ms) => ms !== undefined).toSorted((a, b) => a - b)
      const quantile = (p: number): number => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0
      return {
        ...total,
        lag: Math.max(0, ...partitions.map((each) => each.lag)),
        lagTotal: partitions.reduce((sum, each) => sum + each.lag, 0),
        insertMs: { p50: quantile(0.5), p99: quantile(0.99) },
        partitions,
      }
    },
    onLanded(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
