import type { SchemaSource } from '../../platform/avro/catalogue.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import type { PartitionReader } from '../../platform/kafka/fetch.ts'
import type { TopicPartition } from '../../platform/kafka/group.ts'
import { readRecordBatches } from '../../platform/kafka/record-batch.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { BatchBuilder, type Batch } from './batch.ts'
import { landPart, type Landing } from './land.ts'
import { openPlans, type TableColumns } from './plans.ts'
import { columnsOf } from './queries.ts'

export interface Relanded {
  /** Rows inserted. */
  readonly rows: number
  /** Records that no table can hold: they are dead letters. */
  readonly dead: number
}

export interface Relanding {
  /** Inserts the records of [first, last] that the log still holds. */
  land(at: TopicPartition, reader: PartitionReader, first: number, last: number): Promise<Relanded>
}

export interface RelandingOptions {
  readonly store: Store
  readonly schemas: SchemaSource
  readonly clock: Clock
  readonly topic: TopicName
  /** A table like the topic's landing table. */
  readonly table: string
}

const FETCH = { maxWaitMs: 1_000, minBytes: 1, maxBytes: 8 * 1_048_576 }
/** No generation rules over this insert: the operator does. */
const LEASE_MS = 3_600_000
/** One insert each: a batch that is named by its end ignores the limits of batches. */
const MAX_OFFSETS = 5_000
/** Fetches without records after which the log has none: a broker that has just restarted may not know yet. */
const EMPTY_TRIES = 3

/** Lands records of the log again, read as the sink reads them, into a table of the caller's. */
export function openRelanding({ store, schemas, clock, topic, table }: RelandingOptions): Relanding {
  const columns: TableColumns = async (name) =>
    new Map((await store.rows<{ name: string; type: string }>(columnsOf(name))).map((row) => [row.name, row.type]))
  const plans = openPlans(topic, schemas, columns)
  const failed = new AbortController()
  const landing: Landing = {
    clock,
    insert: (insert) => store.insertAvro(insert),
    lease: () => Promise.resolve(clock.now() + LEASE_MS),
    // The sink tries again for as long as it takes; a command ends with the error, and is run again.
    signal: failed.signal,
    onRetry: (_name, error) => failed.abort(error),
  }
  const builder = (): BatchBuilder =>
    new BatchBuilder({ rows: 0, bytes: 0 }, (id) => plans.verdict(id), plans.compacted, [])

  const landBatch = async (at: TopicPartition, batch: Batch): Promise<Relanded> => {
    let [rows, dead] = [0, batch.refusals.length]
    for (const [schemaId, part] of batch.parts) {
      const plan = plans.plan(schemaId)
      const name = { ...at, start: batch.start, end: batch.end, fingerprint: plan.fingerprint }
      const poison = await landPart(landing, { ...plan, target: { ...plan.target, table } }, name, part)
      rows += part.count - poison.length
      dead += poison.length
    }
    return { rows, dead }
  }
  return {
    async land(at, reader, first, last) {
      let [rows, dead] = [0, 0]
      for (let start = first; start <= last; start += MAX_OFFSETS) {
        const end = Math.min(last, start + MAX_OFFSETS - 1)
        const landed = await landBatch(at, await collect(builder(), reader, (id) => plans.learn(id), start, end))
        rows += landed.rows
        dead += landed.dead
      }
      return { rows, dead }
    },
  }
}

/** The records of [start, end] that the log has. */
async function collect(
  builder: BatchBuilder,
  reader: PartitionReader,
  learn: (schemaId: number) => Promise<void>,
  start: number,
  end: number,
): Promise<Batch> {
  builder.begin(start, end)
  for (let empty = 0; !builder.isFull;) {
    const { records } = await reader.fetch(builder.next, FETCH)
    if (records.length === 0 && ++empty === EMPTY_TRIES) builder.skipTo(end + 1)
    for (let complete = false; !complete && !builder.isFull;) {
      const read = readRecordBatches(records, builder.next, builder)
      complete = read.complete
      if (complete) builder.skipTo(read.nextOffset)
      else if (builder.pendingSchema !== undefined) await learn(builder.pendingSchema)
    }
  }
  return builder.seal()
}
