import type { FastifyReply, FastifyRequest } from 'fastify'
import { first, openAdmission, type IngestRequest } from './admission.ts'
import { cmcdEndpoint, requestsEndpoint } from './cmcd/endpoint.ts'
import { openPipeline, OPEN_TOPICS, type Pipeline } from './pipeline.ts'
import type { SchemaSource } from '../../platform/avro/catalogue.ts'
import type { Clock } from '../../platform/clock.ts'
import { noReserve, type DiskReserve } from '../../platform/disk/reserve.ts'
import type { CollectorConfig } from './settings.ts'
import type { Geo } from '../../platform/geo/port.ts'
import {
  createServer,
  describeRoutes,
  readinessOf,
  serveHealth,
  type Auth,
  type HttpServer,
} from '../../platform/http/index.ts'
import type { LogProducer } from '../../platform/kafka/port.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { BodyReader } from './body.ts'
import { collectorCors } from './cors.ts'
import { deliverTo } from './delivery.ts'
import { DuplicateCache } from './duplicates.ts'
import type { Endpoint } from './endpoint.ts'
import { fail, retryAfter, words } from './errors.ts'
import { keyRing } from './keys.ts'
import { Budget, RateLimiter, Shares } from './limits.ts'
import { openMeters } from './meters.ts'
import { MEDIA_TYPES, readingOf } from './parse/body.ts'
import { receiver, type Taken } from './receive.ts'
import { OutcomeSchema, TopicParams } from './schema.ts'

export interface CollectorDeps {
  readonly log: LogProducer
  readonly schemas: SchemaSource
  readonly clock: Clock
  readonly metrics: Metrics
  /** The log of the process, for the collector's own faults. */
  readonly logger: Logger
  /** Locates clients, for records that do not state their location. */
  readonly geo: Geo
  readonly config: CollectorConfig & { readonly eventsPerSecond?: number }
  /** Keys and tokens of the whole process, in addition to the collector's own keys. */
  readonly auth?: Auth
  /** Room to keep free where the local broker writes; none by default. */
  readonly reserve?: DiskReserve
}

export interface Collector {
  readonly app: HttpServer
  /** Sets readiness to false and closes the connection with every answer; requests are still accepted. */
  readonly drain: () => void
  /** Refuses bodies that are still arriving; requests that wait for the log continue. */
  readonly cutOff: () => void
}

/** Builds the collector. It does not listen yet. */
export async function buildCollector(deps: CollectorDeps): Promise<Collector> {
  const { log, schemas, clock, metrics, logger, config, geo, auth, reserve = noReserve } = deps
  const [meters, cors] = [openMeters(metrics), collectorCors(config.corsOrigins)]
  const keys = keyRing(config.ingestKeys, OPEN_TOPICS, auth)
  const app = createServer({
    name: 'collector',
    logger,
    metrics,
    words,
    cors,
    retryAfter,
    refused: (code) => meters.refused(code),
    access: keys.access,
    bodyLimit: config.maxBodyBytes,
    trustedProxies: config.trustedProxies,
  })
  await describeRoutes(app, { title: 'playloop collector', description: 'How events enter the feedback loop.' })
  const pipelines = new Map(OPEN_TOPICS.map((topic) => [topic as string, openPipeline(topic, schemas)]))
  const budget = new Budget(config.maxInflightBytes)
  const bodies = new BodyReader({ limit: config.maxBodyBytes, budget, shares: new Shares(budget), clock })
  const rates = new RateLimiter(config.eventsPerSecond ?? 0, clock)
  const receive = receiver(deliverTo(log, new DuplicateCache(config.duplicateCacheSize)), budget, rates, clock, config)
  const admission = openAdmission({ keys, cors, rates, budget, reserve, clock })
  const endpoints = new Map<string, Endpoint>()
  const endpointOf = (request: FastifyRequest): Endpoint => endpoints.get(request.routeOptions.url!)!

  const take = async (request: IngestRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { pipeline, arrivedAt } = admission.of(request)
    // A request without a body never reaches the content type parser, so it is refused here.
    if (request.body === undefined) throw fail('COLLECTOR_UNPARSEABLE', { problem: 'it is empty' })
    const taken = request.body as Taken
    const outcome = await taken.outcome
    meters.taken(pipeline.topic, outcome, taken.bytes, clock.now() - arrivedAt)
    return endpointOf(request).answer(reply, outcome, request)
  }

  const open = (endpoint: Endpoint): void => {
    const { url, schema, accepts, problems = [] } = endpoint
    endpoints.set(url, endpoint)
    app.post(
      url,
      {
        schema,
        // Checked by admission, which knows the keys of producers.
        config: { scope: 'write:events', accepts, problems },
        onRequest: async (request: IngestRequest) => admission.admit(request, () => endpoint.pipelineOf(request)),
      },
      take,
    )
  }

  app.removeAllContentTypeParsers()
  // One parser for all types. It parses and sends as soon as the body is complete: the readers in parse/ do the
  // validation that Fastify would do with a schema.
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: typeof request.raw): Promise<Taken> => {
    const { headers, query } = request as IngestRequest
    const endpoint = endpointOf(request)
    const reading = endpoint.readingOf(headers['content-type'])
    const gzip = isGzip(headers['content-encoding'])
    if (Number(headers['content-length'] ?? 0) > config.maxBodyBytes)
      throw fail('COLLECTOR_TOO_LARGE', { limit: config.maxBodyBytes, when: '' })
    const sentAt = first(headers['x-sent-at']) ?? first(query['sent_at'])
    const seen = endpoint.seen?.(request as IngestRequest)
    const admitted = admission.of(request)
    return bodies.read(payload, admitted.origin, (body) =>
      receive.take({ ...admitted, reading, gzip, sentAt, seen }, body),
    )
  })
  open(eventsEndpoint(pipelines, config.maxInflatedBytes))
  open(cmcdEndpoint(pipelines.get('playback.telemetry')!, geo, config.closedSessions))
  open(requestsEndpoint(pipelines.get('delivery.requests')!))
  serveHealth(app, {
    metrics,
    ready: () => ({ ...readinessOf(true, reserve.refusal()), held: budget.held }),
    onScrape: () => meters.held(budget.held),
  })
  return { app, drain: () => app.edge.drain(), cutOff: () => bodies.cutOff() }
}

function isGzip(encoding: string | undefined): boolean {
  const name = (encoding ?? 'identity').trim().toLowerCase()
  if (name !== 'gzip' && name !== 'x-gzip' && name !== 'identity')
    throw fail('COLLECTOR_ENCODING', { encoding: name.slice(0, 100) })
  return name !== 'identity'
}

/** Endpoint for events of any topic, in the forms of parse/. */
const eventsEndpoint = (pipelines: ReadonlyMap<string, Pipeline>, maxInflated: number): Endpoint => ({
  url: '/v1/events/:topic',
  schema: {
    params: TopicParams,
    response: { 202: OutcomeSchema },
    summary: 'Events of a topic; docs/schemas.md has their fields',
  },
  accepts: MEDIA_TYPES,
  problems: [404],
  pipelineOf: ({ params: { topic = '' } }) => {
    const pipeline = pipelines.get(topic)
    if (pipeline === undefined)
      throw fail('COLLECTOR_TOPIC_UNKNOWN', { topic: topic.slice(0, 100), topics: OPEN_TOPICS.join(', ') })
    return pipeline
  },
  readingOf: (contentType) => readingOf(contentType, maxInflated),
  answer: (reply, outcome) => reply.code(202).send(outcome),
})
