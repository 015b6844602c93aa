import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { openCodec } from '../../platform/avro/codec.ts'
import { seeded } from '../../platform/random.ts'
import { newest } from '../../schemas/catalogue.ts'
import { structureOf } from '../../schemas/landing.ts'

const WRITER = newest('playback.telemetry')
const NAMES = WRITER.schema.fields.map(({ name }) => name)

/** The peer on the real telemetry table: every field of the record, into the same landing table. */
export const telemetryKafkaDdl = (brokers: string, topic: string, registry: string, group: string): string => {
  const columns = structureOf(WRITER.schema)
    .split(', ')
    .filter((column) => !/^_(off|end) /.test(column))
    .join(', ')
  return `CREATE TABLE source (${columns}) ENGINE = Kafka
SETTINGS kafka_broker_list = '${brokers}', kafka_topic_list = '${topic}', kafka_group_name = '${group}', kafka_format = 'AvroConfluent',
  kafka_num_consumers = 1, kafka_max_block_size = 65536, kafka_poll_max_batch_size = 65536, kafka_flush_interval_ms = 500, format_avro_schema_registry_url = '${registry}'`
}

export const telemetryViewDdl = (): string => {
  const names = NAMES.map((name) => `\`${name}\``).join(', ')
  return `CREATE MATERIALIZED VIEW pump TO playback_telemetry AS SELECT ${names}, toInt32(_partition) AS _partition, toInt64(_offset) AS _offset FROM source`
}

/** Telemetry as players send it: most of the record filled, dimensions from a small set. */
export function* telemetryMessages(count: number): Generator<{ key: Buffer; value: Buffer }> {
  const codec = openCodec('playback.telemetry', openCatalogue())
  const random = seeded(75)
  const start = Date.now() - 3_600_000 // rows older than the table's TTL would vanish
  for (let i = 0; i < count; i++) {
    const session = `0190f3a2-7b1c-7${String(i % 20_000).padStart(3, '0')}-8000-${String(i % 20_000).padStart(12, '0')}`
    const elapsed = Math.floor(i / 20_000) * 10_000 + 10_000
    const value = codec.encode({
      event_id: random.bytes(16),
      clock: 'world',
      event_time: start + elapsed,
      received_time: start + elapsed + 40,
      session_id: session,
      instance: start,
      segment: 0,
      seq: Math.floor(i / 20_000),
      session_start: start,
      segment_start: start,
      event: 't',
      state: 'p',
      title_id: `title-${i % 3_201}`,
      profile_id: `profile-${i % 20_000}`,
      household_id: `household-${i % 9_000}`,
      country: 'DE',
      region: 'DE-BE',
      asn: 3_320,
      device: 'tv',
      app_version: '4.2.0',
      player: 'playloop/1',
      oca: `oca-${i % 40}`,
      pathway: 'a',
      stream_type: 'v',
      stream_format: 'h',
      startup_ms: 900,
      starting_ms: 900,
      playing_ms: elapsed,
      media_ms: elapsed,
      bits_played: elapsed * 4_300,
      bytes_loaded: elapsed * 540,
      requests: 20,
      frames_rendered: elapsed / 40,
      bitrate_kbps: 4_300,
      rendition: '1080p',
      video_height: 1_080,
      player_height: 1_080,
      playback_rate_permille: 1_000,
      buffer_ms: 24_000,
      throughput_kbps: 18_000,
      playhead_ms: elapsed,
      watched_from_ms: 0,
      title_duration_ms: 6_000_000,
    })
    yield { key: Buffer.from(session), value }
  }
}

export const TELEMETRY_SCHEMA = { id: WRITER.id, json: WRITER.json }
