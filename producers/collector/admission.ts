import type { FastifyRequest } from 'fastify'
import type { Clock } from '../../platform/clock.ts'
import type { CollectorConfig } from './settings.ts'
import type { Cors } from './cors.ts'
import { fail } from './errors.ts'
import { OPEN_TOPICS, type Pipeline } from './pipeline.ts'
import { keyRing, mayWrite } from './keys.ts'
import type { Budget, RateLimiter } from './limits.ts'

export type IngestRequest = FastifyRequest<{
  Params: { topic?: string }
  Querystring: Record<string, string | string[] | undefined>
}>

/** What admission found out, for whoever reads the body and answers. */
export interface Admitted {
  readonly pipeline: Pipeline
  /** Whose allowance the events are taken from. */
  readonly sender: string
  readonly arrivedAt: number
}

export interface Admission {
  /** Everything that can be refused before the body is read, cheapest first; throws the refusal. */
  admit(request: IngestRequest, pipelineOf: () => Pipeline): void
  /** Of a request that was admitted. */
  of(request: FastifyRequest): Admitted
}

/** One door for all that producers send, whatever its form. */
export function openAdmission(
  config: CollectorConfig,
  cors: Cors,
  rates: RateLimiter,
  budget: Budget,
  clock: Clock,
): Admission {
  const keys = keyRing(config.ingestKeys, OPEN_TOPICS)
  const admitted = new WeakMap<FastifyRequest, Admitted>()
  return {
    admit(request, pipelineOf) {
      const arrivedAt = clock.now()
      const { origin } = request.headers
      if (origin !== undefined && !cors.allows(origin)) throw fail('COLLECTOR_ORIGIN', { origin: origin.slice(0, 200) })
      const pipeline = pipelineOf()
      const grant = keys({
        authorization: request.headers.authorization,
        ingestKey: first(request.headers['x-ingest-key']),
        query: first(request.query['key']),
      })
      if (grant === undefined) throw fail('COLLECTOR_KEY_WANTED')
      if (!mayWrite(grant, pipeline.topic)) throw fail('COLLECTOR_KEY_SCOPE', { topic: pipeline.topic })
      // Without keys everybody has an allowance by address.
      const sender = config.ingestKeys.length === 0 ? request.ip : grant.name
      const retryAfter = rates.wait(sender)
      if (retryAfter > 0) throw fail('COLLECTOR_RATE', { limit: rates.perSecond, retryAfter })
      if (budget.full) throw fail('COLLECTOR_OVERLOADED', { limit: budget.limit })
      admitted.set(request, { pipeline, sender, arrivedAt })
    },
    of: (request) => admitted.get(request)!,
  }
}

/** A header or parameter that stands several times counts once. */
export const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value
