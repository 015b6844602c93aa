import type { FastifyRequest } from 'fastify'
import type { Clock } from '../../platform/clock.ts'
import type { DiskReserve } from '../../platform/disk/reserve.ts'
import type { Cors } from '../../platform/http/index.ts'
import { fail } from './errors.ts'
import type { Pipeline } from './pipeline.ts'
import { mayWrite, OPEN, type Grant, type KeyRing } from './keys.ts'
import type { Budget, RateLimiter } from './limits.ts'
import { networkOf } from './sender.ts'

export type IngestRequest = FastifyRequest<{
  Params: { topic?: string }
  Querystring: Record<string, string | string[] | undefined>
}>

/** What admission established, for the code that reads the body and answers. */
export interface Admitted {
  readonly pipeline: Pipeline
  /** The name whose rate limit the events count against. */
  readonly sender: string
  /** Who sends: a key at a network address. Its share of the budget is limited, and the watermark counts it once. */
  readonly origin: string
  readonly arrivedAt: number
}

export interface Admission {
  /** Makes every check that is possible before the body is read, cheapest first; throws the refusal. */
  admit(request: IngestRequest, pipelineOf: () => Pipeline): void | Promise<void>
  /** What admission established for an admitted request. */
  of(request: FastifyRequest): Admitted
}

export interface AdmissionDeps {
  readonly keys: KeyRing
  readonly cors: Cors
  readonly rates: RateLimiter
  readonly budget: Budget
  readonly reserve: DiskReserve
  readonly clock: Clock
}

/** The single admission check for everything producers send, in whatever form. */
export function openAdmission({ keys, cors, rates, budget, reserve, clock }: AdmissionDeps): Admission {
  const admitted = new WeakMap<FastifyRequest, Admitted>()
  const enter = (request: IngestRequest, grant: Grant | undefined, pipeline: Pipeline, arrivedAt: number): void => {
    if (grant === undefined) throw fail('COLLECTOR_KEY_WANTED', { challenge: 'Bearer realm="playloop"' })
    if (!mayWrite(grant, pipeline.topic)) throw fail('COLLECTOR_KEY_SCOPE', { topic: pipeline.topic })
    // Without keys, the rate limit applies to each address.
    const sender = grant.name === OPEN ? request.ip : grant.name
    const retryAfter = rates.wait(sender)
    if (retryAfter > 0) throw fail('COLLECTOR_RATE', { limit: rates.perSecond, retryAfter })
    // A broker whose disk is full ends: it is spared what it could not keep.
    reserve.check()
    if (budget.full) throw fail('COLLECTOR_OVERLOADED', { limit: budget.limit })
    admitted.set(request, { pipeline, sender, origin: `${grant.name} ${networkOf(request.ip)}`, arrivedAt })
  }
  return {
    admit(request, pipelineOf) {
      const arrivedAt = clock.now()
      const { origin } = request.headers
      if (origin !== undefined && !cors.allows(origin)) throw fail('COLLECTOR_ORIGIN', { origin: origin.slice(0, 200) })
      const pipeline = pipelineOf()
      const grant = keys.find({
        authorization: request.headers.authorization,
        ingestKey: first(request.headers['x-ingest-key']),
        query: first(request.query['key']),
      })
      // Only tokens need an asynchronous check.
      if (grant instanceof Promise) return grant.then((found) => enter(request, found, pipeline, arrivedAt))
      return enter(request, grant, pipeline, arrivedAt)
    },
    of: (request) => admitted.get(request)!,
  }
}

/** The first value of a header or parameter that is present several times. */
export const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value
