/**
 * `node platform/avro/codec.bench.ts`: records per second and CPU per record, compared with
 * @kafkajs/confluent-schema-registry on the same telemetry record, interleaved, medians of 5.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { newest } from '../../schemas/catalogue.ts'
import type { TopicDraft } from '../../schemas/generated/records.ts'
import { catalogued, openCatalogue } from './catalogue.ts'
import { openCodec } from './codec.ts'

const TOPIC = 'playback.telemetry'
const ROUNDS = 5
const AT = Date.UTC(2026, 10, 20)

const heartbeat = {
  event_id: Buffer.alloc(16, 7),
  clock: 'world',
  event_time: AT,
  received_time: AT + 180,
  skew_ms: 12,
  session_id: '0192f3a4-5b6c-7d8e-9f01-23456789abcd',
  instance: AT - 60_000,
  segment: 1,
  seq: 17,
  session_start: AT - 60_000,
  segment_start: AT - 30_000,
  event: 't',
  state: 'p',
  title_id: 'title-1234',
  profile_id: 'profile-9988',
  household_id: 'house-1234',
  country: 'DE',
  region: 'DE-BY',
  asn: 3320,
  device: 'tv',
  app_version: '5.1.2',
  player: 'hls.js/1.7.4',
  oca: 'oca-fra-003',
  pathway: 'A',
  stream_type: 'v',
  stream_format: 'h',
  startup_ms: 812,
  starting_ms: 812,
  playing_ms: 29_000,
  stall_connection_ms: 400,
  stall_connection_count: 1,
  media_ms: 29_000,
  bits_played: 145_000_000,
  switches_up: 3,
  switches_down: 1,
  frames_dropped: 2,
  frames_rendered: 725,
  bytes_loaded: 18_000_000,
  requests: 44,
  bitrate_kbps: 5_000,
  rendition: '1080p-5000',
  video_height: 1_080,
  player_height: 1_080,
  buffer_ms: 12_000,
  throughput_kbps: 18_000,
  playhead_ms: 59_000,
  watched_from_ms: 0,
  title_duration_ms: 5_400_000,
} satisfies TopicDraft<typeof TOPIC>

interface Cost {
  readonly perSecond: number
  readonly cpuMicros: number
}

async function cost(count: number, work: (count: number) => Promise<void> | void): Promise<Cost> {
  const [cpu, start] = [process.cpuUsage(), performance.now()]
  await work(count)
  const [{ user, system }, ms] = [process.cpuUsage(cpu), performance.now() - start]
  return { perSecond: (count / ms) * 1_000, cpuMicros: (user + system) / count }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

/** The peer queries a registry once; a stub with this one schema is enough. */
async function openPeer(): Promise<{ registry: SchemaRegistry; close: () => void }> {
  const server = createServer((_request, answer) =>
    answer
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ schema: JSON.stringify(newest(TOPIC).json) })),
  )
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    registry: new SchemaRegistry({ host: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
    close: () => void server.close(),
  }
}

const codec = openCodec(TOPIC, openCatalogue())
const writer = catalogued(newest(TOPIC).id)!
const value = codec.encode(heartbeat)
const peer = await openPeer()
const theirs = await peer.registry.encode(1, heartbeat)
const reader = newest(TOPIC).json as never

const contests: Record<string, readonly [number, (count: number) => Promise<void> | void]> = {
  'encode, playloop': [
    100_000,
    (count) => {
      for (let i = 0; i < count; i++) codec.encode(heartbeat)
    },
  ],
  'encode, kafkajs registry': [
    100_000,
    async (count) => {
      for (let i = 0; i < count; i++) await peer.registry.encode(1, heartbeat)
    },
  ],
  'decode to the newest, playloop': [
    50_000,
    (count) => {
      for (let i = 0; i < count; i++) codec.decodeBy(writer, value)
    },
  ],
  'decode by writer, kafkajs registry': [
    50_000,
    async (count) => {
      for (let i = 0; i < count; i++) await peer.registry.decode(theirs)
    },
  ],
  'decode to the newest, kafkajs registry': [
    500,
    async (count) => {
      for (let i = 0; i < count; i++) await peer.registry.decode(theirs, { AVRO: { readerSchema: reader } })
    },
  ],
}
const results = new Map<string, Cost[]>(Object.keys(contests).map((name) => [name, []]))
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, [count, work]] of Object.entries(contests)) {
    const measured = await cost(count, work)
    if (round > 0) results.get(name)?.push(measured)
  }
}
peer.close()
process.stdout.write(
  `one ${TOPIC} heartbeat: ${value.length} bytes of Avro, ${JSON.stringify(heartbeat).length} of JSON\n`,
)
for (const [name, costs] of results) {
  const [perSecond, cpuMicros] = [median(costs.map((one) => one.perSecond)), median(costs.map((one) => one.cpuMicros))]
  process.stdout.write(
    `${name.padEnd(40)} ${Math.round(perSecond).toLocaleString('en').padStart(9)}/s ${cpuMicros.toFixed(2).padStart(8)} us CPU\n`,
  )
}
