import avsc from 'avsc'
import type { LandingPlan } from '../../streams/sink/land.ts'
import type { Plans } from '../../streams/sink/plans.ts'
import { ocfHeader, SYNC_MARKER, wrapperSchema } from '../../platform/avro/ocf.ts'
import { writeWireHeader } from '../../platform/avro/wire.ts'
import { structureOf } from '../../schemas/landing.ts'
import { readSchema } from '../../schemas/model.ts'
import { seeded } from '../../platform/random.ts'

/** The fixed 12-column record that sinks are compared on. */
export const SCHEMA_ID = 1
export const SCHEMA = {
  type: 'record',
  name: 'Row12',
  namespace: 'bench',
  fields: [
    { name: 'ts', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'session_id', type: 'string' },
    { name: 'title_id', type: 'string' },
    { name: 'country', type: 'string' },
    { name: 'device', type: 'string' },
    { name: 'oca', type: 'string' },
    { name: 'seq', type: 'int' },
    { name: 'bitrate_kbps', type: 'int' },
    { name: 'playing_ms', type: 'long' },
    { name: 'stall_ms', type: 'long' },
    { name: 'startup_ms', type: ['null', 'long'] },
    { name: 'ended', type: 'boolean' },
  ],
}

const COLUMNS = `ts DateTime64(3), session_id String, title_id String, country LowCardinality(String), device LowCardinality(String),
  oca LowCardinality(String), seq Int32, bitrate_kbps Int32, playing_ms Int64, stall_ms Int64, startup_ms Nullable(Int64), ended Bool`
export const NAMES = SCHEMA.fields.map(({ name }) => name)

/** The same table for both: same order, same window; the sink's also keeps the place in the log. */
export const tableDdl = (name: string, withPlace: boolean): string =>
  `CREATE TABLE ${name} (${COLUMNS}${withPlace ? ', _partition Int32, _offset Int64' : ''}) ENGINE = MergeTree ORDER BY (session_id, ts)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 268435456`

/** The peer's source: ClickHouse's own Kafka engine. */
export const kafkaDdl = (brokers: string, topic: string, registry: string, group: string): string =>
  `CREATE TABLE source (${COLUMNS.replaceAll('LowCardinality(String)', 'String')}) ENGINE = Kafka
SETTINGS kafka_broker_list = '${brokers}', kafka_topic_list = '${topic}', kafka_group_name = '${group}', kafka_format = 'AvroConfluent',
  kafka_num_consumers = 1, kafka_max_block_size = 65536, kafka_poll_max_batch_size = 65536, kafka_flush_interval_ms = 500, format_avro_schema_registry_url = '${registry}'`

/** Messages of the bench, in wire format, the same for every run. */
export function* messages(count: number): Generator<{ key: Buffer; value: Buffer }> {
  const type = avsc.Type.forSchema(SCHEMA as avsc.Schema)
  const random = seeded(12)
  for (let i = 0; i < count; i++) {
    const session = `session-${String(random.below(20_000)).padStart(20, '0')}`
    const datum = type.toBuffer({
      ts: 1_790_000_000_000 + i,
      session_id: session,
      title_id: `title-${random.below(3_000)}`,
      country: COUNTRIES[random.below(8)],
      device: DEVICES[random.below(4)],
      oca: `oca-${random.below(40)}`,
      seq: i % 500,
      bitrate_kbps: 235 * (1 + random.below(20)),
      playing_ms: random.below(600_000),
      stall_ms: random.below(9_000),
      startup_ms: random.below(10) === 0 ? null : random.below(4_000),
      ended: random.below(50) === 0,
    })
    const value = Buffer.allocUnsafe(5 + datum.length)
    writeWireHeader(value, 0, SCHEMA_ID)
    datum.copy(value, 5)
    yield { key: Buffer.from(session), value }
  }
}

const COUNTRIES = ['DE', 'FR', 'US', 'BR', 'JP', 'IN', 'GB', 'PL']
const DEVICES = ['tv', 'phone', 'tablet', 'desktop']

/** How the sink lands the bench's one schema. */
export function benchPlans(table: string): Plans {
  const plan: LandingPlan = {
    fingerprint: 'bench',
    target: { table, columns: NAMES },
    structure: structureOf(readSchema(SCHEMA)),
    header: ocfHeader(wrapperSchema(SCHEMA)),
    sync: SYNC_MARKER,
  }
  return {
    columns: NAMES.length + 2,
    compacted: false,
    maxAgeMs: 400,
    busyAgeMs: 400,
    verdict: () => 'usable',
    learn: async () => undefined,
    plan: () => plan,
  }
}
