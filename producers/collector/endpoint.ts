import type { FastifyReply, FastifySchema } from 'fastify'
import type { IngestRequest } from './admission.ts'
import type { Outcome } from './delivery.ts'
import type { Seen } from './head.ts'
import type { Pipeline } from './pipeline.ts'
import type { Reading } from './parse/body.ts'

/** An endpoint: its path, how it reads bodies, and what it answers for accepted ones. */
export interface Endpoint {
  readonly url: string
  /** Throws COLLECTOR_TOPIC_UNKNOWN. */
  pipelineOf(request: IngestRequest): Pipeline
  /** Media types of its bodies. */
  readonly accepts: readonly string[]
  /** Throws COLLECTOR_MEDIA_TYPE. */
  readingOf(contentType: string | undefined): Reading
  /** What the collector sees of the client, for records that do not state it; called once per request. */
  seen?(request: IngestRequest): Seen
  answer(reply: FastifyReply, outcome: Outcome, request: IngestRequest): FastifyReply
  readonly schema: FastifySchema
  /** Status codes of its own errors. */
  readonly problems?: readonly number[]
}
