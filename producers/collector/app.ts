import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { first, openAdmission, type IngestRequest } from './admission.ts'
import { cmcdEndpoint } from './cmcd/endpoint.ts'
import { openPipeline, OPEN_TOPICS, type Pipeline } from './pipeline.ts'
import type { SchemaSource } from '../../platform/avro/catalogue.ts'
import type { Clock } from '../../platform/clock.ts'
import type { CollectorConfig } from './settings.ts'
import type { Geo } from '../../platform/geo/port.ts'
import type { LogProducer } from '../../platform/kafka/port.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { BodyReader } from './body.ts'
import { corsOf, PREFLIGHT } from './cors.ts'
import { deliverTo } from './delivery.ts'
import { DuplicateCache } from './duplicates.ts'
import type { Endpoint } from './endpoint.ts'
import { fail } from './errors.ts'
import { Budget, RateLimiter } from './limits.ts'
import { openMeters } from './meters.ts'
import { readingOf } from './parse/body.ts'
import { answerProblems } from './problems.ts'
import { receiver, type Taken } from './receive.ts'
import { OutcomeSchema, ProblemSchema, TopicParams } from './schema.ts'

export interface CollectorDeps {
  readonly log: LogProducer
  readonly schemas: SchemaSource
  readonly clock: Clock
  readonly metrics: Metrics
  /** The process's own log, for faults of ours. */
  readonly logger: Logger
  /** Where clients are, for records that do not say. */
  readonly geo: Geo
  readonly config: CollectorConfig & { readonly eventsPerSecond?: number }
}

export interface Collector {
  readonly app: FastifyInstance
  /** From now on not ready, and every answer closes its connection; requests are still taken. */
  readonly drain: () => void
  /** Refuses the bodies that are still arriving; requests that wait for the log go on. */
  readonly cutOff: () => void
}

/** A request must be whole within this time, ms: a body that trickles holds its bytes no longer. */
const REQUEST_TIMEOUT_MS = 30_000
/** Above the 60 s of usual proxies, so that it is they who close an idle connection, ms. */
const KEEP_ALIVE_MS = 72_000

/** Builds the collector; nothing listens yet. */
export function buildCollector({ log, schemas, clock, metrics, logger, config, geo }: CollectorDeps): Collector {
  const { trustedProxies } = config
  const app = fastify({
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    bodyLimit: config.maxBodyBytes,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
  })
  const pipelines = new Map(OPEN_TOPICS.map((topic) => [topic as string, openPipeline(topic, schemas)]))
  const budget = new Budget(config.maxInflightBytes)
  const bodies = new BodyReader(config.maxBodyBytes, budget)
  const rates = new RateLimiter(config.eventsPerSecond ?? 0, clock)
  const receive = receiver(deliverTo(log, new DuplicateCache(config.duplicateCacheSize)), budget, rates, clock, config)
  const meters = openMeters(metrics)
  const cors = corsOf(config.corsOrigins)
  const admission = openAdmission(config, cors, rates, budget, clock)
  const endpoints = new Map<string, Endpoint>()
  const endpointOf = (request: FastifyRequest): Endpoint => endpoints.get(request.routeOptions.url!)!
  let draining = false

  const take = async (request: IngestRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { pipeline, arrivedAt } = admission.of(request)
    // Without a body there is nothing to parse, and so nobody has parsed it.
    if (request.body === undefined) throw fail('COLLECTOR_UNPARSEABLE', { problem: 'it is empty' })
    const taken = request.body as Taken
    const outcome = await taken.outcome
    meters.taken(pipeline.topic, outcome, taken.bytes, clock.now() - arrivedAt)
    return endpointOf(request).answer(reply, outcome, request)
  }

  const open = (endpoint: Endpoint): void => {
    const { url, schema = {} } = endpoint
    endpoints.set(url, endpoint)
    app.post(
      url,
      {
        schema,
        onRequest: async (request: IngestRequest) => admission.admit(request, () => endpoint.pipelineOf(request)),
      },
      take,
    )
    app.options(url, (_, reply) => reply.code(204).headers(PREFLIGHT).send())
    app.route({
      method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'],
      url,
      exposeHeadRoute: false,
      onRequest: async (request, reply) => {
        reply.header('allow', 'POST, OPTIONS')
        throw fail('COLLECTOR_METHOD', { method: request.method })
      },
      handler: () => undefined,
    })
  }

  answerProblems(
    app,
    logger,
    (code) => meters.refused(code),
    () => draining,
  )
  app.removeAllContentTypeParsers()
  // One parser for all types. It parses and sends as soon as the body is whole: what Fastify would validate by a
  // schema,
  // the readers of parse/ do.
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: typeof request.raw): Promise<Taken> => {
    const { headers, query } = request as IngestRequest
    const endpoint = endpointOf(request)
    const reading = endpoint.readingOf(headers['content-type'])
    const gzip = isGzip(headers['content-encoding'])
    if (Number(headers['content-length'] ?? 0) > config.maxBodyBytes)
      throw fail('COLLECTOR_TOO_LARGE', { limit: config.maxBodyBytes, when: '' })
    const sentAt = first(headers['x-sent-at']) ?? first(query['sent_at'])
    const seen = endpoint.seen?.(request as IngestRequest)
    return bodies.read(payload, (body) => receive.take({ ...admission.of(request), reading, gzip, sentAt, seen }, body))
  })
  app.addHook('onRequest', async (request, reply) => {
    if (draining) reply.header('connection', 'close')
    if (request.headers.origin !== undefined) reply.headers(cors.headers(request.headers.origin))
  })

  open(eventsEndpoint(pipelines, config.maxInflatedBytes))
  open(cmcdEndpoint(pipelines.get('playback.telemetry')!, geo, config.closedSessions))
  app.get('/health/live', () => ({ status: 'live' }))
  app.get('/health/ready', (_, reply) =>
    reply.code(draining ? 503 : 200).send({ status: draining ? 'draining' : 'ready', held: budget.held }),
  )
  app.get('/metrics', async (_, reply) => {
    meters.held(budget.held)
    return reply.type(metrics.contentType).send(await metrics.text())
  })
  return { app, drain: () => void (draining = true), cutOff: () => bodies.cutOff() }
}

function isGzip(encoding: string | undefined): boolean {
  const name = (encoding ?? 'identity').trim().toLowerCase()
  if (name !== 'gzip' && name !== 'x-gzip' && name !== 'identity')
    throw fail('COLLECTOR_ENCODING', { encoding: name.slice(0, 100) })
  return name !== 'identity'
}

/** Events of any topic, in the forms of parse/. */
const eventsEndpoint = (pipelines: ReadonlyMap<string, Pipeline>, maxInflated: number): Endpoint => ({
  url: '/v1/events/:topic',
  schema: { params: TopicParams, response: { 202: OutcomeSchema, '4xx': ProblemSchema, '5xx': ProblemSchema } },
  pipelineOf: ({ params: { topic = '' } }) => {
    const pipeline = pipelines.get(topic)
    if (pipeline === undefined)
      throw fail('COLLECTOR_TOPIC_UNKNOWN', { topic: topic.slice(0, 100), topics: OPEN_TOPICS.join(', ') })
    return pipeline
  },
  readingOf: (contentType) => readingOf(contentType, maxInflated),
  answer: (reply, outcome) => reply.code(202).send(outcome),
})
