/**
 * What the collector is measured against, both over the same producer: how such an endpoint is usually built, and the
 * best that JSON.parse and avsc allow. Neither guards counters, remembers ids or bounds memory: all that is on top in
 * ours.
 */
import { Ajv } from 'ajv'
import avsc from 'avsc'
import fastify, { type FastifyInstance } from 'fastify'
import type { LogMessage, LogProducer } from '../../platform/kafka/port.ts'
import { newest } from '../../schemas/catalogue.ts'
import type { AvroType } from '../../schemas/model.ts'
import { TOPICS, type TopicName } from '../../schemas/topics.ts'

type Event = Record<string, unknown>
type Lines = (body: string) => unknown[]

const ndjson: Lines = (body) => body.split('\n').map((line) => JSON.parse(line) as unknown)

/** Ajv, compiled once by schema, then avsc on the object with its defaults. */
export function ajvCollector(log: LogProducer): FastifyInstance {
  return peer(log, (topic) => {
    const { schema } = newest(topic)
    const properties = Object.fromEntries(
      schema.fields.map(({ name, type }) => [
        name,
        name === 'event_id' ? { type: 'string', pattern: '^[0-9a-fA-F-]{32,36}$' } : jsonSchema(type),
      ]),
    )
    const required = schema.fields
      .filter(({ name, fallback }) => fallback === undefined && !['event_id', 'received_time'].includes(name))
      .map(({ name }) => name)
    return new Ajv({ allowUnionTypes: true }).compile({
      type: 'object',
      properties,
      required,
      additionalProperties: false,
    })
  })
}

/** avsc's own compiled check (isValid), then its encoder. */
export function avscCollector(log: LogProducer): FastifyInstance {
  return peer(log, (topic) => {
    const known = new Set(newest(topic).schema.fields.map(({ name }) => name))
    return (event) => {
      for (const name in event as Event) if (!known.has(name)) return false
      return true
    }
  })
}

function peer(log: LogProducer, checkOf: (topic: TopicName) => (event: unknown) => boolean): FastifyInstance {
  const app = fastify({ bodyLimit: 8 << 20 })
  app.addContentTypeParser('application/x-ndjson', { parseAs: 'string' }, (_, body, done) =>
    done(null, ndjson(body as string)),
  )
  const topics = new Map<string, (event: unknown, receivedTime: number) => LogMessage | undefined>()
  for (const topic of ['playback.telemetry', 'viewer.actions'] as const)
    topics.set(topic, encoderOf(topic, checkOf(topic)))
  app.post('/v1/events/:topic', async (request, reply) => {
    const { topic } = request.params as { topic: string }
    const encode = topics.get(topic)!
    const receivedTime = Date.now()
    const messages: LogMessage[] = []
    const rejected: { index: number }[] = []
    for (const [index, event] of (request.body as unknown[]).entries()) {
      const message = encode(event, receivedTime)
      if (message === undefined) rejected.push({ index })
      else messages.push(message)
    }
    await log.send(topic, messages)
    return reply.code(202).send({ accepted: messages.length, duplicates: 0, rejected })
  })
  return app
}

function encoderOf(
  topic: TopicName,
  check: (event: unknown) => boolean,
): (event: unknown, receivedTime: number) => LogMessage | undefined {
  const { json, id } = newest(topic)
  const type = avsc.Type.forSchema(json as avsc.Schema)
  const { key } = TOPICS[topic]
  const header = Buffer.alloc(5)
  header.writeInt32BE(id, 1)
  return (event, receivedTime) => {
    if (!check(event)) return undefined
    const given = event as Event
    const record = {
      ...given,
      event_id: Buffer.from((given['event_id'] as string).replaceAll('-', ''), 'hex'),
      received_time: receivedTime,
      skew_ms: null,
    }
    if (!type.isValid(record)) return undefined
    return { key: Buffer.from(given[key] as string), value: Buffer.concat([header, type.toBuffer(record)]) }
  }
}

function jsonSchema(type: AvroType): object {
  switch (type.kind) {
    case 'union':
      return { anyOf: type.branches.map(jsonSchema) }
    case 'int':
      return { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }
    case 'long':
      return { type: 'integer' }
    case 'double':
    case 'float':
      return { type: 'number' }
    case 'boolean':
      return { type: 'boolean' }
    case 'null':
      return { type: 'null' }
    case 'array':
      return { type: 'array', items: jsonSchema(type.items) }
    case 'map':
      return { type: 'object', additionalProperties: jsonSchema(type.values) }
    case 'record':
      return { type: 'object' }
    case 'string':
    case 'bytes':
    case 'fixed':
    case 'enum':
      return { type: 'string' }
  }
}
