import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { openIntake, OPEN_TOPICS, type Intake } from './intake.ts'
import type { SchemaSource } from '../../platform/avro/catalogue.ts'
import type { Clock } from '../../platform/clock.ts'
import type { CollectorConfig } from '../../platform/config.ts'
import type { LogProducer } from '../../platform/kafka/port.ts'
import type { Log } from '../../platform/log.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { BodyReader } from './body.ts'
import { corsOf, PREFLIGHT } from './cors.ts'
import { deliverTo } from './delivery.ts'
import { DuplicateCache } from './duplicates.ts'
import { fail } from './errors.ts'
import { keyRing, mayWrite } from './keys.ts'
import { Budget, RateLimiter } from './limits.ts'
import { openMeters } from './meters.ts'
import { formOf } from './parse/body.ts'
import { answerProblems } from './problems.ts'
import { receiver, type Taken } from './receive.ts'
import { OutcomeSchema, ProblemSchema, TopicParams } from './schema.ts'

export interface CollectorDeps {
  readonly log: LogProducer
  readonly schemas: SchemaSource
  readonly clock: Clock
  readonly metrics: Metrics
  /** The process's own log, for faults of ours. */
  readonly diary: Log
  readonly config: CollectorConfig & { readonly eventsPerSecond?: number }
}

export interface Collector {
  readonly app: FastifyInstance
  /** From now on not ready, and every answer closes its connection; requests are still taken. */
  readonly drain: () => void
  /** Refuses the bodies that are still arriving; requests that wait for the log go on. */
  readonly cutOff: () => void
}

type IngestRequest = FastifyRequest<{ Params: { topic: string }; Querystring: Record<string, string | string[] | undefined> }>

/** What admission found out, for the handler. */
interface Admitted {
  readonly intake: Intake
  readonly sender: string
  readonly arrivedAt: number
}

/** A request must be whole within this time, ms: a body that trickles holds its bytes no longer. */
const REQUEST_TIMEOUT_MS = 30_000
/** Above the 60 s of usual proxies, so that it is they who close an idle connection, ms. */
const KEEP_ALIVE_MS = 72_000

/** Builds the collector; nothing listens yet. */
export function buildCollector({ log, schemas, clock, metrics, diary, config }: CollectorDeps): Collector {
  const app = fastify({ requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS, forceCloseConnections: 'idle', bodyLimit: config.maxBodyBytes })
  const intakes = new Map(OPEN_TOPICS.map((topic) => [topic as string, openIntake(topic, schemas)]))
  const budget = new Budget(config.maxInflightBytes)
  const bodies = new BodyReader(config.maxBodyBytes, budget)
  const rates = new RateLimiter(config.eventsPerSecond ?? 0, clock)
  const receive = receiver(deliverTo(log, new DuplicateCache(config.duplicateCacheSize)), budget, rates, clock, config)
  const meters = openMeters(metrics)
  const keys = keyRing(config.ingestKeys, OPEN_TOPICS)
  const cors = corsOf(config.corsOrigins)
  const admitted = new WeakMap<FastifyRequest, Admitted>()
  let draining = false

  /** Everything that can be refused before the body is read, cheapest first. */
  const admit = async (request: IngestRequest): Promise<void> => {
    const arrivedAt = clock.now()
    const { origin } = request.headers
    if (origin !== undefined && !cors.allows(origin)) throw fail('COLLECTOR_ORIGIN', { origin: origin.slice(0, 200) })
    const intake = intakes.get(request.params.topic)
    if (intake === undefined) throw fail('COLLECTOR_TOPIC_UNKNOWN', { topic: request.params.topic.slice(0, 100), topics: OPEN_TOPICS.join(', ') })
    const grant = keys({ authorization: request.headers.authorization, ingestKey: text(request.headers['x-ingest-key']), query: text(request.query['key']) })
    if (grant === undefined) throw fail('COLLECTOR_KEY_WANTED')
    if (!mayWrite(grant, intake.topic)) throw fail('COLLECTOR_KEY_SCOPE', { topic: intake.topic })
    // Without keys everybody has an allowance by address.
    const sender = config.ingestKeys.length === 0 ? request.ip : grant.name
    const retryAfter = rates.wait(sender)
    if (retryAfter > 0) throw fail('COLLECTOR_RATE', { limit: rates.perSecond, retryAfter })
    if (budget.full) throw fail('COLLECTOR_OVERLOADED', { limit: budget.limit })
    admitted.set(request, { intake, sender, arrivedAt })
  }

  const take = async (request: IngestRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { intake, arrivedAt } = admitted.get(request)!
    // Without a body there is nothing to parse, and so nobody has parsed it.
    if (request.body === undefined) throw fail('COLLECTOR_UNPARSEABLE', { problem: 'it is empty' })
    const taken = request.body as Taken
    const outcome = await taken.outcome
    meters.taken(intake.topic, outcome, taken.bytes, clock.now() - arrivedAt)
    return reply.code(202).send(outcome)
  }

  answerProblems(app, diary, (code) => meters.refused(code))
  app.removeAllContentTypeParsers()
  // One parser for all types. It parses and sends as soon as the body is whole: what Fastify would validate by a schema,
  // the readers of parse/ do.
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: typeof request.raw): Promise<Taken> => {
    const { headers, query } = request as IngestRequest
    const form = formOf(headers['content-type'])
    const gzip = isGzip(headers['content-encoding'])
    if (Number(headers['content-length'] ?? 0) > config.maxBodyBytes) throw fail('COLLECTOR_TOO_LARGE', { limit: config.maxBodyBytes, when: '' })
    const sentAt = text(headers['x-sent-at']) ?? text(query['sent_at'])
    return bodies.read(payload, (body) => receive.take({ ...admitted.get(request)!, form, gzip, sentAt }, body))
  })
  app.addHook('onRequest', async (request, reply) => {
    if (draining) reply.header('connection', 'close')
    if (request.headers.origin !== undefined) reply.headers(cors.headers(request.headers.origin))
  })

  const url = '/v1/events/:topic'
  const response = { 202: OutcomeSchema, '4xx': ProblemSchema, '5xx': ProblemSchema }
  app.post(url, { onRequest: admit, schema: { params: TopicParams, response } }, take)
  app.options(url, (_, reply) => reply.code(204).headers(PREFLIGHT).send())
  app.route({
    method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'], url, exposeHeadRoute: false,
    onRequest: async (request, reply) => {
      reply.header('allow', 'POST, OPTIONS')
      throw fail('COLLECTOR_METHOD', { method: request.method })
    },
    handler: () => undefined,
  })
  app.get('/health/live', () => ({ status: 'live' }))
  app.get('/health/ready', (_, reply) => reply.code(draining ? 503 : 200).send({ status: draining ? 'draining' : 'ready', held: budget.held }))
  app.get('/metrics', async (_, reply) => {
    meters.held(budget.held)
    return reply.type(metrics.contentType).send(await metrics.text())
  })
  return { app, drain: () => void (draining = true), cutOff: () => bodies.cutOff() }
}

function isGzip(encoding: string | undefined): boolean {
  const name = (encoding ?? 'identity').trim().toLowerCase()
  if (name !== 'gzip' && name !== 'x-gzip' && name !== 'identity') throw fail('COLLECTOR_ENCODING', { encoding: name.slice(0, 100) })
  return name !== 'identity'
}

const text = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value)
