import { after } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import avsc from 'avsc'
import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { manualClock, type Clock } from '../../platform/clock.ts'
import type { DiskReserve } from '../../platform/disk/reserve.ts'
import { nowhere, type Geo } from '../../platform/geo/port.ts'
import type { Auth } from '../../platform/http/index.ts'
import { memoryLog, type MemoryLog, type MemoryProducerOptions } from '../../platform/kafka/memory.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { newest } from '../../schemas/catalogue.ts'
import { TOPICS } from '../../schemas/topics.ts'
import { buildCollector, type CollectorDeps } from './app.ts'
import { BEAT, type Values } from './samples.ts'

/** For tests: a collector over an in-memory log, and bodies to send to it. It is closed after the test file. */
export const NOW = 1_790_000_100_000
export const URL = '/v1/events/playback.telemetry'
const config: CollectorDeps['config'] = {
  maxBodyBytes: 100_000,
  maxInflatedBytes: 400_000,
  maxEvents: 500,
  maxInflightBytes: 1_000_000,
  corsOrigins: ['*'],
  ingestKeys: [],
  duplicateCacheSize: 1_000,
  trustedProxies: [],
  port: 0,
  countryFile: '',
  asnFile: '',
  closedSessions: [],
}
const open: (() => Promise<unknown>)[] = []
after(() => Promise.all(open.map((close) => close())))

export interface Harness {
  readonly app: FastifyInstance
  readonly log: MemoryLog
  readonly clock: Clock & { advance(ms: number): void }
  readonly post: (
    payload: string | Buffer,
    headers?: Record<string, string>,
    url?: string,
  ) => Promise<LightMyRequestResponse>
  /** Records of a topic, decoded by avsc. */
  readonly stored: (topic?: string) => Values[]
  readonly drain: () => void
}

export async function collector(
  change: Partial<CollectorDeps['config']> = {},
  producer: MemoryProducerOptions = {},
  geo: Geo = nowhere,
  auth?: Auth,
  reserve?: DiskReserve,
  clock: Clock & { advance(ms: number): void } = manualClock(NOW),
): Promise<Harness> {
  const log = memoryLog()
  await log
    .admin()
    .ensureTopics(Object.values(TOPICS).map(({ name, partitions }) => ({ name, partitions, configs: {} })))
  const { app, drain } = await buildCollector({
    log: log.producer(producer),
    schemas: openCatalogue(),
    clock,
    metrics: openMetrics(),
    logger: silentLogger,
    geo,
    config: { ...config, ...change },
    ...(auth && { auth }),
    ...(reserve && { reserve }),
  })
  open.push(() => app.close())
  const post: Harness['post'] = async (payload, headers = {}, url = URL) =>
    app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/x-ndjson', ...headers } })
  const stored = (topic = 'playback.telemetry'): Values[] =>
    log.records(topic).map(({ value }) => type(topic).fromBuffer(value.subarray(5)) as Values)
  return { app, log, clock, post, stored, drain }
}

const type = (topic: string): avsc.Type => avsc.Type.forSchema(newest(topic as 'viewer.actions').json as avsc.Schema)
let last = 0
export const beat = (change: Values = {}): Values => ({
  ...BEAT,
  event_id: `0197a3c0-7b1e-7cc3-98c4-${(++last).toString(16).padStart(12, '0')}`,
  ...change,
})
export const ndjson = (...events: Values[]): string => events.map((event) => JSON.stringify(event)).join('\n')
const avroOf = (event: Values): Values => ({
  ...event,
  event_id: Buffer.from((event['event_id'] as string).replaceAll('-', ''), 'hex'),
  received_time: 0,
})
export const datum = (event: Values): Buffer => type('playback.telemetry').toBuffer(avroOf(event))

export function frame(value: Buffer, id = newest('playback.telemetry').id): Buffer {
  const head = Buffer.alloc(9)
  head.writeUInt32BE(5 + value.length, 0)
  head.writeInt32BE(id, 5)
  return Buffer.concat([head, value])
}

export function container(data: Buffer[], { codec = 'null', schema = newest('playback.telemetry').json } = {}): Buffer {
  const long = (value: number): Buffer => avsc.Type.forSchema('long').toBuffer(value)
  const bytes = (value: Buffer): Buffer => Buffer.concat([long(value.length), value])
  const sync = Buffer.alloc(16, 9)
  const block = codec === 'deflate' ? deflateRawSync(Buffer.concat(data)) : Buffer.concat(data)
  return Buffer.concat([
    Buffer.from('Obj\x01'),
    long(2),
    bytes(Buffer.from('avro.codec')),
    bytes(Buffer.from(codec)),
    bytes(Buffer.from('avro.schema')),
    bytes(Buffer.from(JSON.stringify(schema))),
    long(0),
    sync,
    long(data.length),
    bytes(block),
    sync,
  ])
}
