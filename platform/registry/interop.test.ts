import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { Kafka, logLevel } from 'kafkajs'
import { request } from 'undici'
import { newest } from '../../schemas/catalogue.ts'
import type { TopicDraft, TopicRecords } from '../../schemas/generated/records.ts'
import { selectColumns } from '../../schemas/landing.ts'
import type { SchemaSource } from '../avro/catalogue.ts'
import { openCodec } from '../avro/codec.ts'
import { openRegistry, subjectOf } from '../avro/registry.ts'
import { plain } from '../avro/samples.ts'
import { schemaIdOf } from '../avro/wire.ts'
import type { PlayloopError } from '../errors.ts'
import { createAdmin } from '../kafka/admin.ts'
import { openCluster } from '../kafka/cluster.ts'
import { openPartitionReader } from '../kafka/fetch.ts'
import { startLocalKafka, type LocalKafka } from '../kafka/local/index.ts'
import { createProducer } from '../kafka/producer.ts'
import { readRecordBatches } from '../kafka/record-batch.ts'
import { silentLogger } from '../logger.ts'
import { startLocalRegistry, type LocalRegistry } from './local.ts'
import { startRecorder, type Recorder } from './recorder.ts'

const TOPIC = 'viewer.actions'
const action = {
  event_id: Buffer.from('0123456789abcdef'),
  clock: 'live',
  event_time: 1_795_000_000_000,
  received_time: 1_795_000_000_100,
  profile_id: 'größe-日本',
  action: 'impression',
  propensity: 0.25,
  results: ['a', 'b'],
  attributes: { genre: 'drama' },
  watched_ms: null,
} satisfies TopicDraft<typeof TOPIC>

const folder = mkdtempSync(join(tmpdir(), 'playloop-registry-'))
let registry: LocalRegistry
let recorder: Recorder
let kafka: LocalKafka
let source: SchemaSource
let foreign: SchemaRegistry

before(async () => {
  ;[registry, kafka] = await Promise.all([
    startLocalRegistry({ dataDir: join(folder, 'registry'), logger: silentLogger }),
    startLocalKafka({ dataDir: join(folder, 'kafka'), logger: silentLogger }),
  ])
  recorder = await startRecorder(registry.url)
  foreign = new SchemaRegistry({ host: registry.url })
})
after(async () => {
  await source.close()
  await recorder.stop()
  await Promise.all([registry.stop(), kafka.stop()])
  rmSync(folder, { recursive: true, force: true })
})

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: PlayloopError) => error.code,
  )
const open = (url = recorder.url): Promise<SchemaSource> =>
  openRegistry({ url, logger: silentLogger, timeoutMs: 3_000 })
const avroText = (json: object): { type: SchemaType.AVRO; schema: string } => ({
  type: SchemaType.AVRO,
  schema: JSON.stringify(json),
})

/** The published schema with other fields. */
function changed(change: (fields: object[]) => object[]): object {
  const json = newest(TOPIC).json as { fields: object[] }
  return { ...json, fields: change(json.fields) }
}

describe('at start', () => {
  it('a registry that is not there is named as such', async () => {
    assert.equal(await codeOf(open('http://127.0.0.1:9/apis/ccompat/v7')), 'REGISTRY_UNREACHABLE')
  })

  it('an address that is no registry is named as such', async () => {
    assert.equal(await codeOf(open(registry.url.replace('/ccompat/v7', '/nothing'))), 'REGISTRY_ANSWER')
  })

  it('a subject that somebody filled with another schema is refused', async () => {
    const subject = subjectOf(TOPIC)
    await foreign.register(
      avroText({
        type: 'record',
        name: 'ViewerAction',
        namespace: 'playloop',
        fields: [{ name: 'other', type: 'int' }],
      }),
      { subject, compatibility: COMPATIBILITY.FULL_TRANSITIVE },
    )
    assert.equal(await codeOf(open()), 'REGISTRY_REFUSED')
    for (const query of ['', '?permanent=true'])
      await (await request(`${registry.url}/subjects/${subject}${query}`, { method: 'DELETE' })).body.dump()
  })

  it('all schemas are registered, each subject FULL_TRANSITIVE', async () => {
    source = await open()
    const { body } = await request(`${registry.url}/config/${subjectOf(TOPIC)}`)
    assert.deepEqual(await body.json(), { compatibilityLevel: 'FULL_TRANSITIVE' })
    assert.equal(await foreign.getLatestSchemaId(subjectOf(TOPIC)), source.idOf(TOPIC))
  })

  it('a second start finds the same ids', async () => {
    const again = await open()
    assert.equal(again.idOf(TOPIC), source.idOf(TOPIC))
    await again.close()
  })
})

describe('through the broker, with kafkajs as foreign client', () => {
  it('what we encode, they decode', async () => {
    await ensureTopic('to-them')
    const producer = createProducer(kafka.brokers, { compression: 'none' })
    await producer.send('to-them', [{ key: Buffer.from('k'), value: openCodec(TOPIC, source).encode(action) }])
    await producer.close()
    const theirs = (await foreign.decode(await receiveByKafkajs('to-them'))) as TopicRecords[typeof TOPIC]
    for (const [name, value] of Object.entries(action))
      assert.deepEqual(plain(theirs[name as keyof typeof action]), plain(value), name)
    assert.equal(theirs.rule_version, '')
  })

  it('what they encode, we decode', async () => {
    await ensureTopic('to-us')
    const id = await foreign.getLatestSchemaId(subjectOf(TOPIC))
    await sendByKafkajs('to-us', await foreign.encode(id, action))
    const value = await receiveByUs('to-us')
    assert.equal(schemaIdOf(value), id)
    const decoded = await openCodec(TOPIC, source).decode(value)
    assert.ok(decoded.ok)
    for (const [name, own] of Object.entries(action))
      assert.deepEqual(plain(decoded.record[name as keyof typeof action]), plain(own), name)
  })

  it('what they encode by a newer version of theirs, we decode; the sink is told of the column it lacks', async () => {
    const json = changed((fields) => [...fields, { name: 'novelty', type: 'string', default: '' }])
    const { id } = await foreign.register(avroText(json), {
      subject: subjectOf(TOPIC),
      compatibility: COMPATIBILITY.FULL_TRANSITIVE,
    })
    const value = await foreign.encode(id, { ...action, novelty: 'new' })
    const decoded = await openCodec(TOPIC, source).decode(value)
    assert.ok(decoded.ok)
    assert.equal(decoded.record.profile_id, action.profile_id)
    const match = selectColumns((await source.byId(id))!.schema, TOPIC)
    assert.equal(match.ok ? 'none' : match.code, 'COLUMN_UNKNOWN')
  })

  it('a schema registered elsewhere but laid out like ours is recognised', async () => {
    const json = changed((fields) => fields.map((field) => ({ ...field, doc: 'said otherwise' })))
    const { id } = await foreign.register(avroText(json), {
      subject: 'their-own-value',
      compatibility: COMPATIBILITY.BACKWARD,
    })
    assert.notEqual(id, source.idOf(TOPIC))
    assert.deepEqual((await source.byId(id))?.published, { topic: TOPIC, version: newest(TOPIC).version })
  })
})

describe('what the registry refuses', () => {
  const refused = (json: object): Promise<void> =>
    assert.rejects(
      foreign.register(avroText(json), { subject: subjectOf(TOPIC), compatibility: COMPATIBILITY.FULL_TRANSITIVE }),
      /409|[Ii]ncompatible|conflict/,
    )

  it('a field without a default', () => refused(changed((fields) => [...fields, { name: 'needed', type: 'string' }])))
  it('a field taken away that had no default', () =>
    refused(changed((fields) => fields.filter((field) => (field as { name: string }).name !== 'profile_id'))))
  it('another type', () =>
    refused(
      changed((fields) =>
        fields.map((field) => ((field as { name: string }).name === 'profile_id' ? { ...field, type: 'int' } : field)),
      ),
    ))
})

describe('looking ids up', () => {
  it('asks once for an unknown id, however many want it, and never again', async () => {
    assert.deepEqual(await Promise.all(Array.from({ length: 20 }, () => source.byId(4_711))), Array(20).fill(undefined))
    assert.equal(await source.byId(4_711), undefined)
    assert.equal(recorder.asked('/schemas/ids/4711'), 1)
  })

  it('asks once for a known one', async () => {
    const fresh = await open()
    const id = fresh.idOf('oca.reports')
    const before = recorder.asked(`/schemas/ids/${id}`)
    const found = await Promise.all(Array.from({ length: 20 }, () => fresh.byId(id)))
    assert.ok(found.every((writer) => writer?.published?.topic === 'oca.reports'))
    assert.equal(recorder.asked(`/schemas/ids/${id}`), before + 1)
    await fresh.close()
  })

  it("answers the catalogue's own ids without asking", async () => {
    const { id } = newest(TOPIC)
    assert.equal((await source.byId(id))?.published?.topic, TOPIC)
    assert.equal(await source.byId(id + 500), undefined)
    assert.equal(recorder.asked(`/schemas/ids/${id}`), 0)
  })

  it('takes a schema that is no Avro record for none', async () => {
    const { id } = await foreign.register(
      { type: SchemaType.JSON, schema: '{"$schema":"http://json-schema.org/draft-07/schema#","type":"object"}' },
      { subject: 'json-value' },
    )
    assert.equal(await source.byId(id), undefined)
  })

  it('in an outage: known ids go on, an unknown one is an error and no verdict', async () => {
    const codec = openCodec(TOPIC, source)
    const value = codec.encode(action)
    assert.ok((await codec.decode(value)).ok)
    const { id } = await foreign.register(
      avroText(changed((fields) => [...fields, { name: 'late', type: 'int', default: 0 }])),
      { subject: 'late-value' },
    )
    recorder.cut(true)
    assert.ok((await codec.decode(value)).ok)
    assert.deepEqual(codec.encode(action), value)
    assert.equal(await codeOf(source.byId(id)), 'REGISTRY_UNREACHABLE')
    recorder.cut(false)
    assert.equal((await source.byId(id))?.schema.fields.at(-1)?.name, 'late')
  })

  it('when the registry has died', async () => {
    await registry.stop()
    assert.equal(await codeOf(source.byId(4_712)), 'REGISTRY_UNREACHABLE')
    assert.equal(await codeOf(open()), 'REGISTRY_UNREACHABLE')
  })
})

async function ensureTopic(name: string): Promise<void> {
  const admin = createAdmin(kafka.brokers)
  await admin.ensureTopics([{ name, partitions: 1, configs: {} }])
  await admin.close()
}

const kafkajs = (): Kafka => new Kafka({ clientId: 'foreign', brokers: kafka.brokers, logLevel: logLevel.NOTHING })

async function sendByKafkajs(topic: string, value: Buffer): Promise<void> {
  const producer = kafkajs().producer()
  await producer.connect()
  await producer.send({ topic, messages: [{ key: 'k', value }] })
  await producer.disconnect()
}

async function receiveByKafkajs(topic: string): Promise<Buffer> {
  const consumer = kafkajs().consumer({ groupId: `read-${topic}` })
  try {
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    return await new Promise<Buffer>((resolve, reject) => {
      consumer.run({ eachMessage: async ({ message }) => resolve(message.value ?? Buffer.alloc(0)) }).catch(reject)
    })
  } finally {
    await consumer.disconnect()
  }
}

async function receiveByUs(topic: string): Promise<Buffer> {
  const cluster = openCluster(kafka.brokers, 'test')
  const reader = openPartitionReader(cluster, topic, 0)
  try {
    const { records } = await reader.fetch(0, { maxWaitMs: 5_000, minBytes: 1, maxBytes: 1_000_000 })
    const values: Buffer[] = []
    readRecordBatches(records, 0, {
      record: (_offset, bytes, start, end) => (values.push(bytes.subarray(start, end)), true),
    })
    return values[0]!
  } finally {
    await reader.close()
    await cluster.close()
  }
}
